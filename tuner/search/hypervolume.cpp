#include "tuner/search/hypervolume.h"

#include <algorithm>
#include <cmath>

namespace keel::search {
namespace {

constexpr double kErrorFloor = 1e-7;
constexpr double kSlowestAnchorMargin = 1.02;

}  // namespace

double log_error(double squared_error) {
  return std::log10(std::max(std::sqrt(std::max(squared_error, 0.0)), kErrorFloor));
}

Hypervolume::Hypervolume(FrontPoint reference, const std::vector<FrontPoint>& points)
    : reference_(reference) {
  for (const FrontPoint& point : points) add(point);
}

// The points faster than the new one bound its strip of new area from above, step by step: walking
// from fast to slow, the dominated error only falls.
double Hypervolume::gain(FrontPoint point) const {
  if (!(point.latency_us < reference_.latency_us && point.log_error < reference_.log_error))
    return 0;
  double gained = 0;
  double ceiling = reference_.log_error;
  double from_us = point.latency_us;
  for (const FrontPoint& other : front_) {
    if (other.latency_us > from_us) {
      gained += (ceiling - point.log_error) * (other.latency_us - from_us);
      from_us = other.latency_us;
    }
    ceiling = std::min(ceiling, other.log_error);
    if (ceiling <= point.log_error) return gained;
  }
  return gained + (ceiling - point.log_error) * (reference_.latency_us - from_us);
}

void Hypervolume::add(FrontPoint point) {
  const double gained = gain(point);
  if (!(gained > 0)) return;
  value_ += gained;
  std::erase_if(front_, [&](const FrontPoint& other) {
    return other.latency_us >= point.latency_us && other.log_error >= point.log_error;
  });
  const auto place = std::lower_bound(
      front_.begin(), front_.end(), point,
      [](const FrontPoint& a, const FrontPoint& b) { return a.latency_us < b.latency_us; });
  front_.insert(place, point);
}

FrontPoint reference_point(const Space& space, const std::vector<Trial>& trials) {
  const Assignment lowered = all_lowered(space);
  double error = 0;  // log10 of 1
  double slowest_us = 0;
  for (const Trial& trial : trials) {
    if (trial.phase != Phase::Anchor || trial.outcome.state == TrialState::Failed) continue;
    slowest_us = std::max(slowest_us, trial.outcome.latency_us);
    if (trial.assignment == lowered && trial.outcome.state == TrialState::Complete &&
        std::isfinite(trial.outcome.squared_error))
      error = log_error(trial.outcome.squared_error);
  }
  if (slowest_us <= 0)
    slowest_us = std::max(predicted_latency_us(space, all_kept(space)),
                          predicted_latency_us(space, lowered));
  return {error, kSlowestAnchorMargin * slowest_us};
}

}  // namespace keel::search
