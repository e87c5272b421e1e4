#pragma once

#include <span>
#include <vector>

#include "tuner/search/space.h"

namespace keel::search {

/// What must flip together, so that an assignment stays realised: a follower is lowered with those
/// it follows, and kept with them. Keeps a reference: the space must outlive it.
class FlipClosure {
 public:
  explicit FlipClosure(const Space& space);

  /// Whether no unit follows another: every flip stands alone.
  bool is_trivial() const { return is_trivial_; }

  /// `units` and the free units that have to flip with them; empty where a fixed unit would have
  /// to, or where `units` contradict each other. \pre is_realised(space, x), `units` are free
  std::vector<UnitIndex> of(const Assignment& x, std::span<const UnitIndex> units) const;

 private:
  const Space& space_;
  bool is_trivial_ = true;
  std::vector<std::vector<UnitIndex>> followers_;  ///< of each unit
  std::vector<std::vector<UnitIndex>> gangs_;      ///< of the first unit of each: the others
};

}  // namespace keel::search
