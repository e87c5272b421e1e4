#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/base/rounding.h"
#include "compiler/base/tensor.h"
#include "compiler/ir/graph.h"
#include "compiler/program/result_memo.h"

namespace keel::program {

struct HostPlan;

struct HostOptions {
  Overflow overflow = Overflow::InfNan;
  /// Results of equal nodes on equal inputs are taken from it and put into it; may be null.
  ResultMemo* memo = nullptr;
  /// Called for each computed value, in execution order; may be empty. If given, every value is
  /// computed and the memo is left alone.
  std::function<void(ir::ValueId, const Tensor&)> observe;
  std::stop_token stop;       ///< checked between nodes
  bool expects_reuse = true;  ///< Sharing::expects_reuse
};

/// A typed graph made ready to run on the host, value for value as the NPU would compute it: what
/// every run needs and no run changes.
///
/// Memory: a tensor is released after its last reader. Concurrent runs are safe.
class HostProgram {
 public:
  /// \pre the graph outlives this and does not change
  explicit HostProgram(const ir::Graph& graph);
  ~HostProgram();
  HostProgram(const HostProgram&) = delete;
  HostProgram& operator=(const HostProgram&) = delete;

  /// \param inputs  in Graph::inputs() order, of the types declared there
  /// \returns       in Graph::outputs() order
  /// \error InvalidConfig  an input of another type than the graph declares
  /// \error Unsupported    an operator without a host kernel for its dtypes
  /// \error DeviceFailed   stopped
  Result<std::vector<Tensor>> run(std::span<const Tensor> inputs,
                                  const HostOptions& options = {}) const;

 private:
  std::unique_ptr<const HostPlan> plan_;
};

/// HostProgram(graph).run(inputs, options).
Result<std::vector<Tensor>> run_on_host(const ir::Graph& graph, std::span<const Tensor> inputs,
                                        const HostOptions& options = {});

}  // namespace keel::program
