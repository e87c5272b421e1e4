#include "tuner/search/latency_process.h"

#include <algorithm>
#include <cmath>

#include "tuner/search/latency_model.h"

namespace keel::search {
namespace {

// Of a simulated device, which repeats itself, and of one that does not: as a share of the spread.
constexpr double kNuggets[] = {1e-4, 1e-2};
// Surroundings of more are too slow to compare for every candidate: the calibrated times stand.
constexpr std::size_t kMostUnits = 1024;

// Each takes a comparison of surroundings for every candidate. The last trials lie nearest the
// front.
constexpr std::size_t kMostPoints = 192;
// Weights tried of what a unit adds whatever its neighbours are.
constexpr double kWeightsAlone[] = {0.1, 0.5};

bool compares_surroundings(const Space& space) { return space.units.size() <= kMostUnits; }

}  // namespace

LatencyProcess::LatencyProcess(const Space& space, const std::vector<Trial>& trials)
    : space_(compares_surroundings(space) ? scaled(space, trials) : calibrated(space, trials)),
      shared_(space) {
  if (!compares_surroundings(space)) return;
  std::vector<double> residuals;
  for (auto trial = trials.rbegin(); trial != trials.rend(); ++trial) {
    if (residuals.size() == kMostPoints) break;
    if (trial->outcome.state == TrialState::Failed || !std::isfinite(trial->outcome.latency_us))
      continue;
    points_.push_back(shared_.of(trial->assignment));
    residuals.push_back(trial->outcome.latency_us -
                        predicted_latency_us(space_, trial->assignment));
  }
  if (residuals.empty()) return;
  const std::size_t few = std::min(points_.size(), GaussianProcess::kMostToChoose);
  const std::vector<double> targets(residuals.begin(),
                                    residuals.begin() + static_cast<std::ptrdiff_t>(few));
  double chosen_nugget = 0;
  for (const double alone : kWeightsAlone) {
    const std::vector<double> matrix = similarities(alone, few);
    for (const double nugget : kNuggets) {
      std::optional<GaussianProcess> process = GaussianProcess::fit(matrix, targets, nugget);
      if (!process || (process_ && process->likelihood() <= process_->likelihood())) continue;
      process_ = std::move(process);
      alone_ = alone;
      chosen_nugget = nugget;
    }
  }
  if (!process_ || points_.size() == few) return;
  if (std::optional<GaussianProcess> whole =
          GaussianProcess::fit(similarities(alone_, points_.size()), residuals, chosen_nugget))
    process_ = std::move(whole);
  else
    points_.resize(few);
}

// Of the first `count` points, every pair.
std::vector<double> LatencyProcess::similarities(double alone, std::size_t count) const {
  std::vector<double> matrix(count * count);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      matrix[i * count + j] = matrix[j * count + i] = similarity(alone, points_[i], points_[j]);
  return matrix;
}

double LatencyProcess::similarity(double alone, const Codes& a, const Codes& b) const {
  const double units = static_cast<double>(std::max<std::size_t>(space_.units.size(), 1));
  const SharedSurroundings::Differing differing = SharedSurroundings::differing(a, b);
  return alone * (1 - differing.units / units) + (1 - alone) * (1 - differing.surroundings / units);
}

std::vector<LatencyProcess::Value> LatencyProcess::at(std::span<const ModelPoint> points) const {
  std::vector<Value> values;
  for (const ModelPoint& point : points)
    values.push_back({predicted_latency_us(space_, point.assignment), 0});
  if (!process_) return values;
  std::vector<double> near;
  near.reserve(points_.size() * points.size());
  for (const ModelPoint& other : points) {
    const Codes codes = shared_.of(other.assignment);
    for (const Codes& point : points_) near.push_back(similarity(alone_, point, codes));
  }
  const std::vector<Value> rest = process_->at(near);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i].mean += rest[i].mean;
    values[i].deviation = rest[i].deviation;
  }
  return values;
}

}  // namespace keel::search
