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
  /// Keeps the heaviest units only. Where kept operators are rounded too, the base has as much for
  /// each unit to exchange: an equal part of it counts for each.
  SharedError(const Space& space, const ErrorModel& model);

  /// The correlation, in [0, 1]; 1 where `a` and `b` lower the same.
  double operator()(const Bits& a, const Bits& b) const;

  /// What the units in which they differ add, as a ratio of the error of both (geometric mean).
  double distance(const Bits& a, const Bits& b) const;

 private:
  double base_;
  std::vector<double> heavy_;  ///< one a unit
  Bits is_heavy_;              ///< which of them count
};

/// How much of their surroundings two assignments have in common.
///
/// What compiling does to an operator depends on those next to it: with which it merges, which
/// casts it takes in. So what the terms of a space miss is taken as a sum over units, each with a
/// share that the bits of the unit and of all its neighbours decide.
class SharedSurroundings {
 public:
  explicit SharedSurroundings(const Space& space);

  /// The share of units whose surroundings are equal; 1 where there is none.
  double operator()(const Bits& a, const Bits& b) const;

 private:
  std::vector<Bits> surrounding_;  ///< of each unit: the units whose surroundings it is in
  double units_;
};

}  // namespace keel::search
