#include "compiler/kernels/channel_blocks.h"

#include <algorithm>

#include "compiler/kernels/index.h"
#include "compiler/kernels/onednn_blocks.h"

namespace keel::kernels {
namespace {

bool computes_by_element(const ir::Op& op) {
  return std::holds_alternative<ir::Unary>(op) || std::holds_alternative<ir::Binary>(op) ||
         std::holds_alternative<ir::Clip>(op);
}

bool works_by_element(const ir::Op& op) {
  return computes_by_element(op) || std::holds_alternative<ir::Cast>(op) ||
         std::holds_alternative<ir::Identity>(op);
}

// What stands for an operand that broadcasts to `shape` where blocks of `shape` are computed.
Result<Tensor> operand_on_blocks(const Tensor& operand, const Call& call, std::int64_t block) {
  if (std::holds_alternative<ir::Concat>(call.op)) return operand.blocks();
  const Shape& shape = call.outputs[0].shape;
  if (operand.size() == 1) {
    KEEL_TRY(const Tensor scalar, in_row_major(operand));
    return scalar.reshaped({});
  }
  const bool has_channels =
      operand.shape().size() == shape.size() && operand.shape()[1] == shape[1];
  if (is_blocked(&operand) && has_channels) return operand.blocks();
  KEEL_TRY(const Tensor plain, in_row_major(operand));
  Shape extents(shape.size() - plain.shape().size(), 1);
  extents.insert(extents.end(), plain.shape().begin(), plain.shape().end());
  if (extents[1] == 1) {
    Shape same_for_channels = extents;
    same_for_channels.push_back(1);
    return plain.reshaped(std::move(same_for_channels));
  }
  KEEL_TRY(const Tensor blocked, in_channel_blocks(plain.reshaped(std::move(extents)), block));
  return blocked.blocks();
}

// Blocks put one after another are the blocks of all where none but the last has room left.
bool joins_blocks(const Call& call) {
  const auto* op = std::get_if<ir::Concat>(&call.op);
  if (!op || !std::ranges::all_of(call.inputs, is_blocked)) return false;
  if (axis_index(op->axis, call.outputs[0].shape.size()) != 1) return true;
  return std::ranges::all_of(call.inputs.first(call.inputs.size() - 1), [](const Tensor* input) {
    return input->shape()[1] % input->block() == 0;
  });
}

bool maps_blocks(const Call& call) {
  const Shape& shape = call.outputs[0].shape;
  return works_by_element(call.op) && std::ranges::any_of(call.inputs, [&](const Tensor* input) {
           return is_blocked(input) && input->shape() == shape;
         });
}

bool has_floats_only(const Call& call) {
  const auto is_float = [](const TensorType& type) { return is_tunable_float(type.dtype); };
  return std::ranges::all_of(call.outputs, is_float) &&
         std::ranges::all_of(
             call.inputs, [&](const Tensor* input) { return !input || is_float(input->type()); });
}

}  // namespace

Result<Tensor> in_row_major(const Tensor& tensor) {
  if (tensor.block() == 0) return tensor;
  Tensor plain(DType::F32, tensor.shape());
  KEEL_TRY_STATUS(onednn::reorder(tensor.shape(), tensor.block(),
                                  tensor.blocks().as<float>().data(), 0,
                                  plain.fill<float>().data()));
  return plain.relabelled(tensor.dtype());
}

Result<Tensor> in_channel_blocks(const Tensor& tensor, std::int64_t block) {
  KEEL_TRY(const Tensor plain, in_row_major(tensor));
  Tensor blocks(DType::F32, block_shape(tensor.shape(), block));
  KEEL_TRY_STATUS(onednn::reorder(tensor.shape(), 0, plain.as<float>().data(), block,
                                  blocks.fill<float>().data()));
  return Tensor::in_blocks(std::move(blocks), tensor.shape()).relabelled(tensor.dtype());
}

void clear_padding(std::span<float> blocks, const Shape& block_shape, std::int64_t channels) {
  const std::int64_t block = block_shape.back();
  const std::int64_t used = channels % block;
  if (used == 0) return;
  const std::int64_t plane = element_count({block_shape.begin() + 2, block_shape.end()});
  float* end_of_batch = blocks.data();
  for (std::int64_t n = 0; n < block_shape[0]; ++n) {
    end_of_batch += block_shape[1] * plane;
    for (float* cell = end_of_batch - plane; cell != end_of_batch; cell += block)
      std::fill(cell + used, cell + block, 0.0f);
  }
}

CallOnBlocks::CallOnBlocks(const Call& call, std::int64_t block) : op_(call.op), call_(call) {
  for (const TensorType& output : call.outputs)
    outputs_.push_back({output.dtype, block_shape(output.shape, block)});
}

Result<std::optional<CallOnBlocks>> CallOnBlocks::of(const Call& call) {
  std::optional<CallOnBlocks> result;
  if (!call.may_block || std::ranges::none_of(call.inputs, is_blocked) || !has_floats_only(call))
    return result;
  if (!joins_blocks(call) && !maps_blocks(call)) return result;
  const std::int64_t block = (*std::ranges::find_if(call.inputs, is_blocked))->block();
  result.emplace(CallOnBlocks(call, block));
  if (auto* concat = std::get_if<ir::Concat>(&result->op_))
    concat->axis =
        static_cast<std::int64_t>(axis_index(concat->axis, call.outputs[0].shape.size()));
  for (const Tensor* input : call.inputs) {
    if (!input) continue;
    KEEL_TRY(Tensor operand, operand_on_blocks(*input, call, block));
    result->operands_.push_back(std::move(operand));
  }
  return result;
}

Operands CallOnBlocks::inputs() const {
  Operands inputs;
  auto next = operands_.begin();
  for (const Tensor* input : call_.inputs) inputs.push_back(input ? &*next++ : nullptr);
  return inputs;
}

Tensors CallOnBlocks::results(Tensors blocks) const {
  Tensors results;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const Shape& shape = call_.outputs[i].shape;
    if (computes_by_element(op_))
      clear_padding(blocks[i].fill<float>(), blocks[i].shape(), shape[1]);
    results.push_back(Tensor::in_blocks(std::move(blocks[i]), shape));
  }
  return results;
}

}  // namespace keel::kernels
