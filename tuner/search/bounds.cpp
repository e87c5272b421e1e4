#include "tuner/search/bounds.h"

#include <algorithm>
#include <limits>

namespace keel::search {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::optional<double> latency_of_all_kept(const Space& space, const std::vector<Trial>& trials) {
  const auto kept = std::ranges::find(trials, all_kept(space), &Trial::assignment);
  if (kept == trials.end() || kept->outcome.state == TrialState::Failed) return std::nullopt;
  return kept->outcome.latency_us;
}

}  // namespace

Bounds::Bounds(const Goal& goal, std::optional<double> kept_us)
    : latency_us_(goal.max_latency_us.value_or(kInfinity)), max_casts_(goal.max_casts) {
  if (goal.min_speed_up)
    latency_us_ = std::min(latency_us_, kept_us.value_or(0) / *goal.min_speed_up);
}

Bounds::Bounds(const Goal& goal, const Space& space, const std::vector<Trial>& trials)
    : Bounds(goal, latency_of_all_kept(space, trials)) {}

bool Bounds::hold(double latency_us, int casts) const {
  return latency_us <= latency_us_ && (!max_casts_ || casts <= *max_casts_);
}

double Bounds::violation(const Outcome& outcome) const {
  double worst = outcome.violation;
  if (latency_us_ < kInfinity) worst = std::max(worst, outcome.latency_us / latency_us_ - 1);
  if (max_casts_)
    worst = std::max(worst, static_cast<double>(outcome.casts - *max_casts_) /
                                static_cast<double>(std::max(*max_casts_, 1)));
  return worst;
}

}  // namespace keel::search
