#include "tuner/search/front_neighbours.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "tuner/search/flip_closure.h"
#include "tuner/search/hypervolume.h"
#include "tuner/search/moves.h"

namespace keel::search {
namespace {

constexpr double kHope = 0.25;  // decades
// What flips together costs the square of its size to close: larger crossings and groups are left
// out, and of the places to cross at every n-th is tried.
constexpr std::size_t kMostFlips = 256;
constexpr std::size_t kMostCuts = 64;

struct Neighbour {
  double gain;
  ModelPoint point;
};

// Of each unit in turn: it and what merges with it, directly or through others, at the same bit. A
// group in which kernels merge costs time when it is split, so it moves as one.
std::vector<std::vector<UnitIndex>> merged_groups(const Space& space, const Assignment& x) {
  std::vector<std::vector<UnitIndex>> linked(space.units.size());
  for (const Adjacency& pair : space.adjacent) {
    if (x[pair.first] != x[pair.second]) continue;
    linked[pair.first].push_back(pair.second);
    linked[pair.second].push_back(pair.first);
  }
  std::vector<bool> is_seen(space.units.size(), false);
  std::vector<std::vector<UnitIndex>> groups;
  for (UnitIndex first = 0; first < space.units.size(); ++first) {
    if (is_seen[first] || linked[first].empty()) continue;
    std::vector<UnitIndex> group{first};
    is_seen[first] = true;
    for (std::size_t i = 0; i < group.size(); ++i)
      for (const UnitIndex next : linked[group[i]]) {
        if (is_seen[next]) continue;
        is_seen[next] = true;
        group.push_back(next);
      }
    groups.push_back(std::move(group));
  }
  return groups;
}

Hypervolume volume_of(const Space& space, const std::vector<Trial>& trials,
                      const std::vector<Trial>& verified) {
  Hypervolume volume(reference_point(space, trials), {});
  for (const Trial& trial : verified)
    volume.add({log_error(trial.outcome.squared_error), trial.outcome.latency_us});
  return volume;
}

}  // namespace

std::vector<ModelPoint> front_neighbours(const Surrogate& surrogate,
                                         const std::vector<Trial>& trials,
                                         const std::set<Assignment>& asked, std::size_t count) {
  const Space& space = surrogate.space();
  const std::vector<Trial> verified = front(trials);
  const Hypervolume volume = volume_of(space, trials, verified);
  const FlipClosure closure(space);
  ModelState state(space, surrogate.error_model());
  std::set<Assignment> seen;
  std::vector<Neighbour> neighbours;
  const std::vector<std::vector<UnitIndex>> all_moves = moves(space);
  const std::array mates{all_kept(space), all_lowered(space)};
  const auto is_free = [&](UnitIndex unit) { return space.units[unit].state == UnitState::Free; };
  for (const Trial& trial : verified) {
    if (with_fixed_units(space, trial.assignment) != trial.assignment) continue;
    state.reset(trial.assignment);
    const double latency_shift =
        trial.outcome.latency_us - state.latency_us() - surrogate.latency_deviation_us();
    const double error_shift =
        log_error(trial.outcome.squared_error) - log_error(state.squared_error()) - kHope;
    const auto consider = [&](const auto& units) {
      if (!std::ranges::all_of(units, is_free)) return;
      state.with_flips(closure.of(trial.assignment, units), [&] {
        const double gain = volume.gain(
            {log_error(state.squared_error()) + error_shift, state.latency_us() + latency_shift});
        if (gain <= 0 || asked.contains(state.assignment())) return;
        if (!seen.insert(state.assignment()).second) return;
        neighbours.push_back(
            {gain, {state.assignment(), state.latency_us(), state.squared_error()}});
      });
    };
    // The front part of `other` and the rest of the trial; and the other way round.
    const auto consider_crossovers = [&](const Assignment& other) {
      std::vector<UnitIndex> differing;
      for (UnitIndex u = 0; u < space.units.size(); ++u)
        if (trial.assignment[u] != other[u]) differing.push_back(u);
      if (differing.size() > kMostFlips) return;
      const std::size_t stride = differing.size() / kMostCuts + 1;
      for (std::size_t cut = 1; cut < differing.size(); cut += stride) {
        consider(std::span(differing).first(cut));
        consider(std::span(differing).subspan(cut));
      }
    };
    for (const std::vector<UnitIndex>& move : all_moves) consider(move);
    for (std::vector<UnitIndex>& group : merged_groups(space, trial.assignment)) {
      std::erase_if(group, [&](UnitIndex unit) { return !is_free(unit); });
      if (group.size() <= kMostFlips) consider(group);
    }
    for (const Assignment& other : mates) consider_crossovers(other);
  }
  std::ranges::stable_sort(neighbours, std::greater(), &Neighbour::gain);
  if (neighbours.size() > count) neighbours.resize(count);
  std::vector<ModelPoint> points;
  for (Neighbour& neighbour : neighbours) points.push_back(std::move(neighbour.point));
  return points;
}

}  // namespace keel::search
