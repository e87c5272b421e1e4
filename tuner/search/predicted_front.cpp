#include "tuner/search/predicted_front.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "tuner/search/flip_closure.h"
#include "tuner/search/hypervolume.h"
#include "tuner/search/moves.h"

namespace keel::search {
namespace {

constexpr int kGenerations = 4;
constexpr std::size_t kMostExpanded = 24;      ///< of a generation
constexpr std::size_t kMostNeighbours = 8192;  ///< likewise: what their errors take time for
constexpr std::size_t kMostPredicted = 512;    ///< likewise: what predictions take time for
// Decades by which the error vectors alone are off more than the whole prediction.
constexpr double kSlack = 0.1;
constexpr double kSameError = 1e-3;  // decades: no reason to go on from there

class FrontSearch {
 public:
  FrontSearch(const Surrogate& surrogate, const std::vector<Trial>& trials)
      : surrogate_(surrogate),
        space_(surrogate.space()),
        closure_(space_),
        state_(space_, surrogate.error_model()),
        moves_(moves(space_)),
        measured_(reference_point(space_, trials), {}),
        expected_(measured_) {
    for (const Trial& trial : front(trials)) {
      measured_.add({log_error(trial.outcome.squared_error), trial.outcome.latency_us});
      if (with_fixed_units(space_, trial.assignment) != trial.assignment) continue;
      state_.reset(trial.assignment);
      offer(state_.point());
    }
    expected_ = measured_;
  }

  std::vector<ModelPoint> run(const std::vector<ModelPoint>& points, std::size_t count) {
    for (const ModelPoint& point : points) offer(point);
    predict_offered();
    while (generation_++ < kGenerations) {
      const std::vector<std::size_t> from = unexpanded_front();
      if (from.empty()) break;
      const std::size_t neighbours = from.size() * moves_.size();
      const std::size_t stride = neighbours / kMostNeighbours + 1;
      std::size_t next = static_cast<std::size_t>(generation_) % stride;
      for (const std::size_t index : from) {
        next = expand(known_[index].point.assignment, next, stride);
        known_[index].is_expanded = true;
      }
      predict_offered();
    }
    return best(count);
  }

 private:
  struct Known {
    ModelPoint point;
    Prediction prediction;
    bool is_found;
    bool is_expanded = false;
  };

  void offer(ModelPoint point) {
    if (seen_.insert(point.assignment).second) offered_.push_back(std::move(point));
  }

  // Every `stride`th move from `next` on. Returns the next of those, as a place among the moves of
  // the point after.
  std::size_t expand(const Assignment& x, std::size_t next, std::size_t stride) {
    state_.reset(x);
    for (; next < moves_.size(); next += stride) {
      const std::vector<UnitIndex> flips = closure_.of(x, moves_[next]);
      if (!flips.empty()) state_.with_flips(flips, [&] { offer(state_.point()); });
    }
    return next - moves_.size();
  }

  double hoped_gain(const Hypervolume& volume, double log_error, double latency_us) const {
    return volume.gain({log_error, latency_us - surrogate_.latency_deviation_us()});
  }

  // By their error vectors alone, those that may lie beyond the front; of these many a prediction.
  void predict_offered() {
    const std::vector<double> squared = surrogate_.error_vectors()->squared_errors(offered_);
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < offered_.size(); ++i) {
      const double gain =
          hoped_gain(expected_, log_error(squared[i]) - kSlack, offered_[i].latency_us);
      if (gain > 0) order.emplace_back(-gain, i);
    }
    std::ranges::sort(order);
    if (order.size() > kMostPredicted) order.resize(kMostPredicted);
    std::vector<ModelPoint> chosen;
    for (const auto& [gain, i] : order) chosen.push_back(std::move(offered_[i]));
    offered_.clear();
    const std::vector<Prediction> predictions = surrogate_.predict(chosen);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      expected_.add({predictions[i].log_error, predictions[i].latency_us});
      known_.push_back({std::move(chosen[i]), predictions[i], generation_ > 0});
    }
  }

  // Of what no other is expected to dominate and was not expanded, evenly over the front.
  std::vector<std::size_t> unexpanded_front() const {
    std::vector<std::size_t> order(known_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) {
      const Prediction& expected = known_[i].prediction;
      return std::tuple(expected.latency_us, expected.log_error, i);
    });
    std::vector<std::size_t> all;
    double least = std::numeric_limits<double>::infinity();
    for (const std::size_t i : order) {
      if (known_[i].prediction.log_error >= least - kSameError) continue;
      least = known_[i].prediction.log_error;
      if (!known_[i].is_expanded) all.push_back(i);
    }
    if (all.size() <= kMostExpanded) return all;
    std::vector<std::size_t> some;
    for (std::size_t i = 0; i < kMostExpanded; ++i)
      some.push_back(all[i * all.size() / kMostExpanded]);
    return some;
  }

  std::vector<ModelPoint> best(std::size_t count) {
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < known_.size(); ++i) {
      if (!known_[i].is_found) continue;
      const Prediction& expected = known_[i].prediction;
      const double gain =
          hoped_gain(measured_, expected.log_error - expected.deviation, expected.latency_us);
      if (gain > 0) order.emplace_back(-gain, i);
    }
    std::ranges::sort(order);
    if (order.size() > count) order.resize(count);
    std::vector<ModelPoint> points;
    for (const auto& [gain, i] : order) points.push_back(std::move(known_[i].point));
    return points;
  }

  const Surrogate& surrogate_;
  const Space& space_;
  FlipClosure closure_;
  ModelState state_;
  std::vector<std::vector<UnitIndex>> moves_;
  Hypervolume measured_;
  Hypervolume expected_;  ///< measured, and what was predicted
  std::set<Assignment> seen_;
  std::vector<ModelPoint> offered_;
  std::vector<Known> known_;
  int generation_ = 0;
};

}  // namespace

std::vector<ModelPoint> predicted_front(const Surrogate& surrogate,
                                        const std::vector<Trial>& trials,
                                        const std::vector<ModelPoint>& points, std::size_t count) {
  return FrontSearch(surrogate, trials).run(points, count);
}

}  // namespace keel::search
