#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tuner/search/model_state.h"

namespace keel::search {

struct LocalSearchOptions {
  std::uint64_t seed = 0;
  /// Cells of equal width in log error; each holds the fastest assignment found in it.
  std::size_t cells = 256;
  /// Flips spent: the search stops after the point that exceeds it. One takes about 100 ns.
  std::size_t max_flips = 400'000;
  std::optional<int> max_casts = {};  ///< points with more casts are left out
};

/// The model's approximate full front, fastest first: what hull vertices leave out between them.
///
/// From every point of the archive: single flips, flips of a tensor's producer with a consumer,
/// groups around a tensor set to one bit, and walks from one front point to the next that flip the
/// cheapest differing unit first. Evaluates nothing but the model.
///
/// \param seeds  starting assignments: hull vertices, verified front
std::vector<ModelPoint> model_front(const Space& space, const ErrorModel& model,
                                    const std::vector<Assignment>& seeds,
                                    const LocalSearchOptions& options);

}  // namespace keel::search
