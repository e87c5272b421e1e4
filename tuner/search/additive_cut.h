#pragma once

#include <memory>

#include "tuner/search/strategies.h"
#include "tuner/search/strategy.h"

namespace keel::search {

/// The default strategy: an additive error model from probes, exact minimum cuts, verification.
///
///  1. Anchors (all lowered, all kept) and one forward probe for each free unit, the last unit
///     first; of more than 300 units for groups of them, which are split where they hold much of
///     the error (group_probing.h). Of up to 300, where all kept is rough, the first tenth are
///     probed before all others: if lowering one of them takes half of the error of all kept away,
///     it is lowered from then on, and all others are probed from there (probe_start.h).
///  2. Cliffs are pinned (unit_findings.h); third anchor: all lowered but the pins. A fourth
///     for the fast end of the front, where all lowered is not finite: all but what is not alone.
///  3. Front: vertices of the model's hull.
///  4. Fill: the model's full front between them, neighbours of the measured front, where the model
///     is wrong (front_neighbours.h), and the front that is expected where errors are known as
///     vectors, some of which cancel (error_vectors.h, predicted_front.h); four trials at a time,
///     where hypervolume or the latency (or error: Goal) under the requirements is expected to gain
///     most, with deviations widened by how far off the predictions were so far
///     (prediction_calibration.h); the model is fitted again after each round, the hull cut again
///     after every third. Ends when three rounds promise nothing, or 64 trials, and an eighth of
///     the budget, brought nothing.
///  5. Refine: neighbours of the recommendation, until for each free unit it keeps the variant
///     without it was evaluated (or a pinned unit's probe alone violates a requirement); where the
///     goal is the least error, for each free unit it lowers the variant that keeps it. Where it is
///     the least latency, neighbours run on as few samples as verify them; what is recommended in
///     the end runs on all.
///  6. Fill and Refine in turn with the rest, until neither has anything left that promises gain.
///     Where the whole front is the goal, Fill alone.
///
/// A budget too small for all probes spends 45 % on them and on anchors, or all but 80 trials:
/// suspects (of these up to half), then the units with most time to gain. Fill leaves a third of
/// the rest to Refine, where there is anything to refine; where a certificate would need more than
/// is left it takes all, but for one that completes the recommendation. ask() is empty while a
/// phase waits for its outstanding trials.
///
/// \pre verify(space)
std::unique_ptr<Strategy> make_additive_cut(const Space& space, const StrategyOptions& options);

}  // namespace keel::search
