#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "compiler/base/hash.h"
#include "compiler/base/tensor.h"
#include "compiler/ir/graph.h"
#include "compiler/kernels/kernel.h"
#include "compiler/program/host_execution.h"

namespace keel::program {

/// A node ready to run, with the activations that run in place on its result.
struct HostStep {
  const ir::Node& node;
  ir::NodeId id;
  std::vector<TensorType> types;     ///< of the node's outputs
  bool varies;                       ///< Graph::varies()
  std::vector<ir::ValueId> results;  ///< what the node and its followers leave
  Digest digest;                     ///< of all a result depends on that no run changes
  std::unique_ptr<kernels::KernelChoice> choice = std::make_unique<kernels::KernelChoice>();
  std::vector<kernels::Follower> followers = {};
  bool follows = false;  ///< runs with another step, unless the values between are asked for
  /// Whether a memo knows its results: they take long to make, or many steps lie before them since
  /// the last such. All others are cheaper to make again than to look up.
  bool is_checkpoint = false;
};

/// What every run of a typed graph needs and no run changes.
struct HostPlan {
  /// \pre the graph outlives this and does not change
  explicit HostPlan(const ir::Graph& graph);

  const ir::Graph& graph;
  std::vector<HostStep> steps;  ///< in execution order
  std::vector<int> readers;     ///< of each value, graph outputs included; by ValueId
};

/// The node with its followers. \param inputs  of the node, null for an absent one
Result<Tensors> execute(const HostStep& step, std::span<const Tensor* const> inputs,
                        Overflow overflow);
/// The node alone.
Result<Tensors> execute_alone(const HostStep& step, std::span<const Tensor* const> inputs,
                              Overflow overflow);

/// What a run hands out: the outputs of the graph, in row-major order.
/// \param tensor  the tensor of a value that is at hand
Result<std::vector<Tensor>> row_major_outputs(
    const ir::Graph& graph, const std::function<const Tensor*(ir::ValueId)>& tensor);

/// What a run returns that was stopped.
Error stopped(const ir::Graph& graph, ir::NodeId before);

/// HostProgram::run with a memo and without an observer.
Result<std::vector<Tensor>> run_memoised(const HostPlan& plan, std::span<const Tensor> inputs,
                                         const HostOptions& options);

}  // namespace keel::program
