#include "tuner/search/max_flow.h"

#include <algorithm>
#include <limits>

namespace keel::search {
namespace {

constexpr std::uint32_t kUnreached = std::numeric_limits<std::uint32_t>::max();

}  // namespace

void FlowNetwork::add_edge(Node from, Node to, Capacity forward, Capacity backward) {
  to_.push_back(to);
  to_.push_back(from);
  residual_.push_back(forward);
  residual_.push_back(backward);
}

void FlowNetwork::index_edges() {
  first_.assign(nodes_ + 1, 0);
  for (std::size_t e = 0; e < to_.size(); ++e) ++first_[to_[e ^ 1] + 1];
  for (std::size_t n = 0; n < nodes_; ++n) first_[n + 1] += first_[n];
  out_.resize(to_.size());
  std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
  for (std::size_t e = 0; e < to_.size(); ++e)
    out_[next[to_[e ^ 1]]++] = static_cast<std::uint32_t>(e);
}

bool FlowNetwork::find_levels(Node source, Node sink) {
  level_.assign(nodes_, kUnreached);
  level_[sink] = 0;
  std::vector<Node> queue{sink};
  for (std::size_t head = 0; head < queue.size(); ++head) {
    const Node node = queue[head];
    for (std::uint32_t i = first_[node]; i < first_[node + 1]; ++i) {
      const std::uint32_t e = out_[i];
      if (residual_[e ^ 1] == 0 || level_[to_[e]] != kUnreached) continue;
      level_[to_[e]] = level_[node] + 1;
      queue.push_back(to_[e]);
    }
  }
  return level_[source] != kUnreached;
}

// One blocking flow. Iterative: a path may be as long as the model is deep.
FlowNetwork::Capacity FlowNetwork::augment(Node source, Node sink) {
  current_.assign(first_.begin(), first_.end() - 1);
  std::vector<std::uint32_t> path;
  Capacity total = 0;
  Node node = source;
  while (true) {
    if (node == sink) {
      Capacity amount = std::numeric_limits<Capacity>::max();
      for (const std::uint32_t e : path) amount = std::min(amount, residual_[e]);
      std::size_t keep = path.size();
      for (std::size_t i = path.size(); i-- > 0;) {
        residual_[path[i]] -= amount;
        residual_[path[i] ^ 1] += amount;
        if (residual_[path[i]] == 0) keep = i;
      }
      total += amount;
      node = to_[path[keep] ^ 1];
      path.resize(keep);
      continue;
    }
    std::uint32_t& arc = current_[node];
    while (arc < first_[node + 1] &&
           (residual_[out_[arc]] == 0 || level_[to_[out_[arc]]] + 1 != level_[node]))
      ++arc;
    if (arc < first_[node + 1]) {
      path.push_back(out_[arc]);
      node = to_[out_[arc]];
    } else if (path.empty()) {
      return total;
    } else {
      node = to_[path.back() ^ 1];
      path.pop_back();
      ++current_[node];
    }
  }
}

FlowNetwork::Capacity FlowNetwork::send(Node source, Node sink) {
  index_edges();
  Capacity total = 0;
  while (find_levels(source, sink)) total += augment(source, sink);
  return total;
}

std::vector<std::uint8_t> FlowNetwork::source_side(Node source) const {
  std::vector<std::uint8_t> inside(nodes_, 0);
  std::vector<Node> stack{source};
  inside[source] = 1;
  while (!stack.empty()) {
    const Node node = stack.back();
    stack.pop_back();
    for (std::uint32_t i = first_[node]; i < first_[node + 1]; ++i) {
      const std::uint32_t e = out_[i];
      if (residual_[e] == 0 || inside[to_[e]] != 0) continue;
      inside[to_[e]] = 1;
      stack.push_back(to_[e]);
    }
  }
  return inside;
}

}  // namespace keel::search
