#pragma once

#include <optional>

#include "compiler/kernels/kernel.h"

// Tensors in blocks of channels (Tensor::in_blocks), which convolutions work in: those between two
// convolutions stay in them.

namespace keel::kernels {

/// Whether an input is present and held in blocks.
inline bool is_blocked(const Tensor* input) { return input != nullptr && input->block() != 0; }

/// The tensor with row-major elements: itself, or a copy. \pre of blocks: floats
/// \error DeviceFailed  oneDNN refused
Result<Tensor> in_row_major(const Tensor& tensor);

/// The tensor in blocks of 8 or 16 channels, copied. \pre floats, [n, c] and one to three further
/// axes
/// \error DeviceFailed  oneDNN refused
Result<Tensor> in_channel_blocks(const Tensor& tensor, std::int64_t block);

/// Puts zeros beyond the last of `channels`. \pre the tensor holds blocks [n, ..., block] of them
void clear_padding(std::span<float> blocks, const Shape& block_shape, std::int64_t channels);

/// A call on what blocks hold, row-major tensors of one more axis, which computes the same.
class CallOnBlocks {
 public:
  /// Empty if `call` may not give blocks, has none among its inputs, or is none that works element
  /// by element or joins whole blocks.
  /// \error DeviceFailed  oneDNN refused
  static Result<std::optional<CallOnBlocks>> of(const Call& call);

  const ir::Op& op() const { return op_; }
  Operands inputs() const;
  std::span<const TensorType> outputs() const { return outputs_; }

  /// What the call on blocks gave, unrounded, as results of the call it stands for.
  Tensors results(Tensors blocks) const;

 private:
  CallOnBlocks(const Call& call, std::int64_t block);

  ir::Op op_;
  const Call& call_;
  absl::InlinedVector<Tensor, 2> operands_;  // of the inputs that are present
  absl::InlinedVector<TensorType, 1> outputs_;
};

}  // namespace keel::kernels
