#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/channel_blocks.h"
#include "compiler/kernels/kernel.h"
#include "compiler/kernels/vector_unary.h"

namespace keel::kernels {
namespace {

// Floats that stay in the first cache between two passes over them.
constexpr std::size_t kCached = 2048;

Tensor rounded_copy(const Tensor& tensor, FloatFormat format, Overflow overflow) {
  const bool in_blocks = tensor.block() != 0;
  Tensor copy(DType::F32, in_blocks ? tensor.blocks().shape() : tensor.shape());
  const std::span<float> values = copy.fill<float>();
  const auto* from = reinterpret_cast<const float*>(tensor.bytes().data());
  for (std::size_t i = 0; i < values.size(); i += kCached) {
    const std::span<float> part = values.subspan(i, std::min(kCached, values.size() - i));
    std::memcpy(part.data(), from + i, part.size_bytes());
    round_in_place(format, overflow, part);
  }
  return in_blocks ? Tensor::in_blocks(std::move(copy), tensor.shape()) : copy;
}

// Of a weight, which is rounded once.
Tensor rounded_operand(const Tensor& tensor, FloatFormat format, Overflow overflow) {
  if (!tensor.is_lasting()) return rounded_copy(tensor, format, overflow);
  const Digest key{static_cast<std::uint64_t>(format), static_cast<std::uint64_t>(overflow)};
  return tensor.derived(key, [&] { return rounded_copy(tensor, format, overflow).lasting(); });
}

// These may hand on the bytes of an input, which others read.
bool may_share_input(const ir::Op& op) {
  return ir::is_layout(op) || std::holds_alternative<ir::Cast>(op) ||
         std::holds_alternative<ir::CastLike>(op) || std::holds_alternative<ir::Choose>(op) ||
         std::holds_alternative<ir::LoopEnd>(op);
}

// Rounds to `dtype` and lets the followers work, while what they work on is in the cache.
void finish(std::span<float> values, DType dtype, const Call& call) {
  if (dtype == DType::F32 && call.followers.empty()) return;
  for (std::size_t i = 0; i < values.size(); i += kCached) {
    const std::span<float> part = values.subspan(i, std::min(kCached, values.size() - i));
    round_in_place(format_of(dtype), call.overflow, part);
    for (const Follower& follower : call.followers) {
      apply_unary(follower.op, part.data(), part.data(), part.size());
      round_in_place(format_of(follower.dtype), call.overflow, part);
    }
  }
}

// The kernel's result as a tensor of `type`, rounded once, or of what the followers make of it.
Tensor at_exit(const Call& call, Tensor raw, const TensorType& type) {
  KEEL_CHECK(raw.shape() == type.shape);
  if (!is_tunable_float(type.dtype) || !is_tunable_float(raw.dtype())) {
    KEEL_CHECK(raw.dtype() == type.dtype && call.followers.empty());
    return raw;
  }
  if (may_share_input(call.op)) {
    KEEL_CHECK(call.followers.empty());
    if (raw.dtype() == type.dtype) return raw;
    if (type.dtype == DType::F32) return raw.relabelled(DType::F32);
    return rounded_copy(raw, format_of(type.dtype), call.overflow).relabelled(type.dtype);
  }
  const DType last = call.followers.empty() ? type.dtype : call.followers.back().dtype;
  if (raw.dtype() == type.dtype && call.followers.empty()) return raw;
  const std::span<float> values = raw.fill<float>();
  finish(values, type.dtype, call);
  if (raw.block() != 0 && !call.followers.empty())
    clear_padding(values, raw.blocks().shape(), raw.shape()[1]);
  return raw.relabelled(last);
}

Error unsupported(const Call& call) {
  std::string operands;
  for (const Tensor* input : call.inputs)
    operands += (operands.empty() ? "" : ", ") + (input ? to_text(input->type()) : "_");
  std::string results;
  for (const TensorType& output : call.outputs)
    results += (results.empty() ? "" : ", ") + to_text(output);
  return {ErrorCode::Unsupported,
          "no host kernel computes " + results + " = " + std::string(ir::name(call.op)) + "(" +
              operands + ")",
          "", "cast the operands to a dtype the operator has in ONNX"};
}

Result<Tensors> run(const Kernel& kernel, const Call& call) {
  const std::size_t taken = kernel.takes_blocks && call.may_block ? 1 : 0;
  if (std::ranges::none_of(call.inputs.subspan(std::min(taken, call.inputs.size())), is_blocked))
    return kernel.run(call);
  Operands inputs(call.inputs.begin(), call.inputs.end());
  absl::InlinedVector<Tensor, 2> converted;  // keeps them alive
  converted.reserve(inputs.size());
  for (std::size_t i = taken; i < inputs.size(); ++i) {
    if (!is_blocked(inputs[i])) continue;
    KEEL_TRY(Tensor plain, in_row_major(*inputs[i]));
    converted.push_back(std::move(plain));
    inputs[i] = &converted.back();
  }
  Call given = call;
  given.inputs = inputs;
  return kernel.run(given);
}

Result<Tensors> run_first(std::span<const Kernel* const> kernels, const Call& call) {
  if (call.choice) {
    const Kernel* chosen = call.choice->load(std::memory_order_relaxed);
    if (chosen && chosen->supports(call)) return run(*chosen, call);
  }
  for (const Kernel* kernel : kernels) {
    if (!kernel->supports(call)) continue;
    if (call.choice) call.choice->store(kernel, std::memory_order_relaxed);
    return run(*kernel, call);
  }
  return unsupported(call);
}

// As above, where that is possible on blocks as they are.
Result<Tensors> run_on_blocks(std::span<const Kernel* const> kernels, const Call& call) {
  KEEL_TRY(const std::optional<CallOnBlocks> on_blocks, CallOnBlocks::of(call));
  if (!on_blocks) return run_first(kernels, call);
  const Operands inputs = on_blocks->inputs();
  KEEL_TRY(Tensors blocks, run_first(kernels, {on_blocks->op(), inputs, on_blocks->outputs(),
                                               call.compute, call.overflow}));
  return on_blocks->results(std::move(blocks));
}

// As above, with what the cube multiplies rounded.
Result<Tensors> run_on_operands(std::span<const Kernel* const> kernels, const Call& call) {
  if (call.compute == FloatFormat::F32) return run_on_blocks(kernels, call);
  Operands inputs(call.inputs.begin(), call.inputs.end());
  absl::InlinedVector<Tensor, 2> operands;  // keeps the rounded ones alive
  const std::size_t multiplied = ir::cube_operands(call.op);
  operands.reserve(multiplied);
  for (std::size_t i = 0; i < std::min(multiplied, inputs.size()); ++i) {
    const DType dtype = inputs[i]->dtype();
    if (!is_tunable_float(dtype) || format_of(dtype) == call.compute) continue;
    operands.push_back(rounded_operand(*inputs[i], call.compute, call.overflow));
    inputs[i] = &operands.back();
  }
  Call prepared = call;
  prepared.inputs = inputs;
  return run_on_blocks(kernels, prepared);
}

Result<Tensors> run_rounded(std::span<const Kernel* const> kernels, const Call& call) {
  KEEL_TRY(Tensors raw, run_on_operands(kernels, call));
  KEEL_CHECK(raw.size() == call.outputs.size());
  KEEL_CHECK(call.followers.empty() || raw.size() == 1);
  Tensors results;
  results.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    // Only its execution tells what such an operator gives.
    if (call.varies && ir::has_data_dependent_shape(call.op)) {
      const TensorType type{call.outputs[i].dtype, raw[i].shape()};
      results.push_back(at_exit(call, std::move(raw[i]), type));
    } else {
      results.push_back(at_exit(call, std::move(raw[i]), call.outputs[i]));
    }
  }
  return results;
}

// The types of the results, with the shapes that follow from these inputs. All of their contents
// are at hand, so that none of them is unknown to a rule.
Result<std::vector<TensorType>> actual_types(const Call& call) {
  std::vector<ir::InputFact> facts;
  for (const Tensor* input : call.inputs) {
    ir::InputFact& fact = facts.emplace_back();
    if (input == nullptr) continue;
    // Rules are those of ONNX, where the floats of a model are of one dtype.
    const DType dtype = is_tunable_float(input->dtype()) ? DType::F32 : input->dtype();
    fact = {true, {dtype, input->shape()}, input};
  }
  KEEL_TRY(std::vector<TensorType> types, ir::infer_types(call.op, facts, call.outputs.size()));
  for (std::size_t i = 0; i < types.size(); ++i) types[i].dtype = call.outputs[i].dtype;
  return types;
}

// Infers the types anew, where the kernel does not find them out by itself. What the data makes too
// large for the memory says nothing of other executions.
Result<Tensors> execute_varying(std::span<const Kernel* const> kernels, const Call& call) try {
  if (ir::has_data_dependent_shape(call.op)) return run_rounded(kernels, call);
  KEEL_TRY(const std::vector<TensorType> types, actual_types(call));
  Call actual = call;
  actual.outputs = types;
  return run_rounded(kernels, actual);
} catch (const std::bad_alloc&) {
  return Error{ErrorCode::Unsupported, "the data makes its result too large for the memory", "",
               "see whether the model computes its shape as it should"};
}

}  // namespace

bool can_be_followed(const ir::Op& op) { return !may_share_input(op); }

bool can_follow(const ir::Op& op) {
  const auto* unary = std::get_if<ir::Unary>(&op);
  return unary && has_vector_form(unary->kind);
}

Result<Tensors> execute(const Call& call) {
  static const std::vector<const Kernel*> kernels = [] {
    std::vector<const Kernel*> all;
    for (const Kernel& kernel : kernel_table()) all.push_back(&kernel);
    return all;
  }();
  return call.varies ? execute_varying(kernels, call) : run_rounded(kernels, call);
}

Result<Tensors> execute_unshaped(const ir::Op& op, std::span<const Tensor* const> inputs,
                                 std::size_t output_count) {
  const std::vector<TensorType> no_types(output_count);
  const Call call{op, inputs, no_types};
  for (const Kernel& kernel : kernel_table()) {
    if (!kernel.supports(call)) continue;
    KEEL_TRY(Tensors results, kernel.run(call));
    for (Tensor& result : results)
      if (is_tunable_float(result.dtype()))
        result = std::move(result).relabelled(inputs[0]->dtype());
    return results;
  }
  return unsupported(call);
}

Result<Tensors> execute_with(const Kernel& kernel, const Call& call) {
  return run_rounded(std::array{&kernel}, call);
}

Result<Tensors> execute_reference(const Call& call) {
  std::vector<const Kernel*> kernels;
  for (const Kernel& kernel : kernel_table()) kernels.insert(kernels.begin(), &kernel);
  return run_rounded(kernels, call);
}

}  // namespace keel::kernels
