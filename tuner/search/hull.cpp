#include "tuner/search/hull.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "tuner/search/hypervolume.h"
#include "tuner/search/min_cut.h"

namespace keel::search {
namespace {

// The ends of the hull minimise one term and break ties by the other: small enough not to disturb
// the first, large enough to survive the rounding of capacities.
constexpr double kTieBreak = 1e-8;
// A vertex must lie below its chord by more than the rounding of a cut, relative to the chord.
constexpr double kChordTolerance = 1e-11;

/// Whether each vertex lowers all that the more exact ones do: so when lowering only adds error.
bool is_nested(const ErrorModel& model) {
  return std::ranges::none_of(model.unit, [](double theta) { return theta < 0; });
}

/// The largest difference there may be between the errors of two assignments.
double error_range_of(const ErrorModel& model) {
  double range = 0;
  for (const double theta : model.unit) range += std::abs(theta);
  for (const double theta : model.tensor) range += theta;
  return range;
}

std::optional<ModelPoint> vertex_between(const Space& space, const ErrorModel& model,
                                         const ModelPoint& fast, const ModelPoint& exact) {
  const double error_gap = fast.squared_error - exact.squared_error;
  const double latency_gap = exact.latency_us - fast.latency_us;
  if (!(error_gap > 0) || !(latency_gap > 0)) return std::nullopt;

  Space between = space;
  for (std::size_t u = 0; is_nested(model) && u < space.units.size(); ++u)
    if (fast.assignment[u] == exact.assignment[u])
      between.units[u].state = fast.assignment[u] != 0 ? UnitState::Lowered : UnitState::Kept;
  // Scaled so that the chord's two ends differ by 1 in each term.
  const Weights weights{1 / latency_gap, 1 / error_gap};
  ModelPoint vertex = model_point(space, model, minimise(between, model, weights));
  const double below = 1 - (vertex.latency_us - fast.latency_us) / latency_gap -
                       (vertex.squared_error - exact.squared_error) / error_gap;
  const double rounding = kChordTolerance * (std::abs(fast.latency_us) / latency_gap + 1);
  if (!(below > rounding)) return std::nullopt;
  return vertex;
}

double chord_area(const ModelPoint& fast, const ModelPoint& exact) {
  return (exact.latency_us - fast.latency_us) *
         (log_error(fast.squared_error) - log_error(exact.squared_error) + kTieBreak);
}

}  // namespace

std::vector<ModelPoint> lower_hull(const Space& space, const ErrorModel& model, std::size_t limit) {
  const ModelPoint kept = model_point(space, model, all_kept(space));
  const ModelPoint lowered = model_point(space, model, all_lowered(space));
  const double latency_range = std::abs(kept.latency_us - lowered.latency_us);
  const double error_range = error_range_of(model);
  if (!(error_range > 0)) {
    return {model_point(space, model, minimise(space, model, {1, 0}))};
  }
  const double exchange = std::max(latency_range, 1e-6 * std::abs(kept.latency_us)) / error_range;
  ModelPoint fastest = model_point(space, model, minimise(space, model, {1, kTieBreak * exchange}));
  ModelPoint exactest = model_point(space, model, minimise(space, model, {kTieBreak, exchange}));
  if (!(fastest.latency_us < exactest.latency_us)) return {std::move(fastest)};

  // Vertices by position; a vertex points to its slower neighbour. Chords wait by area.
  std::vector<ModelPoint> vertices{std::move(fastest), std::move(exactest)};
  using Chord = std::pair<std::size_t, std::size_t>;
  std::multimap<double, Chord, std::greater<>> chords;
  const auto add_chord = [&](std::size_t fast, std::size_t exact) {
    chords.emplace(chord_area(vertices[fast], vertices[exact]), Chord{fast, exact});
  };
  add_chord(0, 1);
  while (!chords.empty() && vertices.size() < limit) {
    const auto [fast, exact] = chords.begin()->second;
    chords.erase(chords.begin());
    std::optional<ModelPoint> vertex =
        vertex_between(space, model, vertices[fast], vertices[exact]);
    if (!vertex) continue;
    vertices.push_back(*std::move(vertex));
    add_chord(fast, vertices.size() - 1);
    add_chord(vertices.size() - 1, exact);
  }
  std::sort(vertices.begin(), vertices.end(),
            [](const ModelPoint& a, const ModelPoint& b) { return a.latency_us < b.latency_us; });
  return vertices;
}

std::vector<ModelPoint> hulls_of_few_casts(const Space& space, const ErrorModel& model,
                                           std::size_t limit) {
  if (space.tensors.empty()) return {};
  const double range_us = std::abs(predicted_latency_us(space, all_kept(space)) -
                                   predicted_latency_us(space, all_lowered(space)));
  // From the mean gain of a tensor to more than there is to gain in all.
  double price_us = range_us / static_cast<double>(space.tensors.size());
  constexpr std::size_t kPrices = 6;
  const double step = std::pow(4 * static_cast<double>(space.tensors.size()), 1.0 / (kPrices - 1));
  std::vector<ModelPoint> points;
  for (std::size_t i = 0; i < kPrices; ++i, price_us *= step) {
    Space dear = space;
    for (TensorLink& tensor : dear.tensors) {
      tensor.cast_to_kept_us += price_us;
      tensor.cast_to_lowered_us += price_us;
    }
    for (const ModelPoint& vertex :
         lower_hull(dear, model, std::max<std::size_t>(limit / kPrices, 2)))
      points.push_back(model_point(space, model, vertex.assignment));
  }
  return points;
}

}  // namespace keel::search
