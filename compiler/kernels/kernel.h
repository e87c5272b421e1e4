#pragma once

#include <atomic>
#include <span>
#include <string_view>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/base/rounding.h"
#include "compiler/base/tensor.h"
#include "compiler/ir/op.h"

namespace keel::kernels {

struct Kernel;

/// The kernel that runs the calls of one node, found at the first: they have equal types.
/// Thread-safe.
using KernelChoice = std::atomic<const Kernel*>;

/// Inputs of a call: few as a rule, which are held in place.
using Operands = absl::InlinedVector<const Tensor*, 4>;

/// An element-wise operator applied in place to a result that nothing else reads.
struct Follower {
  const ir::Unary& op;
  DType dtype;  ///< what it rounds to
};

/// One execution of one operator on the host, as the NPU would compute it.
struct Call {
  const ir::Op& op;
  std::span<const Tensor* const> inputs;   ///< null for an absent optional input
  std::span<const TensorType> outputs;     ///< a float output is rounded to the dtype given here
  FloatFormat compute = FloatFormat::F32;  ///< what ir::cube_operands are rounded to
  Overflow overflow = Overflow::InfNan;
  bool may_block = false;          ///< results may come in channel blocks
  KernelChoice* choice = nullptr;  ///< of the node; may be null
  /// Applied to the one result, in this order, each rounding; it must be one that was computed.
  std::span<const Follower> followers = {};
  /// The shapes in `outputs` are those of an example: they follow from these inputs.
  bool varies = false;
};

/// A host implementation. It computes in fp32 (integers in their own dtype) and rounds nothing:
/// execute() rounds, in one place. Only an LSTM, GRU and RNN, whose steps feed on each other, round
/// between them (recurrent_problem.h).
struct Kernel {
  std::string_view name;  ///< "onednn-conv", "eigen-matmul", "reference-conv"
  bool (*supports)(const Call&);
  Result<Tensors> (*run)(const Call&);
  bool takes_blocks = false;  ///< the first input may be in channel blocks; all others never are
};

/// Every kernel, fastest first, the plain reference of each family last: the first that supports a
/// call runs it.
std::span<const Kernel> kernel_table();

/// Runs `call` with the first kernel that supports it.
///
/// What the cube multiplies (not a bias) is rounded to call.compute unless their dtype is
/// already that format; products are accumulated in fp32; every float output is rounded once to
/// its dtype under call.overflow. A vector operator computes in fp32 inside and is rounded once at
/// its exit.
///
/// Inputs may be in channel blocks, results are if call.may_block and the operator works in them:
/// a convolution or a pool, or one that works element by element on such an input.
///
/// Thread-safe. oneDNN's own threads are switched off for the calling thread.
/// \error Unsupported  no kernel supports the operator with these dtypes
/// \error InvalidModel  call.varies, and the operator does not take inputs of these shapes
Result<Tensors> execute(const Call& call);

/// Whether a result of `op` may be handed to followers, and whether `op` may be one.
bool can_be_followed(const ir::Op& op);
bool can_follow(const ir::Op& op);

/// Runs an operator with a data-dependent shape (ir::has_data_dependent_shape) where not even the
/// dtypes of its results are known. It computes nothing, so nothing is rounded: results of floats
/// have the dtype of the first input.
/// \error Unsupported  as execute
Result<Tensors> execute_unshaped(const ir::Op& op, std::span<const Tensor* const> inputs,
                                 std::size_t output_count);

/// The same as execute() with one kernel of the table, for tests.
Result<Tensors> execute_with(const Kernel& kernel, const Call& call);

/// The same with the plain reference kernels only, for tests.
Result<Tensors> execute_reference(const Call& call);

}  // namespace keel::kernels
