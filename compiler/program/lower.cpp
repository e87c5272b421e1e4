#include <algorithm>
#include <functional>
#include <numeric>
#include <queue>
#include <span>
#include <unordered_map>

#include "compiler/ir/fields.h"
#include "compiler/program/placed_concat.h"
#include "compiler/program/program.h"

namespace keel::program {
namespace {

using ir::NodeId;
using ir::ValueId;

// Nodes per kernel. A node without a group is a kernel of its own.
struct Grouping {
  std::vector<std::size_t> kernel_of;  // by NodeId
  std::vector<NodeId> nodes;           // kernel by kernel, each in topological order
  std::vector<std::size_t> first;      // of each kernel in `nodes`, and the end

  std::size_t size() const { return first.size() - 1; }
  std::span<const NodeId> members(std::size_t kernel) const {
    return std::span(nodes).subspan(first[kernel], first[kernel + 1] - first[kernel]);
  }
};

Grouping group_nodes(const ir::Graph& graph, const std::vector<NodeId>& order) {
  Grouping grouping{
      std::vector<std::size_t>(graph.node_bound(), 0), std::vector<NodeId>(order.size()), {0}};
  std::vector<std::size_t>& first = grouping.first;
  first.reserve(order.size() + 1);
  std::unordered_map<ir::GroupId, std::size_t> of_group;
  for (const NodeId id : order) {
    std::size_t kernel = grouping.size();
    if (graph[id].group) kernel = of_group.try_emplace(*graph[id].group, kernel).first->second;
    if (kernel == grouping.size()) first.push_back(0);
    grouping.kernel_of[index(id)] = kernel;
    ++first[kernel + 1];
  }
  std::partial_sum(first.begin(), first.end(), first.begin());
  std::vector<std::size_t> next(first.begin(), first.end() - 1);
  for (const NodeId id : order) grouping.nodes[next[grouping.kernel_of[index(id)]]++] = id;
  return grouping;
}

// Kernels in an order in which each runs after those it reads from; empty on a cycle.
std::vector<std::size_t> order_kernels(const ir::Graph& graph, const Grouping& grouping,
                                       const ir::Readers& readers) {
  // Once for each value and node that reads it across kernels.
  const auto each_reader = [&](std::size_t kernel, auto&& visit) {
    for (const NodeId id : grouping.members(kernel))
      for (const ValueId output : graph[id].outputs)
        for (const NodeId reader : readers[output])
          if (const std::size_t to = grouping.kernel_of[index(reader)]; to != kernel) visit(to);
  };
  std::vector<int> waits(grouping.size(), 0);
  for (std::size_t kernel = 0; kernel < grouping.size(); ++kernel)
    each_reader(kernel, [&](std::size_t to) { ++waits[to]; });
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t kernel = 0; kernel < waits.size(); ++kernel)
    if (waits[kernel] == 0) ready.push(kernel);
  std::vector<std::size_t> order;
  order.reserve(grouping.size());
  while (!ready.empty()) {
    order.push_back(ready.top());
    ready.pop();
    each_reader(order.back(), [&](std::size_t to) {
      if (--waits[to] == 0) ready.push(to);
    });
  }
  if (order.size() != grouping.size()) order.clear();
  return order;
}

bool is_depthwise(const ir::Graph& graph, const ir::Node& node) {
  // Of the weights of both the second axis is the channels a group has on one side.
  const auto has_groups = [](const auto* conv) { return conv && conv->group > 1; };
  return (has_groups(std::get_if<ir::Conv>(&node.op)) ||
          has_groups(std::get_if<ir::ConvTranspose>(&node.op))) &&
         graph[node.inputs[1]].type.shape[1] == 1;
}

KernelClass class_of(const ir::Graph& graph, const std::vector<NodeId>& members) {
  const auto all = [&](auto is) {
    return std::ranges::all_of(members, [&](NodeId id) { return is(graph[id].op); });
  };
  for (const NodeId id : members)
    if (ir::is_recurrent(graph[id].op)) return KernelClass::Recurrent;
  for (const NodeId id : members)
    if (ir::is_cube(graph[id].op))
      return is_depthwise(graph, graph[id]) ? KernelClass::Depthwise : KernelClass::Cube;
  if (all([](const ir::Op& op) {
        return std::holds_alternative<ir::Reshape>(op) || std::holds_alternative<ir::Identity>(op);
      }))
    return KernelClass::None;
  if (all([](const ir::Op& op) { return std::holds_alternative<ir::Cast>(op); }))
    return KernelClass::Cast;
  return all(ir::is_layout) ? KernelClass::Layout : KernelClass::Vector;
}

std::string name_of(const ir::Graph& graph, const std::vector<NodeId>& members) {
  std::string name;
  for (const NodeId id : members) {
    if (graph[id].origins.empty()) continue;
    if (!name.empty()) name += '+';
    name += graph[graph[id].origins.front()].name;
  }
  return name.empty() ? "cast_" + graph[graph[members.front()].inputs[0]].name : name;
}

void add_new(std::vector<ValueId>& values, ValueId value) {
  if (std::ranges::find(values, value) == values.end()) values.push_back(value);
}

// Holds what kernel after kernel is gathered in, so that each list is allocated once, in its size.
struct Scratch {
  std::vector<ValueId> reads, writes, numbered;
};

void find_boundary(const ir::Graph& graph, const Grouping& grouping, const ir::Readers& readers,
                   std::size_t self, Scratch& scratch, Kernel& kernel) {
  scratch.reads.clear();
  scratch.writes.clear();
  for (const NodeId id : kernel.members) {
    for (const ValueId input : graph[id].inputs) {
      if (input == ir::kNoValue) continue;
      const std::optional<NodeId> producer = graph.producer(input);
      if (!producer || grouping.kernel_of[index(*producer)] != self) add_new(scratch.reads, input);
    }
    for (const ValueId output : graph[id].outputs) {
      const bool leaves =
          graph.is_output(output) || std::ranges::any_of(readers[output], [&](NodeId reader) {
            return grouping.kernel_of[index(reader)] != self;
          });
      if (leaves) add_new(scratch.writes, output);
    }
  }
  kernel.reads = scratch.reads;
  kernel.writes = scratch.writes;
}

void add_type(Hasher& hasher, const TensorType& type) {
  hasher.add(static_cast<std::uint64_t>(type.dtype));
  ir::add_to_hash(hasher, type.shape);
}

// Values are numbered as they are met inside the kernel, so that equal kernels at different places
// of a model have equal digests.
Digest digest_of(const ir::Graph& graph, const Kernel& kernel, Scratch& scratch) {
  Hasher hasher;
  hasher.add(static_cast<std::uint64_t>(kernel.kind));
  std::vector<ValueId>& numbered = scratch.numbered;  // few: a value's number is its place
  numbered.clear();
  const auto number_of = [&](ValueId id) {
    return static_cast<std::uint64_t>(std::ranges::find(numbered, id) - numbered.begin());
  };
  const auto add_value = [&](ValueId id) {
    const std::uint64_t number = number_of(id);
    if (number == numbered.size()) numbered.push_back(id);
    hasher.add(number);
    add_type(hasher, graph[id].type);
    hasher.add(std::uint64_t{graph[id].constant.has_value()});
  };
  for (const NodeId id : kernel.members) {
    const ir::Node& node = graph[id];
    hasher.add(ir::name(node.op));
    ir::for_each_field(
        node.op, [&](std::string_view, const auto& value) { ir::add_to_hash(hasher, value); });
    hasher.add(static_cast<std::uint64_t>(node.compute));
    for (const ValueId input : node.inputs)
      if (input != ir::kNoValue) add_value(input);
    for (const ValueId output : node.outputs) add_value(output);
  }
  hasher.add(std::string_view("writes"));
  for (const ValueId write : kernel.writes) hasher.add(number_of(write));
  return hasher.digest();
}

}  // namespace

std::string_view name(KernelClass kernel_class) {
  switch (kernel_class) {
    case KernelClass::Cube:
      return "cube";
    case KernelClass::Depthwise:
      return "depthwise";
    case KernelClass::Recurrent:
      return "recurrent";
    case KernelClass::Vector:
      return "vector";
    case KernelClass::Layout:
      return "layout";
    case KernelClass::Cast:
      return "cast";
    case KernelClass::None:
      return "none";
  }
  KEEL_CHECK(false && "a KernelClass outside its enumeration");
}

Result<Program> lower(ir::Graph graph) {
  const ir::Readers readers(graph);
  const std::vector<NodeId> nodes = ir::topological_order(graph, readers);
  const Grouping grouping = group_nodes(graph, nodes);
  const std::vector<std::size_t> order = order_kernels(graph, grouping, readers);
  if (order.empty() && !nodes.empty())
    return Error{ErrorCode::InvalidModel,
                 "kernels wait for each other: a value leaves a group of nodes and comes back", "",
                 ""};

  const auto runs_with_convolution = [&](NodeId id) {
    return std::ranges::any_of(grouping.members(grouping.kernel_of[index(id)]), [&](NodeId member) {
      return std::holds_alternative<ir::Conv>(graph[member].op);
    });
  };
  Scratch scratch;
  std::vector<Kernel> kernels;
  kernels.reserve(order.size());
  for (const std::size_t self : order) {
    Kernel kernel;
    const std::span<const NodeId> members = grouping.members(self);
    kernel.members.assign(members.begin(), members.end());
    kernel.kind = class_of(graph, kernel.members);
    if (is_placed_by_producers(graph, readers, kernel.members.front(), runs_with_convolution))
      kernel.kind = KernelClass::None;
    kernel.name = name_of(graph, kernel.members);
    for (const NodeId id : kernel.members)
      if (!kernel.unit) kernel.unit = graph[id].unit;
    find_boundary(graph, grouping, readers, self, scratch, kernel);
    kernel.digest = digest_of(graph, kernel, scratch);
    kernels.push_back(std::move(kernel));
  }
  return Program{std::move(graph), std::move(kernels)};
}

}  // namespace keel::program
