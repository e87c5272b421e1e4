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

/// What a choice is made from.
struct FillQuestion {
  const Space& space;  ///< pinned units are Kept
  const Surrogate& surrogate;
  const std::vector<Trial>& trials;        ///< told
  const std::set<Assignment>& asked;       ///< not to be chosen again
  const std::vector<Assignment>& pending;  ///< asked and not told: to come out as predicted
  const Goal& goal;
  const PredictionCalibration& calibration;  ///< what predictions are widened by
  const Rivals& rivals;                      ///< what is no gain over these is none
};

/// Chooses up to `count` candidates, none that was asked, in turn by (the second alone where the
/// whole front is the goal)
/// - expected gain of what the goal aims at, under the requirements and the bounds: near the border
///   between trials that meet and that miss them, where the recommendation lies; each choice
///   assumes that the one before succeeded, so that a batch steps across the border; a gain that
///   would be a tie leaves the turn to the other;
/// - expected hypervolume gain, each choice assuming that what is pending and the choices before
///   come out as predicted: what differs from one of them in inert units alone has its error.
Fill choose_fill(const FillQuestion& question, const std::vector<ModelPoint>& candidates,
                 std::size_t count);

}  // namespace keel::search
