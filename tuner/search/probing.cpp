#include "tuner/search/probing.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "tuner/search/unit_findings.h"

namespace keel::search {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// How much a trial says of its error. Nothing follows from a Rejected one.
int detail(const Outcome& outcome) {
  if (outcome.state == TrialState::Rejected) return 0;
  if (outcome.state == TrialState::Partial) return is_verified(outcome) ? 2 : 1;
  return 3;
}

}  // namespace

ProbingScale::ProbingScale(const Space& space, const std::vector<Trial>& trials)
    : kept_(kNone), kept_probing_(kNone) {
  const Assignment kept = all_kept(space);
  std::pair<bool, double> most{false, 0};  // of no cliff, error
  for (const Trial& trial : trials) {
    const Outcome& outcome = trial.outcome;
    if (trial.phase != Phase::Anchor || outcome.state != TrialState::Complete) continue;
    if (trial.assignment == kept) {
      kept_ = outcome.squared_error;
      kept_probing_ = outcome.probing_squared_error;
    } else if (outcome.probing_squared_error > 0) {
      const bool has_cliff = outcome.squared_error > kCliffError * kCliffError;
      const std::pair told(!has_cliff, outcome.squared_error);
      if (told <= most) continue;
      most = told;
      scale_ = outcome.squared_error / outcome.probing_squared_error;
    }
  }
}

double ProbingScale::squared_error(const Outcome& outcome) const {
  if (outcome.state != TrialState::Partial) return outcome.squared_error;
  const double error = kept_ + scale_ * (outcome.probing_squared_error - kept_probing_);
  return error < 0 ? 0 : error;
}

std::vector<Trial> with_probing_scaled(const Space& space, const std::vector<Trial>& trials) {
  std::map<Assignment, int> most;
  std::map<Assignment, double> missed;  // by Rejected ones
  for (const Trial& trial : trials) {
    int& known = most[trial.assignment];
    known = std::max(known, detail(trial.outcome));
    if (trial.outcome.state == TrialState::Rejected && trial.outcome.violation > 0)
      missed[trial.assignment] = trial.outcome.violation;
  }
  const ProbingScale scale(space, trials);
  std::vector<Trial> scaled;
  scaled.reserve(trials.size());
  for (const Trial& trial : trials) {
    const bool is_partial = trial.outcome.state == TrialState::Partial;
    if (is_partial && detail(trial.outcome) < most.at(trial.assignment)) continue;
    scaled.push_back(trial);
    if (!is_partial) continue;
    Outcome& outcome = scaled.back().outcome;
    outcome.squared_error = scale.squared_error(trial.outcome);
    const auto found = missed.find(trial.assignment);
    if (found != missed.end() && is_verified(outcome)) outcome.violation = found->second;
  }
  return scaled;
}

}  // namespace keel::search
