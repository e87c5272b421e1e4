#pragma once

#include <cstddef>
#include <set>
#include <vector>

#include "tuner/search/prediction_calibration.h"
#include "tuner/search/rivals.h"
#include "tuner/search/surrogate.h"

namespace keel::search {

/// What to evaluate next of the model's candidates.
struct Fill {
  std::vector<Assignment> assignments;
  std::vector<Prediction> predictions;  ///< one each, not widened
  /// Largest expected gain among them: of hypervolume, as a ratio of what the trials have, or of
  /// the best trial that meets every requirement and bound (a ratio of its latency, or decades of
  /// its error, as the goal has it), whichever is larger.
  double gain = 0;
  double volume = 0;  ///< of the trials and the rivals, before
};

/// Chooses up to `count` candidates, none in `asked`, in turn by
/// - expected gain of what the goal aims at, under the requirements and the bounds: near the border
///   between trials that meet and that miss them, where the recommendation lies; each choice
///   assumes that the one before succeeded, so that a batch steps across the border; a gain that
///   would be a tie leaves the turn to the other;
/// - expected hypervolume gain, each choice assuming the earlier ones come out as predicted.
///
/// \param space        pinned units are Kept
/// \param calibration  what predictions are widened by
/// \param rivals       what is no gain over these is none
Fill choose_fill(const Space& space, const Surrogate& surrogate, const std::vector<Trial>& trials,
                 const std::vector<ModelPoint>& candidates, const std::set<Assignment>& asked,
                 std::size_t count, const Goal& goal = {},
                 const PredictionCalibration& calibration = {}, const Rivals& rivals = {});

}  // namespace keel::search
