#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "tuner/search/model_state.h"

namespace keel::search {

/// What the model knows of the fastest assignment within an error.
struct LatencyBound {
  double bound_us = 0;             ///< none is faster; infinite where none is within the error
  std::optional<ModelPoint> best;  ///< the fastest that was found
  std::size_t cuts = 0;            ///< minimum cuts spent
  bool is_closed = false;          ///< `best` is as fast as the bound, or none exists
};

/// Least latency of the assignments with predicted squared error <= `limit`, from below.
///
/// Lagrange's dual, max over lambda of min over x of latency + lambda (error - limit), is one
/// minimum cut a step and leaves the gap between two vertices of the hull. Branch and bound closes
/// it as far as `max_cuts` allow: the unit with the largest error of those in which the two differ
/// is fixed either way, and the part with the least dual goes on.
///
/// \param seeds  assignments that may be within the error: the better they are, the less to search;
///     those that differ from a fixed unit do not count
/// \pre as minimise()
LatencyBound latency_bound(const Space& space, const ErrorModel& model, double limit,
                           const std::vector<Assignment>& seeds, std::size_t max_cuts);

}  // namespace keel::search
