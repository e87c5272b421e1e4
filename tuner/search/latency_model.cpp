#include "tuner/search/latency_model.h"

#include <algorithm>
#include <cmath>

namespace keel::search {
namespace {

// A timing model off by more than this is wrong in shape, not in scale.
constexpr double kLeastScale = 0.2;
constexpr double kLargestScale = 5.0;
// One trial moves a unit's time half of the way: its residual is shared with the casts around it.
constexpr double kRidge = 1.0;
constexpr int kMostSweeps = 50;
// A correction below this share of the latency is below what a device can repeat.
constexpr double kTolerance = 1e-6;

struct Sample {
  const Assignment* assignment;
  double predicted_us;
  double residual_us;
};

std::vector<Sample> measured_samples(const Space& space, const std::vector<Trial>& trials) {
  std::vector<Sample> samples;
  for (const Trial& trial : trials) {
    if (trial.outcome.state == TrialState::Failed || !std::isfinite(trial.outcome.latency_us))
      continue;
    samples.push_back({&trial.assignment, predicted_latency_us(space, trial.assignment),
                       trial.outcome.latency_us});
  }
  return samples;
}

struct Affine {
  double scale = 1;
  double offset_us = 0;
};

Affine fit_affine(const std::vector<Sample>& samples) {
  const double count = static_cast<double>(samples.size());
  double mean_predicted = 0;
  double mean_measured = 0;
  for (const Sample& sample : samples) {
    mean_predicted += sample.predicted_us / count;
    mean_measured += sample.residual_us / count;
  }
  double variance = 0;
  double covariance = 0;
  for (const Sample& sample : samples) {
    const double departure = sample.predicted_us - mean_predicted;
    variance += departure * departure;
    covariance += departure * (sample.residual_us - mean_measured);
  }
  Affine affine;
  if (variance > 0) affine.scale = std::clamp(covariance / variance, kLeastScale, kLargestScale);
  affine.offset_us = mean_measured - affine.scale * mean_predicted;
  return affine;
}

std::vector<double> fit_corrections(const Space& space, std::vector<Sample>& samples) {
  std::vector<std::vector<std::uint32_t>> lowered_in(space.units.size());
  double scale_us = 0;
  for (std::uint32_t i = 0; i < samples.size(); ++i) {
    scale_us = std::max(scale_us, std::abs(samples[i].predicted_us));
    for (UnitIndex u = 0; u < space.units.size(); ++u)
      if (space.units[u].state == UnitState::Free && (*samples[i].assignment)[u] != 0)
        lowered_in[u].push_back(i);
  }
  std::vector<double> correction(space.units.size(), 0.0);
  double largest_step = scale_us;
  for (int sweep = 0; sweep < kMostSweeps && largest_step > kTolerance * scale_us; ++sweep) {
    largest_step = 0;
    for (UnitIndex u = 0; u < space.units.size(); ++u) {
      double slope = -kRidge * correction[u];
      for (const std::uint32_t i : lowered_in[u]) slope += samples[i].residual_us;
      const double step = slope / (kRidge + static_cast<double>(lowered_in[u].size()));
      correction[u] += step;
      for (const std::uint32_t i : lowered_in[u]) samples[i].residual_us -= step;
      largest_step = std::max(largest_step, std::abs(step));
    }
  }
  return correction;
}

Space with_affine(const Space& space, const Affine& affine) {
  Space result = space;
  for (Unit& unit : result.units) {
    unit.kept_us *= affine.scale;
    unit.lowered_us *= affine.scale;
  }
  // The offset belongs to no unit: whatever the first one's bit is, it is paid.
  result.units[0].kept_us += affine.offset_us;
  result.units[0].lowered_us += affine.offset_us;
  for (TensorLink& tensor : result.tensors) {
    tensor.cast_to_kept_us *= affine.scale;
    tensor.cast_to_lowered_us *= affine.scale;
  }
  for (Adjacency& pair : result.adjacent) pair.saving_us *= affine.scale;
  return result;
}

}  // namespace

Space scaled(const Space& space, const std::vector<Trial>& trials) {
  const std::vector<Sample> samples = measured_samples(space, trials);
  if (samples.empty() || space.units.empty()) return space;
  return with_affine(space, fit_affine(samples));
}

Space calibrated(const Space& space, const std::vector<Trial>& trials) {
  std::vector<Sample> samples = measured_samples(space, trials);
  if (samples.empty() || space.units.empty()) return space;
  const Affine affine = fit_affine(samples);
  for (Sample& sample : samples)
    sample.residual_us -= affine.scale * sample.predicted_us + affine.offset_us;
  const std::vector<double> correction = fit_corrections(space, samples);
  Space result = with_affine(space, affine);
  for (std::size_t u = 0; u < result.units.size(); ++u) result.units[u].lowered_us += correction[u];
  return result;
}

}  // namespace keel::search
