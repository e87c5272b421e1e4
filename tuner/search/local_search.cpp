#include "tuner/search/local_search.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "compiler/base/random.h"
#include "tuner/search/flip_closure.h"
#include "tuner/search/hypervolume.h"

namespace keel::search {
namespace {

/// The fastest point of each cell of log error.
class Archive {
 public:
  Archive(double least_log_error, double largest_log_error, std::size_t cells)
      : least_(least_log_error),
        width_(std::max(largest_log_error - least_log_error, 1e-9) / double(cells)),
        cells_(cells + 1) {}

  void offer(const ModelState& state) {
    const double position = (log_error(state.squared_error()) - least_) / width_;
    const auto index =
        static_cast<std::size_t>(std::clamp(position, 0.0, static_cast<double>(cells_.size() - 1)));
    std::optional<ModelPoint>& cell = cells_[index].point;
    if (cell && std::pair(cell->latency_us, cell->squared_error) <=
                    std::pair(state.latency_us(), state.squared_error()))
      return;
    cell = state.point();
    cells_[index].is_expanded = false;
  }

  std::size_t size() const { return cells_.size(); }

  /// The point of a cell when it is new since the last call and no cell of less error is as fast.
  std::optional<Assignment> take_unexpanded(std::size_t index) {
    Cell& cell = cells_[index];
    if (!cell.point || cell.is_expanded) return std::nullopt;
    cell.is_expanded = true;
    for (std::size_t i = 0; i < index; ++i)
      if (cells_[i].point && cells_[i].point->latency_us <= cell.point->latency_us)
        return std::nullopt;
    return cell.point->assignment;
  }

  /// Non-dominated points, fastest first.
  std::vector<ModelPoint> front() const {
    std::vector<ModelPoint> points;
    for (const Cell& cell : cells_)
      if (cell.point && (points.empty() || cell.point->latency_us < points.back().latency_us))
        points.push_back(*cell.point);
    std::reverse(points.begin(), points.end());
    return points;
  }

 private:
  struct Cell {
    std::optional<ModelPoint> point;
    bool is_expanded = false;
  };

  double least_;
  double width_;
  std::vector<Cell> cells_;
};

/// Error that lowering takes away from all kept at most.
double taken(const ErrorModel& model) {
  double total = 0;
  for (const double theta : model.unit) total -= std::min(theta, 0.0);
  return total;
}

class LocalSearch {
 public:
  LocalSearch(const Space& space, const ErrorModel& model, const LocalSearchOptions& options)
      : space_(space),
        closure_(space),
        state_(space, model),
        rng_(options.seed),
        max_flips_(options.max_flips),
        max_casts_(options.max_casts),
        archive_(
            log_error(predicted_squared_error(space, model, all_kept(space)) - taken(model)),
            log_error(predicted_squared_error(space, model, all_lowered(space)) + taken(model)),
            options.cells) {
    for (UnitIndex u = 0; u < space.units.size(); ++u)
      if (is_free(u)) free_units_.push_back(u);
  }

  std::vector<ModelPoint> run(const std::vector<Assignment>& seeds) {
    for (const Assignment& seed : seeds) {
      state_.reset(with_fixed_units(space_, seed));
      offer();
    }
    bool has_grown = true;
    while (has_grown && flips_ < max_flips_) {
      has_grown = false;
      walk_between_neighbours();
      // In strides from a random start, so that a budget spent early is not spent on one end.
      const std::size_t start = static_cast<std::size_t>(rng_.below(archive_.size()));
      for (std::size_t i = 0; i < archive_.size() && flips_ < max_flips_; ++i) {
        const std::size_t index = (start + i * kStride) % archive_.size();
        if (const std::optional<Assignment> x = archive_.take_unexpanded(index)) {
          expand(*x);
          has_grown = true;
        }
      }
    }
    return archive_.front();
  }

 private:
  static constexpr std::size_t kStride =
      89;  // prime: visits all cells of any size it does not divide

  void offer() {
    if (!max_casts_ || state_.casts() <= *max_casts_) archive_.offer(state_);
  }

  bool is_free(UnitIndex unit) const { return space_.units[unit].state == UnitState::Free; }

  void try_flips(std::span<const UnitIndex> units) {
    if (closure_.is_trivial()) return offer_flipped(units);
    const std::vector<UnitIndex> closed = closure_.of(state_.assignment(), units);
    if (!closed.empty()) offer_flipped(closed);
  }

  void offer_flipped(std::span<const UnitIndex> units) {
    state_.with_flips(units, [&] { offer(); });
    flips_ += 2 * units.size();
  }

  void try_pair(UnitIndex a, UnitIndex b) {
    if (is_free(a) && is_free(b)) try_flips(std::array{a, b});
  }

  void expand(const Assignment& x) {
    state_.reset(x);
    for (const UnitIndex unit : free_units_) try_flips(std::array{unit});
    for (const Adjacency& pair : space_.adjacent) try_pair(pair.first, pair.second);
    for (const TensorLink& tensor : space_.tensors) {
      if (tensor.producer)
        for (const UnitIndex consumer : tensor.consumers) try_pair(*tensor.producer, consumer);
      if (tensor.consumers.size() > 1) try_group(tensor);
    }
    for (std::size_t i = 0; i < free_units_.size(); ++i) try_pair(random_unit(), random_unit());
  }

  // A shared cast disappears only when all who need it change together.
  void try_group(const TensorLink& tensor) {
    for (const std::uint8_t bit : {std::uint8_t{0}, std::uint8_t{1}}) {
      std::vector<UnitIndex> group;
      const auto add = [&](UnitIndex unit) {
        if (is_free(unit) && state_.assignment()[unit] != bit) group.push_back(unit);
      };
      if (tensor.producer) add(*tensor.producer);
      for (const UnitIndex consumer : tensor.consumers) add(consumer);
      if (group.size() > 1) try_flips(group);
    }
  }

  UnitIndex random_unit() { return free_units_[rng_.below(free_units_.size())]; }

  void walk_between_neighbours() {
    const std::vector<ModelPoint> points = archive_.front();
    for (std::size_t i = 0; i + 1 < points.size() && flips_ < max_flips_; ++i) {
      walk(points[i], points[i + 1]);
      walk(points[i + 1], points[i]);
    }
  }

  /// Flips the differing units one after the other, the least latency per error gained first.
  void walk(const ModelPoint& from, const ModelPoint& to) {
    state_.reset(from.assignment);
    std::vector<std::pair<double, UnitIndex>> order;
    for (const UnitIndex unit : free_units_) {
      if (from.assignment[unit] == to.assignment[unit]) continue;
      state_.with_flips(std::array{unit}, [&] {
        const double latency_us = state_.latency_us() - from.latency_us;
        const double error = state_.squared_error() - from.squared_error;
        order.emplace_back(latency_us / std::max(std::abs(error), 1e-300), unit);
      });
    }
    std::sort(order.begin(), order.end());
    for (const auto& [ratio, unit] : order) {
      state_.flip(unit);
      if (closure_.is_trivial() || is_realised(space_, state_.assignment())) offer();
    }
    flips_ += 3 * order.size();
  }

  const Space& space_;
  FlipClosure closure_;
  ModelState state_;
  Rng rng_;
  std::size_t max_flips_;
  std::optional<int> max_casts_;
  std::size_t flips_ = 0;
  std::vector<UnitIndex> free_units_;
  Archive archive_;
};

}  // namespace

std::vector<ModelPoint> model_front(const Space& space, const ErrorModel& model,
                                    const std::vector<Assignment>& seeds,
                                    const LocalSearchOptions& options) {
  return LocalSearch(space, model, options).run(seeds);
}

}  // namespace keel::search
