#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <ranges>
#include <string>
#include <type_traits>
#include <vector>

#include "compiler/base/error_text.h"
#include "compiler/base/random.h"
#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/kernel.h"

namespace keel::kernels {

/// A Call that owns what it refers to. Output types follow by shape inference, or from the results
/// where they depend on the data.
struct OwnedCall {
  ir::Op op;
  std::vector<std::optional<Tensor>> inputs;
  std::vector<TensorType> outputs;
  FloatFormat compute = FloatFormat::F32;
  Overflow overflow = Overflow::InfNan;

  OwnedCall(ir::Op op_, std::vector<std::optional<Tensor>> inputs_, std::size_t output_count = 1)
      : op(std::move(op_)), inputs(std::move(inputs_)) {
    if (ir::has_data_dependent_shape(op)) {
      take_result_types(output_count);
      return;
    }
    std::vector<ir::InputFact> facts;
    for (const std::optional<Tensor>& input : inputs)
      facts.push_back(input ? ir::InputFact{true, input->type(), &*input} : ir::InputFact{});
    Result<std::vector<TensorType>> types = ir::infer_types(op, facts, output_count);
    if (types.ok())
      outputs = *std::move(types);
    else
      ADD_FAILURE() << to_text(types.error());
  }

  /// The call with its float outputs in `dtype`.
  OwnedCall to(DType dtype) && {
    for (TensorType& output : outputs)
      if (is_tunable_float(output.dtype)) output.dtype = dtype;
    return std::move(*this);
  }
  OwnedCall computing_in(FloatFormat format) && {
    compute = format;
    return std::move(*this);
  }
  OwnedCall with(Overflow rule) && {
    overflow = rule;
    return std::move(*this);
  }

  /// Calls use(Call), whose pointers are good that long.
  template <class Use>
  auto apply(Use use) const {
    const std::vector<const Tensor*> pointers = input_pointers();
    return use(Call{op, pointers, outputs, compute, overflow});
  }

  Result<Tensors> run() const {
    return apply([](const Call& call) { return execute(call); });
  }

 private:
  std::vector<const Tensor*> input_pointers() const {
    std::vector<const Tensor*> pointers;
    for (const std::optional<Tensor>& input : inputs) pointers.push_back(input ? &*input : nullptr);
    return pointers;
  }

  void take_result_types(std::size_t output_count) {
    const auto results = execute_unshaped(op, input_pointers(), output_count);
    if (!results.ok()) {
      ADD_FAILURE() << to_text(results.error());
      return;
    }
    for (const Tensor& result : *results) outputs.push_back(result.type());
  }
};

/// Why a node of these operands is refused, by its shapes or by its kernel; empty where it is not.
inline std::string refusal_of(const ir::Op& op, const std::vector<std::optional<Tensor>>& inputs,
                              std::size_t output_count = 1) {
  std::vector<ir::InputFact> facts;
  std::vector<const Tensor*> pointers;
  for (const std::optional<Tensor>& input : inputs) {
    facts.push_back(input ? ir::InputFact{true, input->type(), &*input} : ir::InputFact{});
    pointers.push_back(input ? &*input : nullptr);
  }
  const Result<std::vector<TensorType>> types = ir::infer_types(op, facts, output_count);
  if (!types.ok()) return types.error().what;
  const Result<Tensors> results = execute({op, pointers, *types});
  return results.ok() ? "" : results.error().what;
}

/// The first output of `call`, which must succeed.
inline Tensor result_of(const OwnedCall& call) {
  Result<Tensors> results = call.run();
  if (results.ok()) return (*results)[0];
  ADD_FAILURE() << to_text(results.error());
  return {};
}

inline std::vector<float> floats_of(const OwnedCall& call) {
  const Tensor tensor = result_of(call);
  const std::span<const float> values = tensor.as<float>();
  return {values.begin(), values.end()};
}

inline Tensor f32(Shape shape, std::vector<float> values) {
  return make_f32(std::move(shape), values);
}
inline Tensor i64(Shape shape, Ints values) { return make_i64(std::move(shape), values); }
inline Tensor u8(Shape shape, std::vector<std::uint8_t> values) {
  Tensor tensor(DType::U8, std::move(shape));
  std::ranges::copy(values, tensor.fill<std::uint8_t>().begin());
  return tensor;
}
inline Tensor i8(Shape shape, std::vector<std::int8_t> values) {
  Tensor tensor(DType::I8, std::move(shape));
  std::ranges::copy(values, tensor.fill<std::int8_t>().begin());
  return tensor;
}
inline Tensor i32(Shape shape, std::vector<std::int32_t> values) {
  Tensor tensor(DType::I32, std::move(shape));
  std::ranges::copy(values, tensor.fill<std::int32_t>().begin());
  return tensor;
}
inline Tensor booleans(Shape shape, std::vector<std::uint8_t> values) {
  Tensor tensor(DType::Bool, std::move(shape));
  std::ranges::copy(values, tensor.fill<std::uint8_t>().begin());
  return tensor;
}

/// Whether `actual` has these elements, NaN being equal to NaN.
template <class Range>
testing::AssertionResult has(
    const Range& actual,
    const std::type_identity_t<std::vector<std::ranges::range_value_t<Range>>>& expected) {
  const bool equal = std::ranges::equal(
      actual, expected, [](auto x, auto y) { return x == y || (x != x && y != y); });
  if (equal) return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << testing::PrintToString(std::vector(actual.begin(), actual.end())) << ", not "
         << testing::PrintToString(expected);
}

/// Uniform in [low, high).
inline Tensor random_f32(Rng& rng, Shape shape, float low = -1, float high = 1) {
  Tensor tensor(DType::F32, std::move(shape));
  for (float& value : tensor.fill<float>())
    value = low + (high - low) * static_cast<float>(rng.uniform());
  return tensor;
}

}  // namespace keel::kernels
