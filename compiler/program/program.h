#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/base/hash.h"
#include "compiler/ir/graph.h"

namespace keel::program {

/// Which part of the chip bounds a kernel, and so which terms of the timing model apply.
enum class KernelClass : std::uint8_t {
  Cube,       ///< a matrix product or convolution, with what is fused to it
  Depthwise,  ///< a convolution with one input channel a group, which fills the cube badly
  Recurrent,  ///< an LSTM, whose steps of product and vector work wait for each other
  Vector,     ///< elementwise, reduction, softmax, pooling
  Layout,     ///< moves elements: Transpose, Concat, Slice, ...
  Cast,       ///< a cast that stands alone
  None,       ///< no launch at all: Reshape and its kin only rename the extents, and the kernels
              ///< before some Concats write where it wants them
};

std::string_view name(KernelClass kernel_class);

/// One launch on the NPU.
struct Kernel {
  std::string name;  ///< names of its first origins, joined by '+'; "cast_<value>" for a cast
  KernelClass kind = KernelClass::Vector;
  std::vector<ir::NodeId> members;  ///< in execution order
  std::vector<ir::ValueId> reads;   ///< tensors it takes from memory, constants included, each once
  std::vector<ir::ValueId> writes;  ///< tensors it hands to other kernels or out, each once
  std::optional<ir::UnitId> unit;   ///< the unit of its first member that has one
  Digest digest;  ///< equal digests run in equal time on the same SoC: members, types, attributes
};

/// A compiled variant. Every value of `graph` has the dtype it has on the NPU; every kernel is
/// listed once, in the order of execution.
struct Program {
  ir::Graph graph;
  std::vector<Kernel> kernels;
};

/// Groups the nodes of a typed graph into kernels.
/// \error InvalidModel  a group that cannot run in one go, because a value leaves it and comes back
Result<Program> lower(ir::Graph graph);

}  // namespace keel::program
