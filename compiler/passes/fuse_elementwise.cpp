#include "compiler/passes/fuse_elementwise.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "compiler/passes/pass.h"

namespace keel::passes {
namespace {

using ir::NodeId;
using ir::ValueId;

bool is_elementwise(const ir::Op& op) {
  return std::holds_alternative<ir::Unary>(op) || std::holds_alternative<ir::Binary>(op) ||
         std::holds_alternative<ir::Clip>(op) || std::holds_alternative<ir::Where>(op);
}

// Sets of nodes that run as one kernel, as a disjoint-set forest.
class Groups {
 public:
  explicit Groups(const ir::Graph& graph)
      : parent_(graph.node_bound()), has_cube_(graph.node_bound(), false) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    for (const NodeId id : graph.nodes()) has_cube_[index(id)] = ir::is_cube(graph[id].op);
    std::vector<std::optional<std::size_t>> first(graph.node_bound());
    for (const NodeId id : graph.nodes()) {
      if (!graph[id].group) continue;
      std::optional<std::size_t>& representative = first[index(*graph[id].group)];
      if (representative) {
        join(*representative, index(id));
      } else {
        representative = index(id);
      }
    }
  }

  std::size_t find(std::size_t node) {
    while (parent_[node] != node) node = parent_[node] = parent_[parent_[node]];
    return node;
  }

  void join(std::size_t a, std::size_t b) {
    const auto [low, high] = std::minmax({find(a), find(b)});
    parent_[high] = low;
    has_cube_[low] = has_cube_[low] || has_cube_[high];
  }

  bool holds_cube(std::size_t node) { return has_cube_[find(node)]; }

  bool hold_two_cubes(std::size_t a, std::size_t b) {
    return find(a) != find(b) && has_cube_[find(a)] && has_cube_[find(b)];
  }

 private:
  std::vector<std::size_t> parent_;
  std::vector<bool> has_cube_;  // of representatives
};

}  // namespace

std::optional<NodeId> fusable_reader(const ir::Graph& graph, const Match& match, ValueId value) {
  const std::optional<NodeId> producer = graph.producer(value);
  if (!producer) return std::nullopt;
  if (!is_elementwise(graph[*producer].op) && !ir::is_cube(graph[*producer].op))
    return std::nullopt;
  const std::optional<NodeId> reader = match.only_reader(value);
  if (!reader || !is_elementwise(graph[*reader].op)) return std::nullopt;
  if (graph[graph[*reader].outputs[0]].type.shape != graph[value].type.shape) return std::nullopt;
  // Inside a pattern the launch is one already; a reader that heads another pattern stays there.
  if (graph[*reader].group && graph[*reader].group != graph[*producer].group) return std::nullopt;
  return reader;
}

/// Merges an elementwise node into the kernel that makes its operand. The operand has no other
/// reader, so no value can leave the merged kernel and come back.
///
/// A cast that alone reads the result of a kernel with a product is merged too: the cube's exit
/// converts on the way out.
Result<bool> fuse_elementwise(ir::Graph& graph, const Context&) {
  const Match match(graph);
  Groups groups(graph);
  std::vector<bool> merged(graph.node_bound(), false);
  const auto merge = [&](NodeId a, NodeId b) {
    if (groups.hold_two_cubes(index(a), index(b))) return;  // a launch has one product at most
    groups.join(index(a), index(b));
    merged[index(a)] = merged[index(b)] = true;
  };
  for (const NodeId id : graph.nodes()) {
    for (const ValueId output : graph[id].outputs) {
      if (const std::optional<NodeId> reader = fusable_reader(graph, match, output)) {
        merge(id, *reader);
        continue;
      }
      const std::optional<NodeId> reader = match.only_reader(output);
      if (reader && groups.holds_cube(index(id)) && graph[*reader].origins.empty() &&
          std::holds_alternative<ir::Cast>(graph[*reader].op))
        merge(id, *reader);
    }
  }
  bool changed = false;
  for (const NodeId id : graph.nodes()) {
    if (!merged[index(id)]) continue;
    graph.edit(id).group = static_cast<ir::GroupId>(groups.find(index(id)));
    changed = true;
  }
  // The representative's number may be that of an older group, so every member takes it.
  for (const NodeId id : graph.nodes())
    if (graph[id].group) graph.edit(id).group = static_cast<ir::GroupId>(groups.find(index(id)));
  return changed;
}

}  // namespace keel::passes
