#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/base/rounding.h"
#include "compiler/base/tensor.h"
#include "compiler/ir/op.h"

namespace keel::ir {

enum class NodeId : std::uint32_t {};
enum class ValueId : std::uint32_t {};
enum class OriginId : std::uint32_t {};
enum class UnitId : std::uint32_t {};
enum class GroupId : std::uint32_t {};

/// Stands in Node::inputs where an optional input is absent.
constexpr ValueId kNoValue{UINT32_MAX};

template <class Id>
constexpr std::size_t index(Id id) {
  return static_cast<std::size_t>(id);
}

/// A node of the model file, which nodes of the graph come from.
struct Origin {
  std::string name;     ///< as the vendor compiler will see it; unique
  std::string onnx_op;  ///< "Conv"
  bool operator==(const Origin&) const = default;
};

/// A tensor: a graph input, a constant, or the result of a node.
struct Value {
  std::string name;  ///< unique in the graph; the ONNX name where there is one
  TensorType type;
  bool type_known = true;          ///< false between import and shape inference
  std::optional<Tensor> constant;  ///< the content; such a value has no producer
  /// The shape follows from the data: `type` is that of one example, executions differ in it.
  bool varies = false;
};

struct Node {
  Op op;
  std::vector<ValueId> inputs;  ///< kNoValue for an absent optional one
  std::vector<ValueId> outputs;
  std::vector<OriginId> origins;  ///< sorted; empty for a cast the compiler inserted
  std::optional<UnitId> unit;     ///< set by the unit-forming pass on nodes that compute floats
  FloatFormat compute = FloatFormat::F32;  ///< what cube operands are rounded to
  std::optional<GroupId>
      group;  ///< nodes of one group run as one kernel; none: a kernel of its own
};

/// A model as a directed acyclic graph of operators over values.
///
/// Invariants, which verify() checks and every public member keeps:
///   - each id held by a node or by outputs() names a live value or is kNoValue;
///   - a value has at most one producer; inputs and constants have none;
///   - no node reaches itself;
///   - results of a node with an input that varies in shape are said to vary too.
///
/// Ids index vectors and stay valid for the life of the graph: erase() leaves a hole rather
/// than renumber. A Graph copies as a value (constants share their bytes). Concurrent const use
/// is safe.
class Graph {
 public:
  /// A copy to which so many nodes with one output each can be added before any is moved.
  Graph with_room(std::size_t nodes) const;

  OriginId add_origin(Origin origin);
  ValueId add_input(Value value);

  /// A value with content and no producer. \pre the name is new
  ValueId add_constant(std::string name, Tensor content);

  /// \pre every input is live or kNoValue
  NodeId add_node(Node node, std::vector<Value> outputs);

  /// Makes `value` the next result of the graph.
  void add_output(ValueId value);

  /// Makes the result at `position` of outputs() another value. \pre `value` is live
  void replace_output(std::size_t position, ValueId value);

  void set_type(ValueId value, TensorType type);
  /// Of a value whose shape follows from the data, as one example has it.
  void set_example_type(ValueId value, TensorType type);

  /// Makes every consumer of `from` consume `to`, graph outputs not included.
  void replace_uses(ValueId from, ValueId to);

  /// Removes a node and its outputs. \pre nothing uses the outputs
  void erase(NodeId node);
  /// Removes a value that has no producer and no user.
  void erase_unused(ValueId value);

  /// For changing a node in place; verify() afterwards. Outputs must not be changed.
  Node& edit(NodeId id) { return *nodes_[index(id)]; }

  /// Live nodes in id order. A copy, so the graph may be edited while looping.
  std::vector<NodeId> nodes() const;
  std::vector<ValueId> values() const;
  std::span<const ValueId> inputs() const { return inputs_; }
  std::span<const ValueId> outputs() const { return outputs_; }
  std::span<const Origin> origins() const { return origins_; }
  bool is_input(ValueId value) const;
  bool is_output(ValueId value) const;

  bool has(NodeId id) const { return index(id) < nodes_.size() && nodes_[index(id)]; }
  bool has(ValueId id) const { return index(id) < values_.size() && values_[index(id)]; }
  const Node& operator[](NodeId id) const { return *nodes_[index(id)]; }
  const Value& operator[](ValueId id) const { return *values_[index(id)]; }
  const Origin& operator[](OriginId id) const { return origins_[index(id)]; }

  /// Upper bounds of the ids, for vectors indexed by them.
  std::size_t node_bound() const { return nodes_.size(); }
  std::size_t value_bound() const { return values_.size(); }

  /// The node that makes `value`; empty for inputs and constants.
  std::optional<NodeId> producer(ValueId value) const { return producers_[index(value)]; }

  /// \error InvalidModel  the first broken invariant, with the node that breaks it in `where`
  Status verify() const;

  /// Whether results of the node vary in shape (Value::varies).
  bool varies(NodeId id) const;

  /// "node 'conv1' (Conv)": what errors call a node, by its first origin.
  std::string describe(NodeId id) const;

 private:
  ValueId add_value(Value value, std::optional<NodeId> producer);

  std::vector<std::optional<Node>> nodes_;
  std::vector<std::optional<Value>> values_;
  std::vector<std::optional<NodeId>> producers_;
  std::vector<Origin> origins_;
  std::vector<ValueId> inputs_;
  std::vector<ValueId> outputs_;
};

/// The nodes that read each value, in id order, each once.
class Readers {
 public:
  explicit Readers(const Graph& graph);
  std::span<const NodeId> operator[](ValueId value) const {
    const std::size_t v = index(value);
    return std::span(nodes_).subspan(first_[v], first_[v + 1] - first_[v]);
  }

 private:
  std::vector<std::size_t> first_;  // of each value's readers in nodes_, and the end
  std::vector<NodeId> nodes_;
};

/// Nodes in an order in which each runs after its producers; among those that may run, the lowest
/// id first. Nodes on a cycle are missing from it. O((nodes + edges) log nodes).
std::vector<NodeId> topological_order(const Graph& graph);
/// The same, where the readers are known.
std::vector<NodeId> topological_order(const Graph& graph, const Readers& readers);

/// Digest of operators, attributes, connections, types and constants; names do not matter.
Digest structural_hash(const Graph& graph);

}  // namespace keel::ir
