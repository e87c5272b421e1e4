#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "tuner/search/model_state.h"

namespace keel::search {

/// Vertices of the model's lower convex hull of (squared error, latency), fastest first.
///
/// Chord method: two neighbouring vertices give the multiplier under which both cost the same; a
/// minimum cut finds a vertex below their chord or proves there is none. Minimisers are nested in
/// the multiplier, so a cut decides only the units in which its two neighbours differ. Chords are
/// tried by the area of (log error, latency) they span: with `limit` the vertices found spread over
/// the whole front.
///
/// \param limit  largest number of vertices, at least 2
std::vector<ModelPoint> lower_hull(const Space& space, const ErrorModel& model,
                                   std::size_t limit = std::numeric_limits<std::size_t>::max());

/// Vertices of hulls on which a cast costs more than its time, more on each, so that they have
/// fewer casts: where the number of casts is bounded. The latencies of the points are those of
/// `space`.
///
/// \param limit  largest number of vertices in all
std::vector<ModelPoint> hulls_of_few_casts(const Space& space, const ErrorModel& model,
                                           std::size_t limit);

}  // namespace keel::search
