#pragma once

#include <map>
#include <set>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/ir/graph.h"

namespace keel::onnx_io {

/// What can be said of the values of a graph under construction: control flow is resolved while a
/// model is imported, so conditions and trip counts are computed then. Every node is looked at
/// once, when something first depends on it.
class KnownContents {
 public:
  explicit KnownContents(ir::Graph& graph) : graph_(graph) {}

  /// Lets `content` stand for an input. See used_inputs().
  void assume(ir::ValueId input, Tensor content) { assumed_.emplace(input, std::move(content)); }

  /// The content, or null where it depends on an input nothing is assumed of.
  /// \error InvalidModel  a node before it cannot be computed
  Result<const Tensor*> content(ir::ValueId value);
  /// \error InvalidModel, Unsupported  a node before it cannot be computed, or the data decides
  Result<TensorType> type(ir::ValueId value);

  /// The inputs whose assumed contents were needed, with those contents.
  std::map<ir::ValueId, Tensor> used_inputs() const;

 private:
  Status visit(ir::ValueId value);
  const Tensor* lookup(ir::ValueId value);

  ir::Graph& graph_;
  std::map<ir::ValueId, Tensor> assumed_;
  std::map<ir::ValueId, Tensor> computed_;
  std::set<ir::ValueId> used_;
  std::set<ir::NodeId> visited_;
};

}  // namespace keel::onnx_io
