#include "tuner/search/prediction_calibration.h"

#include <algorithm>
#include <cmath>

#include "tuner/search/hypervolume.h"

namespace keel::search {
namespace {

// Honest predictions that are taken as seen before the first: one miss does not decide.
constexpr double kPriorCount = 8;
// A miss of more deviations counts as one of these.
constexpr double kLargestMiss = 8;

}  // namespace

void PredictionCalibration::Misses::add(double miss, double deviation) {
  if (deviation <= 0) return;
  const double claimed = std::min(std::abs(miss) / deviation, kLargestMiss);
  sum += claimed * claimed;
  ++count;
}

double PredictionCalibration::Misses::scale() const {
  const double mean = (sum + kPriorCount) / (static_cast<double>(count) + kPriorCount);
  return std::max(1.0, std::sqrt(mean));
}

void PredictionCalibration::add(const Prediction& predicted, const Outcome& measured) {
  if (measured.state != TrialState::Complete || !std::isfinite(measured.squared_error)) return;
  errors_.add(log_error(measured.squared_error) - predicted.log_error, predicted.deviation);
  latencies_.add(measured.latency_us - predicted.latency_us, predicted.latency_deviation_us);
}

Prediction PredictionCalibration::widened(Prediction prediction) const {
  prediction.deviation *= errors_.scale();
  prediction.latency_deviation_us *= latencies_.scale();
  return prediction;
}

}  // namespace keel::search
