#pragma once

#include <functional>
#include <unordered_map>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/base/tensor.h"
#include "compiler/ir/graph.h"

namespace keel::kernels {

/// Inputs of one execution, in Graph::inputs() order. Called once, where something depends on them.
using ExampleInputs = std::function<Result<std::vector<Tensor>>()>;

/// What the values of a graph hold in one execution in fp32, for shapes that follow from the data.
/// Only what is asked for is computed, with what lies before it, and kept.
class ExampleRun {
 public:
  explicit ExampleRun(ExampleInputs inputs) : read_inputs_(std::move(inputs)) {}

  /// \pre the types of the value and of all before it are known
  /// \error what reading the inputs gives, and execute() with the node
  Result<const Tensor*> content(const ir::Graph& graph, ir::ValueId value);

 private:
  Status read_inputs(const ir::Graph& graph);
  Status run(const ir::Graph& graph, ir::NodeId id);
  const Tensor* known(const ir::Graph& graph, ir::ValueId value) const;

  ExampleInputs read_inputs_;
  bool has_inputs_ = false;
  std::unordered_map<ir::ValueId, Tensor> contents_;
};

}  // namespace keel::kernels
