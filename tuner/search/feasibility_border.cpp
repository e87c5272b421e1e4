#include "tuner/search/feasibility_border.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tuner/search/hypervolume.h"

namespace keel::search {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// In decades: errors on ranking and validation samples differ by about 5 % even at the border.
constexpr double kLeastWidth = 0.02;

struct Point {
  double log_error;
  double violation;
};

}  // namespace

FeasibilityBorder::FeasibilityBorder(const std::vector<Trial>& trials) : width_(kLeastWidth) {
  std::vector<Point> points;
  for (const Trial& trial : trials)
    if (is_verified(trial.outcome) && std::isfinite(trial.outcome.violation) &&
        std::isfinite(trial.outcome.squared_error))
      points.push_back({log_error(trial.outcome.squared_error), trial.outcome.violation});
  std::stable_sort(points.begin(), points.end(),
                   [](const Point& a, const Point& b) { return a.log_error < b.log_error; });

  // The split with the fewest feasible trials above and infeasible ones below it.
  const auto is_feasible = [](const Point& point) { return point.violation <= 0; };
  auto wrong = std::count_if(points.begin(), points.end(), is_feasible);
  auto fewest_wrong = wrong;
  std::size_t split = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    wrong += is_feasible(points[i]) ? -1 : 1;
    if (wrong > fewest_wrong) continue;
    fewest_wrong = wrong;
    split = i + 1;
  }
  if (split == 0 || split == points.size()) {
    border_ = split == 0 ? -kInfinity : kInfinity;
    return;
  }
  const Point& below = points[split - 1];
  const Point& above = points[split];
  const double gap = above.log_error - below.log_error;
  const double rise = above.violation - below.violation;
  const double share = rise > 0 ? std::clamp(-below.violation / rise, 0.0, 1.0) : 0.5;
  border_ = below.log_error + share * gap;

  double overlap = 0;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (is_feasible(points[i]) != (i < split)) overlap += std::abs(points[i].log_error - border_);
  if (fewest_wrong > 0) overlap /= static_cast<double>(fewest_wrong);
  // A border uniform in the gap has a deviation of gap / sqrt(12).
  width_ = std::sqrt(kLeastWidth * kLeastWidth + gap * gap / 12 + overlap * overlap);
}

double FeasibilityBorder::probability(double log_error, double deviation) const {
  if (std::isinf(border_)) return border_ > 0 ? 1 : 0;
  const double spread = std::sqrt(width_ * width_ + deviation * deviation);
  return 0.5 * std::erfc((log_error - border_) / (spread * std::sqrt(2.0)));
}

}  // namespace keel::search
