#pragma once

#include <cstdint>
#include <vector>

#include "tuner/search/error_model.h"

namespace keel::search {

/// An assignment, 64 bits a word.
using Bits = std::vector<std::uint64_t>;

Bits to_bits(const Assignment& x);

/// Units in which two assignments of equal size differ.
int hamming_distance(const Bits& a, const Bits& b);

/// How much of their error two assignments have in common, by the error model.
///
/// What an additive model misses are products of two roundings: of either sign, and of a variance
/// that goes with what each of the two adds. Two assignments share the products of the units that
/// both lower, so their relative residuals have the correlation
///
///     (squared error of what both lower)^2 / (squared error of a * squared error of b)
class SharedError {
 public:
  /// What the heavy units of an assignment add, one each, and with the base the whole.
  struct Parts {
    std::vector<double> added;
    double whole = 0;
  };

  /// Keeps the heaviest units only. Where kept operators are rounded too, the base has as much for
  /// each unit to exchange: an equal part of it counts for each.
  SharedError(const Space& space, const ErrorModel& model);

  Parts of(const Assignment& x) const;

  /// The correlation, in [0, 1]; 1 where `a` and `b` lower the same.
  double correlation(const Parts& a, const Parts& b) const;

  /// What the units in which they differ add, as a ratio of the error of both (geometric mean).
  double distance(const Parts& a, const Parts& b) const;

 private:
  double base_;
  std::vector<UnitIndex> heavy_;
  std::vector<double> adds_;  ///< by the place of a unit in heavy_
};

/// How much of their surroundings two assignments have in common.
///
/// What compiling does to an operator depends on those next to it: with which it merges, which
/// casts it takes in. So what the terms of a space miss is taken as a sum over units, each with a
/// share that the bits of the unit and of all its neighbours decide.
class SharedSurroundings {
 public:
  /// Of each unit: a number that its bit and those of its neighbours decide; the lowest bit is its
  /// own. Other bits of them give another number, but where a unit has more than 15 neighbours:
  /// there several changes at once may cancel.
  using Codes = std::vector<std::uint16_t>;

  struct Differing {
    int units = 0;         ///< that have another bit
    int surroundings = 0;  ///< units that have, or of which a neighbour has
  };

  explicit SharedSurroundings(const Space& space);

  Codes of(const Assignment& x) const;

  /// \pre both are of() the same space
  static Differing differing(const Codes& a, const Codes& b);

 private:
  struct Influence {
    UnitIndex on;
    std::uint16_t bits;  ///< of the code of `on` that change
  };
  std::vector<std::vector<Influence>> influences_;  ///< of each unit
};

}  // namespace keel::search
