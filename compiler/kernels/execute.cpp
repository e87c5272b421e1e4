#include <algorithm>
#include <array>
#include <string>

#include "compiler/kernels/kernel.h"

namespace keel::kernels {
namespace {

Tensor rounded_copy(const Tensor& tensor, FloatFormat format, Overflow overflow) {
  Tensor copy(DType::F32, tensor.shape());
  const std::span<float> values = copy.fill<float>();
  std::ranges::copy(tensor.as<float>(), values.begin());
  round_in_place(format, overflow, values);
  return copy;
}

// The kernel's result as a tensor of `type`, rounded once.
Tensor at_exit(const ir::Op& op, Tensor raw, const TensorType& type, Overflow overflow) {
  KEEL_CHECK(raw.shape() == type.shape);
  if (raw.dtype() == type.dtype) return raw;
  KEEL_CHECK(is_tunable_float(raw.dtype()) && is_tunable_float(type.dtype));
  if (type.dtype == DType::F32) return raw.relabelled(DType::F32);
  const FloatFormat format = format_of(type.dtype);
  // These may hand on the bytes of an input, which others read.
  const bool shares_input = ir::is_layout(op) || std::holds_alternative<ir::Cast>(op) ||
                            std::holds_alternative<ir::CastLike>(op);
  if (shares_input) return rounded_copy(raw, format, overflow).relabelled(type.dtype);
  round_in_place(format, overflow, raw.fill<float>());
  return raw.relabelled(type.dtype);
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

Result<std::vector<Tensor>> run(const Kernel& kernel, const Call& call) {
  KEEL_TRY(std::vector<Tensor> raw, kernel.run(call));
  KEEL_CHECK(raw.size() == call.outputs.size());
  std::vector<Tensor> results;
  for (std::size_t i = 0; i < raw.size(); ++i)
    results.push_back(at_exit(call.op, std::move(raw[i]), call.outputs[i], call.overflow));
  return results;
}

Result<std::vector<Tensor>> run_first(std::span<const Kernel* const> kernels, const Call& call) {
  std::vector<const Tensor*> inputs(call.inputs.begin(), call.inputs.end());
  std::vector<Tensor> operands;  // keeps the rounded ones alive
  const std::size_t multiplied = ir::cube_operands(call.op);
  operands.reserve(multiplied);
  if (call.compute != FloatFormat::F32) {
    for (std::size_t i = 0; i < std::min(multiplied, inputs.size()); ++i) {
      const DType dtype = inputs[i]->dtype();
      if (!is_tunable_float(dtype) || format_of(dtype) == call.compute) continue;
      operands.push_back(rounded_copy(*inputs[i], call.compute, call.overflow));
      inputs[i] = &operands.back();
    }
  }
  const Call prepared{call.op, inputs, call.outputs, call.compute, call.overflow};
  for (const Kernel* kernel : kernels)
    if (kernel->supports(prepared)) return run(*kernel, prepared);
  return unsupported(call);
}

}  // namespace

Result<std::vector<Tensor>> execute(const Call& call) {
  std::vector<const Kernel*> kernels;
  for (const Kernel& kernel : kernel_table()) kernels.push_back(&kernel);
  return run_first(kernels, call);
}

Result<std::vector<Tensor>> execute_unshaped(const ir::Op& op,
                                             std::span<const Tensor* const> inputs,
                                             std::size_t output_count) {
  const std::vector<TensorType> no_types(output_count);
  const Call call{op, inputs, no_types};
  for (const Kernel& kernel : kernel_table()) {
    if (!kernel.supports(call)) continue;
    KEEL_TRY(std::vector<Tensor> results, kernel.run(call));
    for (Tensor& result : results)
      if (is_tunable_float(result.dtype()))
        result = std::move(result).relabelled(inputs[0]->dtype());
    return results;
  }
  return unsupported(call);
}

Result<std::vector<Tensor>> execute_with(const Kernel& kernel, const Call& call) {
  return run_first(std::array{&kernel}, call);
}

Result<std::vector<Tensor>> execute_reference(const Call& call) {
  std::vector<const Kernel*> kernels;
  for (const Kernel& kernel : kernel_table()) kernels.insert(kernels.begin(), &kernel);
  return run_first(kernels, call);
}

}  // namespace keel::kernels
