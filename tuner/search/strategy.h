#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "tuner/search/goal.h"
#include "tuner/search/space.h"

namespace keel::search {

/// Why a trial was proposed. The numbers are stored in studies: append only.
enum class Phase : std::uint8_t {
  Anchor = 0,  ///< all lowered; all lowered minus pins; all kept
  Probe = 1,   ///< one unit, or one PoleGroup, lowered, all else kept
  Front = 2,   ///< a vertex of the model's convex hull, from a minimum cut
  Fill = 3,    ///< model-only local search between hull vertices
  Refine = 4,  ///< a neighbour of the best trial that meets every requirement
};

std::string_view name(Phase phase);

struct Proposal {
  Assignment assignment;
  Phase phase;
};

/// How a trial ended. The numbers are stored in studies: append only.
enum class TrialState : std::uint8_t {
  Complete = 0,
  NonFinite = 1,  ///< ran, but an output holds Inf or NaN where the reference does not
  Failed = 2,     ///< did not compile, or the device failed
};

/// What one trial gave. Only Complete trials have a meaningful `error` and `latency_us`;
/// NonFinite ones have a latency.
struct Outcome {
  TrialState state = TrialState::Complete;
  double latency_us = 0;
  /// Squared relative L2 error on the ranking samples, averaged over outputs and samples.
  double squared_error = 0;
  /// Largest requirement violation on the validation samples, as a ratio: 0 or below means every
  /// requirement is met; 1 means one is missed by its own bound. Infinite when non-finite.
  double violation = 0;
  int casts = 0;  ///< in the compiled program
};

/// One evaluated assignment.
struct Trial {
  std::uint64_t number = 0;  ///< 0, 1, 2, ... in the order asked
  Assignment assignment;
  Phase phase = Phase::Anchor;
  Outcome outcome;
};

/// Decides what to try next. Knows no device, file or thread.
///
///   make -> (ask* -> tell)* -> destroy
///
/// A deterministic function of (space, options, the told trials, the number of asks): the same
/// calls give the same proposals. To resume a study, make the strategy anew and repeat the calls.
class Strategy {
 public:
  virtual ~Strategy() = default;

  /// The next assignment, never one asked before. Empty: nothing to propose until more trials are
  /// told; empty while none is outstanding: the search is finished.
  virtual std::optional<Proposal> ask() = 0;

  /// Reports a finished trial; each once, in trial order. \pre trial.assignment was asked
  virtual void tell(const Trial& trial) = 0;
};

/// Trials that no other Complete trial beats in both squared error and latency, by latency.
/// Equal points keep the lowest trial number.
std::vector<Trial> front(const std::vector<Trial>& trials);

/// The trial to recommend, of those that keep every guarded unit (see UnitFinding; of all, where
/// none of those is Complete) and meet every requirement and bound:
/// - Aim::Latency: the fastest, ties within 0.5 % of latency going to fewer kept units, then to the
///   smaller squared error, then to the lower number;
/// - Aim::Error: that of least error on the ranking samples, ties within 0.5 % of the error going
///   to the faster, then to the lower number.
/// With none that meets them all, the Complete trial that misses by least. Empty without a Complete
/// trial.
std::optional<Trial> recommend(const Space& space, const std::vector<Trial>& trials,
                               const Goal& goal = {});

}  // namespace keel::search
