#include "tuner/search/max_flow.h"

#include <gtest/gtest.h>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/push_relabel_max_flow.hpp>

#include "compiler/base/random.h"

namespace keel::search {
namespace {

struct Edge {
  FlowNetwork::Node from;
  FlowNetwork::Node to;
  FlowNetwork::Capacity capacity;
};

std::vector<Edge> random_edges(Rng& rng, std::size_t nodes) {
  std::vector<Edge> edges;
  const std::size_t count = nodes * (1 + rng.below(4));
  for (std::size_t i = 0; i < count; ++i) {
    const auto from = static_cast<FlowNetwork::Node>(rng.below(nodes));
    const auto to = static_cast<FlowNetwork::Node>(rng.below(nodes));
    if (from != to)
      edges.push_back({from, to, static_cast<std::int64_t>(rng.below(1'000'000'007))});
  }
  return edges;
}

// The oracle: another algorithm, by other people.
std::int64_t boost_flow(std::size_t nodes, const std::vector<Edge>& edges) {
  using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
  using Graph = boost::adjacency_list<
      boost::vecS, boost::vecS, boost::directedS, boost::no_property,
      boost::property<
          boost::edge_capacity_t, std::int64_t,
          boost::property<boost::edge_residual_capacity_t, std::int64_t,
                          boost::property<boost::edge_reverse_t, Traits::edge_descriptor>>>>;
  Graph graph(nodes);
  for (const Edge& edge : edges) {
    const auto forward = boost::add_edge(edge.from, edge.to, graph).first;
    const auto backward = boost::add_edge(edge.to, edge.from, graph).first;
    boost::put(boost::edge_capacity, graph, forward, edge.capacity);
    boost::put(boost::edge_capacity, graph, backward, 0);
    boost::put(boost::edge_reverse, graph, forward, backward);
    boost::put(boost::edge_reverse, graph, backward, forward);
  }
  return boost::push_relabel_max_flow(graph, 0, 1);
}

TEST(MaxFlow, EqualsBoostsOnRandomNetworks) {
  Rng rng(1);
  for (int round = 0; round < 200; ++round) {
    const std::size_t nodes = 2 + rng.below(40);
    const std::vector<Edge> edges = random_edges(rng, nodes);
    FlowNetwork network(nodes);
    for (const Edge& edge : edges) network.add_edge(edge.from, edge.to, edge.capacity);
    EXPECT_EQ(network.send(0, 1), boost_flow(nodes, edges)) << "round " << round;
  }
}

TEST(MaxFlow, EqualsTheCapacityOfTheCutItReports) {
  Rng rng(2);
  for (int round = 0; round < 50; ++round) {
    const std::size_t nodes = 2 + rng.below(30);
    const std::vector<Edge> edges = random_edges(rng, nodes);
    FlowNetwork network(nodes);
    for (const Edge& edge : edges) network.add_edge(edge.from, edge.to, edge.capacity);
    const std::int64_t flow = network.send(0, 1);
    const std::vector<std::uint8_t> inside = network.source_side(0);
    std::int64_t capacity = 0;
    for (const Edge& edge : edges)
      if (inside[edge.from] != 0 && inside[edge.to] == 0) capacity += edge.capacity;
    EXPECT_EQ(flow, capacity) << "round " << round;
    EXPECT_EQ(inside[1], 0);
  }
}

TEST(MaxFlow, UsesTheBackwardCapacityOfAnEdge) {
  FlowNetwork network(3);
  network.add_edge(2, 0, 1, 5);
  network.add_edge(2, 1, 3);
  EXPECT_EQ(network.send(0, 1), 3);
}

TEST(MaxFlow, FollowsAPathAsLongAsADeepModel) {
  constexpr FlowNetwork::Node kNodes = 200'000;
  FlowNetwork network(kNodes);
  for (FlowNetwork::Node node = 2; node + 1 < kNodes; ++node) network.add_edge(node, node + 1, 9);
  network.add_edge(0, 2, 7);
  network.add_edge(kNodes - 1, 1, 8);
  EXPECT_EQ(network.send(0, 1), 7);
}

}  // namespace
}  // namespace keel::search
