#include "compiler/passes/fuse_elementwise.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "compiler/passes/pass.h"

namespace keel::passes {
namespace {

using ir::NodeId;
using ir::ValueId;

// A batch normalisation that nothing absorbed is a scale and an offset for each channel.
bool is_elementwise(const ir::Op& op) {
  return std::holds_alternative<ir::Unary>(op) || std::holds_alternative<ir::Binary>(op) ||
         std::holds_alternative<ir::Clip>(op) || std::holds_alternative<ir::Where>(op) ||
         std::holds_alternative<ir::BatchNorm>(op);
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

// Whether `reader`, which reads `value`, can run in the kernel that makes it.
bool can_join(const ir::Graph& graph, NodeId producer, NodeId reader, ValueId value) {
  if (!is_elementwise(graph[reader].op)) return false;
  if (graph[graph[reader].outputs[0]].type.shape != graph[value].type.shape) return false;
  // Inside a pattern the launch is one already; a reader that heads another pattern stays there.
  return !graph[reader].group || graph[reader].group == graph[producer].group;
}

bool can_be_joined(const ir::Op& op) { return is_elementwise(op) || ir::is_cube(op); }

// The kernel that all readers of `value` share, if they may all join the one that makes it.
std::optional<std::size_t> shared_kernel(const ir::Graph& graph, const Match& match, Groups& groups,
                                         NodeId producer, ValueId value) {
  const std::span<const NodeId> readers = match.readers(value);
  if (readers.size() < 2 || graph.is_output(value)) return std::nullopt;
  const std::size_t kernel = groups.find(index(readers.front()));
  for (const NodeId reader : readers)
    if (!can_join(graph, producer, reader, value) || groups.find(index(reader)) != kernel)
      return std::nullopt;
  return kernel;
}

// By representative, how many values its kernel hands to others or out.
std::vector<int> count_handed_out(const ir::Graph& graph, const Match& match, Groups& groups) {
  std::vector<int> counts(graph.node_bound(), 0);
  for (const NodeId id : graph.nodes()) {
    const std::size_t self = groups.find(index(id));
    for (const ValueId output : graph[id].outputs)
      counts[self] +=
          graph.is_output(output) || std::ranges::any_of(match.readers(output), [&](NodeId reader) {
            return groups.find(index(reader)) != self;
          });
  }
  return counts;
}

// x * sigmoid(x) and its kin: what several nodes of one kernel read is made there too. Nothing else
// may leave the kernel that makes it, else a value could leave the merged one and come back.
void join_forks(const ir::Graph& graph, const Match& match, bool unified_cores, Groups& groups,
                std::vector<bool>& merged) {
  std::vector<int> handed_out = count_handed_out(graph, match, groups);
  for (const NodeId id : ir::topological_order(graph, match.readers())) {
    if (!can_be_joined(graph[id].op)) continue;
    for (const ValueId output : graph[id].outputs) {
      const std::optional<std::size_t> readers = shared_kernel(graph, match, groups, id, output);
      const std::size_t self = groups.find(index(id));
      if (!readers || *readers == self || handed_out[self] != 1) continue;
      if (groups.holds_cube(*readers) || (groups.holds_cube(self) && !unified_cores)) continue;
      const int left = handed_out[*readers];
      groups.join(self, *readers);
      handed_out[groups.find(self)] = left;
      merged[index(id)] = true;
      for (const NodeId reader : match.readers(output)) merged[index(reader)] = true;
    }
  }
}

}  // namespace

std::optional<NodeId> fusable_reader(const ir::Graph& graph, const Match& match, ValueId value) {
  const std::optional<NodeId> producer = graph.producer(value);
  if (!producer || !can_be_joined(graph[*producer].op)) return std::nullopt;
  const std::optional<NodeId> reader = match.only_reader(value);
  if (!reader || !can_join(graph, *producer, *reader, value)) return std::nullopt;
  return reader;
}

/// Merges an elementwise node into the kernel that makes its operand. The operand has no other
/// reader, so no value can leave the merged kernel and come back.
///
/// A cast that alone reads the result of a kernel with a product is merged too: the cube's exit
/// converts on the way out.
///
/// Where several nodes read an operand and all run in one kernel, as in x * sigmoid(x), they join
/// the kernel that makes it; one with a product only where its core has a vector unit too.
/// \par Source  the vendor's list of fusion patterns: convolution with sigmoid and multiplication,
///     matrix product with mul, sigmoid and mul, on the 310, 310P, 310B and 910 families (D); other
///     forks of elementwise operators, and batch normalisation as one (I)
Result<bool> fuse_elementwise(ir::Graph& graph, const Context& context) {
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
  join_forks(graph, match, context.unified_cores, groups, merged);
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
