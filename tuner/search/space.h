#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/base/result.h"

namespace keel::search {

/// Index of a unit: what one precision bit decides. Dense, 0 .. Space::units.size() - 1.
using UnitIndex = std::uint32_t;

/// One bit a unit, of what is realised: 1 = lowered (what the global mode makes of it), 0 = in its
/// original precision.
using Assignment = std::vector<std::uint8_t>;

/// Whether the search may choose a unit's bit.
enum class UnitState : std::uint8_t {
  Free,      ///< the search decides
  Kept,      ///< fixed at 0 by the keep list: the owner's, or what compiles only if it is kept
  Lowered,   ///< fixed at 1: keeping it would change nothing on this SoC, or the owner's demand
  Original,  ///< fixed at 0 without the keep list: the mode leaves it in its original precision
};

/// Whether the keep list has to name a unit whose bit is 0.
bool is_listed(UnitState state);

struct Unit {
  UnitState state = UnitState::Free;
  double kept_us = 0;     ///< predicted time of the unit's kernels when kept
  double lowered_us = 0;  ///< the same when lowered
  int nodes = 1;          ///< model nodes in it, for counting kept nodes
  bool suspect =
      false;  ///< range, underflow or a constant makes a cliff likely: probed alone first
  /// A unit without which it cannot be lowered: a gray operator of a mixed mode goes with its first
  /// data predecessor, unless it is kept. No unit follows itself through others.
  std::optional<UnitIndex> follows = {};
  /// The first unit of those that must have the same bit as this one; none for that one itself.
  std::optional<UnitIndex> gang = {};
  /// What an earlier study says that lowering it alone adds to the squared error, up to a scale
  /// that all units share.
  std::optional<double> earlier_squared_error = {};
};

/// A tensor on a unit boundary. A cast is paid once per tensor and needed dtype.
struct TensorLink {
  std::optional<UnitIndex> producer;  ///< empty: a graph input, which is in original precision
  std::vector<UnitIndex> consumers;   ///< sorted, unique, never the producer
  bool is_output = false;             ///< the graph hands it out in original precision
  double cast_to_kept_us = 0;     ///< lowered producer, some consumer (or the graph) needs original
  double cast_to_lowered_us = 0;  ///< kept producer (or graph input), some consumer is lowered
};

/// Two neighbouring units whose kernels merge when both have the same bit.
struct Adjacency {
  UnitIndex first;
  UnitIndex second;
  double saving_us;  ///< >= 0, gained when the bits agree
};

/// Free units that together may bring a zero to an operator with a pole there (a logarithm, a
/// divisor). One of them kept may save every sample at hand and not the next one, so they are
/// judged together.
struct PoleGroup {
  std::vector<UnitIndex> units;  ///< sorted, unique
  /// Lowering rounds to zero the constant that holds the operand above it: kept without a probe,
  /// whatever the samples at hand say.
  bool floor_is_lost = false;
};

/// Everything a strategy may know of the model.
///
///     latency(x) = sum of unit costs + casts - savings of adjacent units that agree
struct Space {
  std::vector<Unit> units;
  std::vector<TensorLink> tensors;
  std::vector<Adjacency> adjacent;
  std::vector<PoleGroup> poles;
};

/// Latency that the terms of `space` predict, in microseconds. \pre x.size() == units.size()
double predicted_latency_us(const Space& space, const Assignment& x);

/// Tensors that need a cast: what the compiled program has, but for casts that it merges or saves.
int predicted_casts(const Space& space, const Assignment& x);

/// `x` with every fixed unit set to its fixed bit, then kept what follows a unit that is not
/// lowered, or must agree with one.
Assignment with_fixed_units(const Space& space, Assignment x);

/// Every free unit kept / every free unit lowered; fixed units at their fixed bit.
Assignment all_kept(const Space& space);
Assignment all_lowered(const Space& space);

/// Whether `x` lowers no unit that follows one it does not lower, and gives units that must agree
/// the same bit.
bool is_realised(const Space& space, const Assignment& x);

/// The free units that must be lowered with `unit`, in order: itself, those it follows, those that
/// must agree with any of them.
std::vector<UnitIndex> lowered_with(const Space& space, UnitIndex unit);

/// The unit which `x` lowers and `y` keeps, where they differ in nothing else but units that it
/// cannot be lowered without; empty otherwise.
std::optional<UnitIndex> only_lowered(const Space& space, const Assignment& x, const Assignment& y);

/// The units that must have the same bit as `unit`, itself among them, in order.
std::vector<UnitIndex> gang_of(const Space& space, UnitIndex unit);

/// Every free unit kept but those of `group` and those they follow. \pre they are free
Assignment lowered_alone(const Space& space, const std::vector<UnitIndex>& group);

/// Free units that `x` keeps.
int kept_units(const Space& space, const Assignment& x);

/// \error InvalidConfig  an index out of range or order, units that follow in a circle, a pole of
/// fixed units, a free unit that follows one that is never lowered or agrees with a fixed one, a
/// negative or non-finite cost or saving
Status verify(const Space& space);

}  // namespace keel::search
