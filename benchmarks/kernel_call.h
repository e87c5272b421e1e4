#pragma once

#include <array>
#include <memory>
#include <string_view>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/ir/graph.h"
#include "compiler/kernels/kernel.h"

namespace keel::bench {

/// One call of a kernel to be timed.
struct KernelCase {
  std::string_view name;
  /// The node in the text form of the IR (compiler/ir/text.h), over operands a, b, c, ...
  std::string_view node;
  /// Type and content of each: "i64[2] {2, 3}". Without a content it is random in [-1, 1); the
  /// dtype `float` is the one that is timed. Empty where there are fewer.
  std::array<std::string_view, 4> operands;
};

/// A case with its tensors, in one float dtype.
struct KernelCall {
  ir::Graph graph;                    ///< the node over constants
  std::vector<const Tensor*> inputs;  ///< in graph
  std::vector<TensorType> outputs;

  const ir::Node& node() const { return graph[graph.nodes().front()]; }
};

/// On the heap, as it points into itself. In F16 the cube multiplies in fp16 too.
/// \error InvalidModel  the case is not a node of the text form
Result<std::unique_ptr<const KernelCall>> make_call(const KernelCase& kernel_case, DType dtype);

/// Multiplications and additions of a product; 0 of any other operator.
double operations(const KernelCall& call);

/// Host bytes that must be read and written at least once.
double bytes_moved(const KernelCall& call);

}  // namespace keel::bench
