#include "tuner/search/moves.h"

#include <algorithm>
#include <utility>

#include "tuner/search/free_units.h"

namespace keel::search {

std::vector<std::vector<UnitIndex>> moves(const Space& space) {
  std::vector<std::vector<UnitIndex>> pairs;
  const auto add_pair = [&](UnitIndex a, UnitIndex b) {
    const auto is_free = [&](UnitIndex u) { return space.units[u].state == UnitState::Free; };
    if (a != b && is_free(a) && is_free(b)) pairs.push_back({std::min(a, b), std::max(a, b)});
  };
  for (const TensorLink& tensor : space.tensors)
    if (tensor.producer)
      for (const UnitIndex consumer : tensor.consumers) add_pair(*tensor.producer, consumer);
  for (const Adjacency& pair : space.adjacent) add_pair(pair.first, pair.second);
  std::ranges::sort(pairs);
  const auto repeated = std::ranges::unique(pairs);
  pairs.erase(repeated.begin(), repeated.end());

  std::vector<std::vector<UnitIndex>> all;
  for (const UnitIndex unit : free_units(space)) all.push_back({unit});
  std::ranges::move(pairs, std::back_inserter(all));
  return all;
}

}  // namespace keel::search
