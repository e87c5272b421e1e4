#include "compiler/ir/graph.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <queue>

namespace keel::ir {
namespace {

// Whether no node reaches itself: takes away nodes that nobody reads until none is left.
bool is_acyclic(const Graph& graph, const std::vector<NodeId>& nodes) {
  const auto each_producer = [&](NodeId id, auto&& visit) {
    for (const ValueId input : graph[id].inputs)
      if (input != kNoValue)
        if (const std::optional<NodeId> producer = graph.producer(input)) visit(*producer);
  };
  std::vector<std::uint32_t> reads(graph.node_bound(), 0);
  for (const NodeId id : nodes) each_producer(id, [&](NodeId of) { ++reads[index(of)]; });
  std::vector<NodeId> unread;
  unread.reserve(nodes.size());
  for (const NodeId id : nodes)
    if (reads[index(id)] == 0) unread.push_back(id);
  for (std::size_t next = 0; next < unread.size(); ++next)
    each_producer(unread[next], [&](NodeId of) {
      if (--reads[index(of)] == 0) unread.push_back(of);
    });
  return unread.size() == nodes.size();
}

}  // namespace

Graph Graph::with_room(std::size_t nodes) const {
  const auto copy = [nodes](auto& to, const auto& from) {
    to.reserve(from.size() + nodes);
    to.assign(from.begin(), from.end());
  };
  Graph result;
  copy(result.nodes_, nodes_);
  copy(result.values_, values_);
  copy(result.producers_, producers_);
  result.origins_ = origins_;
  result.inputs_ = inputs_;
  result.outputs_ = outputs_;
  return result;
}

OriginId Graph::add_origin(Origin origin) {
  origins_.push_back(std::move(origin));
  return static_cast<OriginId>(origins_.size() - 1);
}

ValueId Graph::add_value(Value value, std::optional<NodeId> producer) {
  values_.emplace_back(std::move(value));
  producers_.push_back(producer);
  return static_cast<ValueId>(values_.size() - 1);
}

ValueId Graph::add_input(Value value) {
  return inputs_.emplace_back(add_value(std::move(value), std::nullopt));
}

ValueId Graph::add_constant(std::string name, Tensor content) {
  TensorType type = content.type();
  content.lasting();
  return add_value({std::move(name), std::move(type), true, std::move(content)}, std::nullopt);
}

NodeId Graph::add_node(Node node, std::vector<Value> outputs) {
  const auto id = static_cast<NodeId>(nodes_.size());
  for (Value& value : outputs) node.outputs.push_back(add_value(std::move(value), id));
  nodes_.emplace_back(std::move(node));
  return id;
}

void Graph::add_output(ValueId value) {
  KEEL_CHECK(has(value));
  outputs_.push_back(value);
}

void Graph::replace_output(std::size_t position, ValueId value) {
  KEEL_CHECK(has(value));
  outputs_[position] = value;
}

void Graph::set_type(ValueId value, TensorType type) {
  values_[index(value)]->type = std::move(type);
  values_[index(value)]->type_known = true;
}

void Graph::set_example_type(ValueId value, TensorType type) {
  set_type(value, std::move(type));
  values_[index(value)]->varies = true;
}

void Graph::replace_uses(ValueId from, ValueId to) {
  for (std::optional<Node>& node : nodes_)
    if (node) std::ranges::replace(node->inputs, from, to);
}

void Graph::erase(NodeId node) {
  for (const ValueId id : (*this)[node].outputs) values_[index(id)].reset();
  nodes_[index(node)].reset();
}

void Graph::erase_unused(ValueId value) { values_[index(value)].reset(); }

std::vector<NodeId> Graph::nodes() const {
  std::vector<NodeId> ids;
  ids.reserve(nodes_.size());
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    if (nodes_[i]) ids.push_back(static_cast<NodeId>(i));
  return ids;
}

std::vector<ValueId> Graph::values() const {
  std::vector<ValueId> ids;
  for (std::size_t i = 0; i < values_.size(); ++i)
    if (values_[i]) ids.push_back(static_cast<ValueId>(i));
  return ids;
}

bool Graph::is_input(ValueId value) const { return std::ranges::count(inputs_, value) > 0; }
bool Graph::is_output(ValueId value) const { return std::ranges::count(outputs_, value) > 0; }

bool Graph::varies(NodeId id) const {
  return std::ranges::any_of((*this)[id].outputs,
                             [&](ValueId output) { return (*this)[output].varies; });
}

std::string Graph::describe(NodeId id) const {
  const Node& node = (*this)[id];
  const std::string what = node.origins.empty() ? "#" + std::to_string(index(id))
                                                : "'" + (*this)[node.origins.front()].name + "'";
  return "node " + what + " (" + std::string(name(node.op)) + ")";
}

Status Graph::verify() const {
  const auto broken = [&](NodeId id, std::string what) -> Status {
    return Error{ErrorCode::InvalidModel, std::move(what), describe(id), ""};
  };
  const std::vector<NodeId> live = nodes();
  for (const NodeId id : live) {
    for (const ValueId input : (*this)[id].inputs)
      if (input != kNoValue && !has(input)) return broken(id, "an input is an erased value");
    for (const ValueId output : (*this)[id].outputs)
      if (!has(output) || producers_[index(output)] != id)
        return broken(id, "an output is not its own");
    const bool reads_varying = std::ranges::any_of((*this)[id].inputs, [&](ValueId input) {
      return input != kNoValue && (*this)[input].varies;
    });
    if (reads_varying && !varies(id)) return broken(id, "its results are not said to vary");
    for (const OriginId origin : (*this)[id].origins)
      if (index(origin) >= origins_.size()) return broken(id, "an origin does not exist");
  }
  for (const ValueId output : outputs_)
    if (!has(output)) return Error{ErrorCode::InvalidModel, "a graph output is erased", "", ""};

  if (is_acyclic(*this, live)) return Done{};
  std::vector<bool> ordered(nodes_.size(), false);
  for (const NodeId id : topological_order(*this)) ordered[index(id)] = true;
  for (const NodeId id : live)
    if (!ordered[index(id)]) return broken(id, "the node waits for itself");
  return Done{};
}

Readers::Readers(const Graph& graph) : first_(graph.value_bound() + 1, 0) {
  const std::vector<NodeId> nodes = graph.nodes();
  const auto each_read = [&](auto&& visit) {
    for (const NodeId id : nodes) {
      const std::vector<ValueId>& inputs = graph[id].inputs;
      for (auto input = inputs.begin(); input != inputs.end(); ++input)
        if (*input != kNoValue && std::find(inputs.begin(), input, *input) == input)
          visit(index(*input), id);
    }
  };
  each_read([&](std::size_t value, NodeId) { ++first_[value + 1]; });
  std::partial_sum(first_.begin(), first_.end(), first_.begin());
  nodes_.resize(first_.back());
  std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
  each_read([&](std::size_t value, NodeId id) { nodes_[next[value]++] = id; });
}

std::vector<NodeId> topological_order(const Graph& graph) {
  return topological_order(graph, Readers(graph));
}

std::vector<NodeId> topological_order(const Graph& graph, const Readers& readers) {
  const std::vector<NodeId> nodes = graph.nodes();
  const auto each_reader = [&](NodeId id, auto&& visit) {
    for (const ValueId output : graph[id].outputs)
      for (const NodeId reader : readers[output]) visit(index(reader), reader);
  };
  std::vector<std::uint32_t> waits(graph.node_bound(), 0);
  for (const NodeId id : nodes) each_reader(id, [&](std::size_t n, NodeId) { ++waits[n]; });
  std::priority_queue<NodeId, std::vector<NodeId>, std::greater<>> ready;
  for (const NodeId id : nodes)
    if (waits[index(id)] == 0) ready.push(id);
  std::vector<NodeId> order;
  order.reserve(nodes.size());
  while (!ready.empty()) {
    order.push_back(ready.top());
    ready.pop();
    each_reader(order.back(), [&](std::size_t n, NodeId reader) {
      if (--waits[n] == 0) ready.push(reader);
    });
  }
  return order;
}

}  // namespace keel::ir
