#include "tuner/search/fill.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "tuner/search/bounds.h"
#include "tuner/search/feasibility_border.h"
#include "tuner/search/hypervolume.h"

namespace keel::search {
namespace {

// Of what the goal aims at, as a ratio of latency or in decades of error. Less is a tie: the front
// has more use of the trial.
constexpr double kLeastBorderGain = 5e-4;

struct Candidate {
  Assignment assignment;
  Prediction claimed;
  Prediction prediction;  ///< widened
  double feasible;        ///< probability
};

std::vector<Candidate> predict_unasked(const FillQuestion& question,
                                       const std::vector<ModelPoint>& points) {
  const std::optional<int>& max_casts = question.goal.max_casts;
  std::vector<ModelPoint> unasked;
  for (const ModelPoint& point : points)
    if (!question.asked.contains(point.assignment) && (!max_casts || point.casts <= *max_casts))
      unasked.push_back(point);
  const std::vector<Prediction> predictions = question.surrogate.predict(unasked);
  const FeasibilityBorder border(question.trials);
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < unasked.size(); ++i) {
    const Prediction prediction = question.calibration.widened(predictions[i]);
    candidates.push_back({std::move(unasked[i].assignment), predictions[i], prediction,
                          border.probability(prediction.log_error, prediction.deviation)});
  }
  return candidates;
}

std::vector<Prediction> predict_pending(const FillQuestion& question) {
  const Surrogate& surrogate = question.surrogate;
  std::vector<ModelPoint> points;
  for (const Assignment& x : question.pending)
    points.push_back(model_point(surrogate.space(), surrogate.error_model(), x));
  return surrogate.predict(points);
}

Hypervolume measured_volume(const Space& space, const std::vector<Trial>& trials,
                            const Rivals& rivals) {
  Hypervolume volume(reference_point(space, trials), rivals.front);
  for (const Trial& trial : trials)
    if (trial.outcome.state == TrialState::Complete && std::isfinite(trial.outcome.squared_error))
      volume.add({log_error(trial.outcome.squared_error), trial.outcome.latency_us});
  return volume;
}

// Three-point Gauss-Hermite quadrature over what is normal with this deviation around zero.
template <class Value>
double expectation(double deviation, const Value& value) {
  if (deviation == 0) return value(0.0);
  const double step = std::sqrt(3.0) * deviation;
  return (value(-step) + 4 * value(0.0) + value(step)) / 6;
}

double expected_gain(const Hypervolume& volume, const Prediction& prediction) {
  return expectation(prediction.latency_deviation_us, [&](double more_us) {
    return expectation(prediction.deviation, [&](double more) {
      return volume.gain({prediction.log_error + more, prediction.latency_us + more_us});
    });
  });
}

// As a ratio of latency, or in decades of error.
double gain_of(Aim aim, const Prediction& best, const Prediction& expected) {
  switch (aim) {
    case Aim::Latency:
      return 1 - expected.latency_us / best.latency_us;
    case Aim::Error:
      return best.log_error - expected.log_error;
  }
  KEEL_CHECK(false && "an Aim outside its enumeration");
}

struct Choice {
  std::size_t index;
  double score;
};

template <class Score>
std::optional<Choice> best_of(const std::vector<Candidate>& candidates, double least,
                              const Score& score) {
  std::optional<Choice> best;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const double value = score(candidates[i]);
    if (value > least && (!best || value > best->score)) best = Choice{i, value};
  }
  return best;
}

// The candidates, and what the front will be when all that was asked is told.
class Choosing {
 public:
  Choosing(const FillQuestion& question, const std::vector<ModelPoint>& points)
      : surrogate_(question.surrogate),
        candidates_(predict_unasked(question, points)),
        volume_(measured_volume(question.space, question.trials, question.rivals)),
        volume_before_(volume_.value()) {
    const std::vector<Prediction> predictions = predict_pending(question);
    for (std::size_t i = 0; i < predictions.size(); ++i)
      expect(question.pending[i], predictions[i]);
  }

  const std::vector<Candidate>& candidates() const { return candidates_; }

  /// Of the told trials.
  double volume_before() const { return volume_before_; }

  /// As a ratio of that.
  double volume_gain(const Prediction& prediction) const {
    return expected_gain(volume_, prediction) /
           std::max(volume_before_, std::numeric_limits<double>::min());
  }

  Candidate take(std::size_t index) {
    Candidate chosen = std::move(candidates_[index]);
    candidates_.erase(candidates_.begin() + static_cast<std::ptrdiff_t>(index));
    expect(chosen.assignment, chosen.prediction);
    return chosen;
  }

 private:
  void expect(const Assignment& x, const Prediction& prediction) {
    volume_.add({prediction.log_error, prediction.latency_us});
    for (Candidate& candidate : candidates_) {
      if (!surrogate_.inert_units().have_same_error(candidate.assignment, x)) continue;
      candidate.prediction.log_error = prediction.log_error;
      candidate.prediction.deviation = 0;
    }
  }

  const Surrogate& surrogate_;
  std::vector<Candidate> candidates_;
  Hypervolume volume_;
  double volume_before_;
};

}  // namespace

Fill choose_fill(const FillQuestion& question, const std::vector<ModelPoint>& points,
                 std::size_t count) {
  const Goal& goal = question.goal;
  Choosing choosing(question, points);
  const std::optional<Trial> incumbent = best_verified(question.space, question.trials, goal);
  const Bounds bounds(goal, question.space, question.trials);
  std::optional<Prediction> best;
  if (incumbent && bounds.violation(incumbent->outcome) <= 0)
    best = {incumbent->outcome.latency_us, log_error(incumbent->outcome.squared_error), 0};
  if (question.rivals.best) {
    const Prediction rival{question.rivals.best->latency_us, question.rivals.best->log_error, 0};
    if (!best || gain_of(goal.aim, *best, rival) > 0) best = rival;
  }
  const bool has_border = best.has_value() && !goal.whole_front;

  Fill fill;
  fill.volume = choosing.volume_before();
  bool is_border_turn = has_border;
  while (fill.assignments.size() < count && !choosing.candidates().empty()) {
    const auto border_gain = [&](const Candidate& candidate) {
      const Prediction& expected = candidate.prediction;
      if (expected.latency_us > bounds.latency_us()) return 0.0;
      return candidate.feasible * gain_of(goal.aim, *best, expected);
    };
    const auto volume_gain = [&](const Candidate& candidate) {
      return choosing.volume_gain(candidate.prediction);
    };
    const std::vector<Candidate>& candidates = choosing.candidates();
    std::optional<Choice> choice;
    if (is_border_turn) choice = best_of(candidates, kLeastBorderGain, border_gain);
    if (choice) best = candidates[choice->index].prediction;
    if (!choice) choice = best_of(candidates, 0, volume_gain);
    if (!choice) break;
    is_border_turn = has_border && !is_border_turn;

    const Candidate chosen = choosing.take(choice->index);
    fill.assignments.push_back(chosen.assignment);
    fill.predictions.push_back(chosen.claimed);
    fill.gain = std::max(fill.gain, choice->score);
  }
  return fill;
}

}  // namespace keel::search
