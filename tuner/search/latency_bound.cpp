#include "tuner/search/latency_bound.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "tuner/search/min_cut.h"

namespace keel::search {
namespace {

// Rounding of capacities and of sums, relative to the latency of all units.
constexpr double kRounding = 1e-9;

// A part of the space: what was decided so far, and the vertices its dual lies between.
struct Part {
  Space space;
  ModelPoint fast;   // not within the error
  ModelPoint exact;  // within it
};

class BranchAndBound {
 public:
  BranchAndBound(const Space& space, const ErrorModel& model, double limit, std::size_t max_cuts)
      : model_(model), limit_(limit), max_cuts_(max_cuts) {
    for (const Unit& unit : space.units)
      tolerance_us_ += kRounding * std::max(std::abs(unit.kept_us), std::abs(unit.lowered_us));
  }

  void offer(const ModelPoint& point) {
    if (point.squared_error > limit_) return;
    if (!best_ || point.latency_us < best_->latency_us) best_ = point;
  }

  LatencyBound run(const Space& space) {
    open(space);
    while (!parts_.empty() && cuts_ < max_cuts_ && !is_closed(parts_.begin()->first)) {
      const Part part = std::move(parts_.begin()->second);
      parts_.erase(parts_.begin());
      const UnitIndex unit = branching_unit(part);
      Space kept = part.space;
      kept.units[unit].state = UnitState::Kept;
      open(kept);
      Space lowered = part.space;
      for (const UnitIndex with : lowered_with(part.space, unit))
        lowered.units[with].state = UnitState::Lowered;
      open(lowered);
    }
    const double open_us =
        parts_.empty() ? std::numeric_limits<double>::infinity() : parts_.begin()->first;
    const double best_us = best_ ? best_->latency_us : std::numeric_limits<double>::infinity();
    return {std::min(open_us, best_us) - tolerance_us_, best_, cuts_, is_closed(open_us)};
  }

 private:
  bool is_closed(double bound_us) const {
    return (best_ && bound_us >= best_->latency_us - tolerance_us_) || std::isinf(bound_us);
  }

  ModelPoint cut(const Space& space, Weights weights) {
    ++cuts_;
    ModelPoint point = model_point(space, model_, minimise(space, model_, weights));
    offer(point);
    return point;
  }

  // Adds a part with its dual, unless nothing in it is within the error or the dual is met.
  void open(const Space& space) {
    ModelPoint exact = cut(space, {0, 1});
    if (exact.squared_error > limit_) return;
    ModelPoint fast = cut(space, {1, 0});
    double bound_us = fast.latency_us;
    while (fast.squared_error > limit_ && exact.latency_us > fast.latency_us) {
      // Scaled so that the two differ by 1 in each term.
      const double latency_gap = exact.latency_us - fast.latency_us;
      const double error_gap = fast.squared_error - exact.squared_error;
      const ModelPoint vertex = cut(space, {1 / latency_gap, 1 / error_gap});
      const double lambda = latency_gap / error_gap;
      const double chord_us = fast.latency_us + lambda * (fast.squared_error - limit_);
      const double dual_us = vertex.latency_us + lambda * (vertex.squared_error - limit_);
      bound_us = std::max(bound_us, std::min(dual_us, chord_us));
      if (dual_us > chord_us - tolerance_us_) break;
      (vertex.squared_error > limit_ ? fast : exact) = vertex;
    }
    if (fast.squared_error <= limit_ || exact.latency_us <= fast.latency_us) return;
    offer(filled_up(space, fast, exact));
    if (!is_closed(bound_us))
      parts_.emplace(bound_us, Part{space, std::move(fast), std::move(exact)});
  }

  // `exact` with all of `fast` that still fits within the error, what saves most for its error
  // first.
  ModelPoint filled_up(const Space& space, const ModelPoint& fast, const ModelPoint& exact) const {
    ModelState state(space, model_);
    state.reset(exact.assignment);
    std::multimap<double, std::vector<UnitIndex>> by_worth;
    for (UnitIndex u = 0; u < space.units.size(); ++u) {
      if (fast.assignment[u] == exact.assignment[u] || fast.assignment[u] == 0) continue;
      std::vector<UnitIndex> group;
      for (const UnitIndex with : lowered_with(space, u))
        if (state.assignment()[with] == 0) group.push_back(with);
      state.with_flips(group, [&] {
        const double saved = exact.latency_us - state.latency_us();
        const double paid = std::max(state.squared_error() - exact.squared_error, 1e-300);
        by_worth.emplace(-saved / paid, group);
      });
    }
    for (const auto& [worth, group] : by_worth) {
      std::vector<UnitIndex> still;
      for (const UnitIndex u : group)
        if (state.assignment()[u] == 0) still.push_back(u);
      const double before_us = state.latency_us();
      bool helps = false;
      state.with_flips(still, [&] {
        helps = state.squared_error() <= limit_ && state.latency_us() < before_us;
      });
      if (helps)
        for (const UnitIndex u : still) state.flip(u);
    }
    return model_point(space, model_, state.assignment());
  }

  UnitIndex branching_unit(const Part& part) const {
    ModelState state(part.space, model_);
    state.reset(part.exact.assignment);
    UnitIndex chosen = 0;
    double largest = -1;
    for (UnitIndex u = 0; u < part.space.units.size(); ++u) {
      if (part.fast.assignment[u] == part.exact.assignment[u]) continue;
      double change = 0;
      state.with_flips(std::vector<UnitIndex>{u}, [&] {
        change = std::abs(state.squared_error() - part.exact.squared_error);
      });
      if (change <= largest) continue;
      largest = change;
      chosen = u;
    }
    return chosen;
  }

  const ErrorModel& model_;
  double limit_;
  std::size_t max_cuts_;
  double tolerance_us_ = 0;
  std::size_t cuts_ = 0;
  std::optional<ModelPoint> best_;
  std::multimap<double, Part> parts_;  // by dual
};

}  // namespace

LatencyBound latency_bound(const Space& space, const ErrorModel& model, double limit,
                           const std::vector<Assignment>& seeds, std::size_t max_cuts) {
  BranchAndBound search(space, model, limit, max_cuts);
  for (const Assignment& seed : seeds)
    if (with_fixed_units(space, seed) == seed) search.offer(model_point(space, model, seed));
  return search.run(space);
}

}  // namespace keel::search
