#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "tuner/search/goal.h"
#include "tuner/search/space.h"

namespace keel::search {

/// Why a trial was proposed. The numbers are stored in studies: append only.
enum class Phase : std::uint8_t {
  Anchor = 0,  ///< all lowered; all kept; all lowered minus pins, and minus some of them
  Probe = 1,   ///< one unit, or one PoleGroup, lowered beyond all kept or a start (probe_start.h)
  Front = 2,   ///< a vertex of the model's convex hull, from a minimum cut
  Fill = 3,    ///< model-only local search between hull vertices
  Refine = 4,  ///< a neighbour of the best trial that meets every requirement
};

std::string_view name(Phase phase);

/// What a trial is to run on.
enum class Samples : std::uint8_t {
  All,  ///< those that rank and those that validate
  /// Some of those that rank, where there are many, and those that show best what is suspect; all
  /// of them else.
  Probing,
  /// Those that probe, where there are any, and few of those that validate, if these meet the
  /// requirements by kRoomToSpare; else all.
  Verifying,
};

/// The violation of what is likely to meet the requirements on all samples, having met them by so
/// much on few.
constexpr double kRoomToSpare = -0.5;

struct Proposal {
  Assignment assignment;
  Phase phase;
  Samples samples = Samples::All;
  /// A slower variant is Rejected: whatever its error, it would not be recommended.
  std::optional<double> slowest_us = {};
};

/// How a trial ended. The numbers are stored in studies: append only.
enum class TrialState : std::uint8_t {
  Complete = 0,
  NonFinite = 1,  ///< ran, but an output holds Inf or NaN where the reference does not
  Failed = 2,     ///< did not compile, or the device failed
  Partial = 3,    ///< of the samples that rank ran on those that probe only
  Rejected = 4,   ///< slower than the proposal allows, and did not run; or misses a requirement
                  ///< whatever the samples give that did not run
};

/// What one trial gave. All but Failed ones have a latency; only Complete ones have all of it.
/// Whether requirements are met is known of verified ones: see is_verified().
struct Outcome {
  TrialState state = TrialState::Complete;
  double latency_us = 0;
  /// Squared relative L2 error on the ranking samples, averaged over outputs and samples. NaN when
  /// Partial or Rejected, infinite when non-finite.
  double squared_error = 0;
  /// Largest requirement violation, on the ranking or on the validation samples, as a ratio: 0 or
  /// below means every requirement is met on both; 1 means one is missed by its own bound. NaN when
  /// Rejected for its latency, and when Partial unless asked for Samples::Verifying; infinite when
  /// non-finite.
  double violation = 0;
  int casts = 0;  ///< in the compiled program
  /// As squared_error, on the probing samples; NaN where there are none or they did not run.
  double probing_squared_error = std::numeric_limits<double>::quiet_NaN();
  /// The errors themselves, projected so that they add as errors do (accuracy::error_sketch): of
  /// the probing samples, or of those that rank where none probe, each with the root of its share
  /// of the mean. Its squared length is about the squared error. Null where they did not all run,
  /// or are not finite.
  std::shared_ptr<const std::vector<float>> error_sketch = {};
};

/// Whether it ran to the end, with finite outputs, on all samples or (Partial) on few that meet the
/// requirements by kRoomToSpare.
bool is_verified(const Outcome& outcome);

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

  /// The next assignment, never one asked before unless that was Partial. Empty: nothing to propose
  /// until more trials are told; empty while none is outstanding: the search is finished.
  virtual std::optional<Proposal> ask() = 0;

  /// Reports a finished trial; each once, in trial order. \pre trial.assignment was asked
  virtual void tell(const Trial& trial) = 0;
};

/// What is less apart than this is a tie: a ratio of latency or error.
constexpr double kTie = 0.005;

/// Trials that no other Complete trial beats in both squared error and latency, by latency.
/// Equal points keep the lowest trial number.
std::vector<Trial> front(const std::vector<Trial>& trials);

/// The trial to recommend, of Complete ones that keep every guarded unit (see UnitFinding; of all,
/// where none of those is verified) and meet every requirement and bound:
/// - Aim::Latency: the fastest, ties within kTie of latency going to fewer kept units, then to the
///   smaller squared error, then to the lower number;
/// - Aim::Error: that of least error on the ranking samples, ties within kTie of the error going
///   to the faster, then to the lower number.
/// With no Complete one that meets them all best_verified().
std::optional<Trial> recommend(const Space& space, const std::vector<Trial>& trials,
                               const Goal& goal = {});

/// As recommend(), but of all verified trials, a Complete one before a Partial one that keeps as
/// many units; with none that meets everything, the one that misses by least. Empty without a
/// verified trial. Of a Partial one the squared error is the estimate of with_probing_scaled().
std::optional<Trial> best_verified(const Space& space, const std::vector<Trial>& trials,
                                   const Goal& goal = {});

}  // namespace keel::search
