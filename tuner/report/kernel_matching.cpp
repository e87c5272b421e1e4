#include "tuner/report/kernel_matching.h"

#include <map>

namespace keel::report {
namespace {

// No node has an empty name before its own.
std::vector<std::string> lone_cast(const KernelRow& row) { return {"", row.name}; }

std::vector<std::string> first_node(const KernelRow& row) {
  return row.nodes.empty() ? lone_cast(row) : std::vector{row.nodes.front()};
}

}  // namespace

KernelMatching::KernelMatching(const KernelRows& before, const KernelRows& after)
    : place_(before.size()), is_taken_(after.size(), false) {
  match(before, after,
        [](const KernelRow& row) { return row.nodes.empty() ? lone_cast(row) : row.nodes; });
  match(before, after, first_node);
}

// Those that have no place yet, by a key; equal keys in launch order.
void KernelMatching::match(const KernelRows& before, const KernelRows& after, const Key& key) {
  std::map<std::vector<std::string>, std::vector<std::size_t>> places;
  for (std::size_t k = after.size(); k-- > 0;)
    if (!is_taken_[k]) places[key(*after[k])].push_back(k);
  for (std::size_t k = 0; k < before.size(); ++k) {
    if (place_[k]) continue;
    const auto found = places.find(key(*before[k]));
    if (found == places.end() || found->second.empty()) continue;
    place_[k] = found->second.back();
    is_taken_[*place_[k]] = true;
    found->second.pop_back();
  }
}

}  // namespace keel::report
