#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "compiler/ir/shape_rules.h"

namespace keel::ir {
namespace {

Status channel_axis(const RuleInputs& in) {
  if (in.rank(0) >= 2) return Done{};
  return invalid_model("input 0 " + to_text(in.shape(0)) + " has no channel axis");
}

}  // namespace

Types infer(const Softmax& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  // Flattening may also divide after the last axis.
  if (!op.flatten || op.axis != static_cast<std::int64_t>(in.rank(0))) {
    KEEL_TRY_STATUS(resolve_axis(op.axis, in.rank(0)));
  }
  return one(in.dtype(0), in.shape(0));
}

Types infer(const LayerNorm& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  for (std::size_t i = 1; i < in.size(); ++i)
    if (in.has(i) && broadcast(in.shape(i), in.shape(0)) != in.shape(0))
      return invalid_model("input " + std::to_string(i) + " " + to_text(in.shape(i)) +
                           " does not broadcast to " + to_text(in.shape(0)));
  std::vector<TensorType> types{{in.dtype(0), in.shape(0)}};
  KEEL_TRY(const std::size_t axis, resolve_axis(op.axis, in.rank(0)));
  Shape statistics = in.shape(0);
  std::fill(statistics.begin() + static_cast<std::ptrdiff_t>(axis), statistics.end(), 1);
  // ONNX's stash_type: what statistics are computed in.
  const DType dtype = in.dtype(0) == DType::F64 ? DType::F64 : DType::F32;
  types.resize(in.output_count, {dtype, statistics});
  return types;
}

Types infer(const BatchNorm&, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  KEEL_TRY_STATUS(channel_axis(in));
  const Shape channels{in.shape(0)[1]};
  constexpr std::array kRoles = {"", "scale", "bias", "mean", "variance"};
  for (std::size_t i = 1; i < kRoles.size(); ++i) {
    KEEL_TRY_STATUS(expect_shape(in, i, kRoles[i], channels));
  }
  return one(in.dtype(0), in.shape(0));
}

Types infer(const InstanceNorm&, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  KEEL_TRY_STATUS(spatial_operand(in));
  const Shape channels{in.shape(0)[1]};
  KEEL_TRY_STATUS(expect_shape(in, 1, "scale", channels));
  KEEL_TRY_STATUS(expect_shape(in, 2, "bias", channels));
  return one(in.dtype(0), in.shape(0));
}

Types infer(const GroupNorm& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  KEEL_TRY_STATUS(channel_axis(in));
  const std::int64_t channels = in.shape(0)[1];
  if (op.groups < 1 || channels % op.groups != 0)
    return invalid_model(std::to_string(op.groups) + " groups do not divide " +
                         std::to_string(channels) + " channels");
  const bool by_channel = in.shape(1) == Shape{channels};  // opset 21
  const Shape parameters{by_channel ? channels : op.groups};
  KEEL_TRY_STATUS(expect_shape(in, 1, "scale", parameters));
  KEEL_TRY_STATUS(expect_shape(in, 2, "bias", parameters));
  return one(in.dtype(0), in.shape(0));
}

Types infer(const MeanVarianceNorm& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  KEEL_TRY_STATUS(resolve_axes(op.axes, in.rank(0)));
  return one(in.dtype(0), in.shape(0));
}

Types infer(const Lrn& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  KEEL_TRY_STATUS(channel_axis(in));
  if (op.size < 1)
    return invalid_model("the size of LRN is " + std::to_string(op.size) + ", not positive");
  return one(in.dtype(0), in.shape(0));
}

Types infer(const LpNorm& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  KEEL_TRY_STATUS(resolve_axis(op.axis, in.rank(0)));
  if (op.p != 1 && op.p != 2)
    return invalid_model("the norm p is " + std::to_string(op.p) + ", not 1 or 2");
  return one(in.dtype(0), in.shape(0));
}

Types infer(const Loss& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  KEEL_TRY_STATUS(channel_axis(in));
  Shape labels = in.shape(0);
  labels.erase(labels.begin() + 1);
  KEEL_TRY_STATUS(expect_shape(in, 1, "list of labels", labels));
  if (in.dtype(1) != DType::I32 && in.dtype(1) != DType::I64)
    return invalid_model("the labels are " + std::string(name(in.dtype(1))) + ", not i32 or i64");
  KEEL_TRY_STATUS(expect_shape(in, 2, "list of weights", {in.shape(0)[1]}));
  if (in.has(2)) {
    KEEL_TRY_STATUS(same_dtype(in, 0, 2));
  }
  std::vector<TensorType> types{
      {in.dtype(0), op.reduction == LossReduction::None ? labels : Shape{}}};
  if (op.kind == LossKind::SoftmaxCrossEntropyLoss && in.output_count > 1)
    types.push_back(in.type(0));
  return types;
}

}  // namespace keel::ir
