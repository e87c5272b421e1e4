#pragma once

#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/ir/graph.h"
#include "compiler/onnx/attributes.h"
#include "compiler/onnx/known_contents.h"
#include "compiler/onnx/load.h"
#include "compiler/onnx/value_table.h"

namespace keel::onnx_io {

/// What the nodes of one model share while they are imported.
struct ImportState {
  ir::Graph graph;
  ValueTable values;
  KnownContents known{graph};
  std::unordered_set<std::string> used;           ///< values some node or graph output reads
  std::unordered_set<std::string> graph_outputs;  ///< of the main graph
  std::int64_t opset = 0;
  std::int64_t loop_iterations = kLoopIterations;  ///< LoadOptions
};

/// One node of the file on its way into the graph: what an importer may read, and what it changes.
class NodeImport {
 public:
  /// \param name  as assigned by ascend::assign_names
  NodeImport(ImportState& state, const ::onnx::NodeProto& proto, std::string name,
             ir::OriginId origin, ExternalData& external);

  const std::string& name() const { return name_; }
  const std::string& onnx_op() const;
  std::int64_t opset() const { return state_.opset; }
  /// Of a loop that the data ends, how many are in the graph.
  std::int64_t loop_iterations() const { return state_.loop_iterations; }
  std::size_t output_count() const;
  Attributes& attributes() { return attributes_; }

  /// The inputs of the ir node; importers bring them into the form of opset 18. Absent trailing
  /// ones are left out.
  std::vector<ir::ValueId>& inputs() { return inputs_; }
  bool has_input(std::size_t i) const { return i < inputs_.size() && inputs_[i] != ir::kNoValue; }
  /// The content of input `i` if it is there and constant, else null.
  const Tensor* constant(std::size_t i) const;
  /// Its element type if already known (inputs and constants of the model), else empty.
  std::optional<DType> dtype(std::size_t i) const;

  /// As KnownContents. \pre has_input(i)
  Result<const Tensor*> known_content(std::size_t i) { return state_.known.content(inputs_[i]); }
  Result<TensorType> known_type(std::size_t i) { return state_.known.type(inputs_[i]); }
  KnownContents& known() { return state_.known; }

  /// Adds the constant `<node>/<suffix>`.
  ir::ValueId add_constant(const std::string& suffix, Tensor content);
  /// Makes `content` input `i`. \error InvalidModel  the node already has that input
  Status set_input(std::size_t i, const std::string& suffix, Tensor content);
  /// Adds a node of the same origin whose result only this node's import uses, named
  /// `<first output>/partial_<n>`.
  ir::ValueId add_partial(ir::Op op, std::vector<ir::ValueId> inputs);

  /// Whether something reads output `i`.
  bool uses_output(std::size_t i) const;
  /// Makes `value` output `i`, which the node itself then does not compute. A result of the model
  /// keeps its name.
  void define_output(std::size_t i, ir::ValueId value);

  /// Adds the node itself and defines its outputs.
  /// \error InvalidModel  a wrong number of inputs or outputs
  /// \error Unsupported   an output is used that the operator does not compute
  Status finish(ir::Op op);
  /// Defines the outputs of a node that has become other nodes.
  /// \error InvalidModel  it has more outputs than there are `values`
  Status finish_as(std::span<const ir::ValueId> values);

 private:
  ImportState& state_;
  const ::onnx::NodeProto& proto_;
  std::string name_;
  ir::OriginId origin_;
  Attributes attributes_;
  std::vector<ir::ValueId> inputs_;
  int partials_ = 0;
};

}  // namespace keel::onnx_io
