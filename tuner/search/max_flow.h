#pragma once

#include <cstdint>
#include <vector>

namespace keel::search {

/// A directed network with integer capacities, so that the maximum flow is exact and the same on
/// every machine.
class FlowNetwork {
 public:
  using Node = std::uint32_t;
  using Capacity = std::int64_t;

  explicit FlowNetwork(std::size_t nodes) : nodes_(nodes) {}

  Node add_node() { return static_cast<Node>(nodes_++); }
  std::size_t nodes() const { return nodes_; }

  /// \pre forward, backward >= 0; the sum of all capacities stays below 2^62
  void add_edge(Node from, Node to, Capacity forward, Capacity backward = 0);

  /// Sends the maximum flow, once.
  /// \par Source  Dinic 1970: blocking flows on the level graph, with current arcs
  Capacity send(Node source, Node sink);

  /// Nodes the source still reaches, after send(): the smallest minimum cut, 1 a node inside it.
  std::vector<std::uint8_t> source_side(Node source) const;

 private:
  void index_edges();
  bool find_levels(Node source, Node sink);
  Capacity augment(Node source, Node sink);

  std::size_t nodes_;
  // Edge 2k and its reverse 2k + 1 are partners: e ^ 1.
  std::vector<Node> to_;
  std::vector<Capacity> residual_;
  std::vector<std::uint32_t> first_;  ///< first_[n] .. first_[n + 1] index out_
  std::vector<std::uint32_t> out_;
  std::vector<std::uint32_t> level_;    ///< distance to the sink
  std::vector<std::uint32_t> current_;  ///< next edge of each node worth trying
};

}  // namespace keel::search
