#include "tuner/search/fill.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "tuner/search/feasibility_border.h"
#include "tuner/search/hypervolume.h"

namespace keel::search {
namespace {

struct Candidate {
  const Assignment* assignment;
  Prediction prediction;
  double feasible;  ///< probability
};

std::vector<Candidate> predict_unasked(const Surrogate& surrogate, const FeasibilityBorder& border,
                                       const std::vector<ModelPoint>& points,
                                       const std::set<Assignment>& asked) {
  std::vector<Candidate> candidates;
  for (const ModelPoint& point : points) {
    if (asked.contains(point.assignment)) continue;
    const Prediction prediction = surrogate.predict(point);
    candidates.push_back({&point.assignment, prediction,
                          border.probability(prediction.log_error, prediction.deviation)});
  }
  return candidates;
}

Hypervolume measured_volume(const Space& space, const std::vector<Trial>& trials) {
  Hypervolume volume(reference_point(space, trials), {});
  for (const Trial& trial : trials)
    if (trial.outcome.state == TrialState::Complete && std::isfinite(trial.outcome.squared_error))
      volume.add({log_error(trial.outcome.squared_error), trial.outcome.latency_us});
  return volume;
}

// Three-point Gauss-Hermite quadrature over the normal log error.
double expected_gain(const Hypervolume& volume, const Prediction& prediction) {
  const double step = std::sqrt(3.0) * prediction.deviation;
  const auto gain = [&](double shift) {
    return volume.gain({prediction.log_error + shift, prediction.latency_us});
  };
  return (gain(-step) + 4 * gain(0) + gain(step)) / 6;
}

struct Choice {
  std::size_t index;
  double score;
};

template <class Score>
std::optional<Choice> best_of(const std::vector<Candidate>& candidates, const Score& score) {
  std::optional<Choice> best;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const double value = score(candidates[i]);
    if (value > 0 && (!best || value > best->score)) best = Choice{i, value};
  }
  return best;
}

}  // namespace

Fill choose_fill(const Space& space, const Surrogate& surrogate, const std::vector<Trial>& trials,
                 const std::vector<ModelPoint>& points, const std::set<Assignment>& asked,
                 std::size_t count) {
  std::vector<Candidate> candidates =
      predict_unasked(surrogate, FeasibilityBorder(trials), points, asked);
  Hypervolume volume = measured_volume(space, trials);
  const double volume_before = std::max(volume.value(), std::numeric_limits<double>::min());
  const std::optional<Trial> incumbent = recommend(space, trials);
  const bool has_feasible = incumbent && incumbent->outcome.violation <= 0;
  double fastest_us = has_feasible ? incumbent->outcome.latency_us : 0;

  Fill fill;
  bool is_border_turn = has_feasible;
  while (fill.assignments.size() < count && !candidates.empty()) {
    const auto border_gain = [&](const Candidate& candidate) {
      return candidate.feasible * (1 - candidate.prediction.latency_us / fastest_us);
    };
    const auto volume_gain = [&](const Candidate& candidate) {
      return expected_gain(volume, candidate.prediction) / volume_before;
    };
    std::optional<Choice> choice;
    if (is_border_turn) choice = best_of(candidates, border_gain);
    if (choice) fastest_us = candidates[choice->index].prediction.latency_us;
    if (!choice) choice = best_of(candidates, volume_gain);
    if (!choice) break;
    is_border_turn = has_feasible && !is_border_turn;

    const Candidate chosen = candidates[choice->index];
    fill.assignments.push_back(*chosen.assignment);
    fill.gain = std::max(fill.gain, choice->score);
    volume.add({chosen.prediction.log_error, chosen.prediction.latency_us});
    candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(choice->index));
  }
  return fill;
}

}  // namespace keel::search
