#include <array>
#include <string>

#include "compiler/ir/shape_rules.h"

// Normalisations over fixed axes, and losses.

namespace keel::ir {
namespace {

Status channel_operand(const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  if (in.rank(0) >= 2) return Done{};
  return invalid_model("input 0 " + to_text(in.shape(0)) + " has no channel axis");
}

Types unchanged(const RuleInputs& in) { return one(in.dtype(0), in.shape(0)); }

}  // namespace

Types infer(const InstanceNorm&, const RuleInputs& in) {
  KEEL_TRY_STATUS(channel_operand(in));
  KEEL_TRY_STATUS(expect_shape(in, 1, "scale", {in.shape(0)[1]}));
  KEEL_TRY_STATUS(expect_shape(in, 2, "bias", {in.shape(0)[1]}));
  return unchanged(in);
}

Types infer(const GroupNorm& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(channel_operand(in));
  const std::int64_t channels = in.shape(0)[1];
  if (op.groups < 1 || channels % op.groups != 0)
    return invalid_model(std::to_string(op.groups) + " groups do not divide " +
                         std::to_string(channels) + " channels");
  const Shape of_group{op.groups}, of_channel{channels};
  for (const std::size_t i : {std::size_t{1}, std::size_t{2}})
    if (in.shape(i) != of_group && in.shape(i) != of_channel)
      return invalid_model("input " + std::to_string(i) + " " + to_text(in.shape(i)) +
                           " is neither one a group nor one a channel");
  return unchanged(in);
}

Types infer(const MeanVarianceNorm& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  KEEL_TRY_STATUS(resolve_axes(op.axes, in.rank(0)));
  return unchanged(in);
}

Types infer(const Lrn& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(channel_operand(in));
  if (op.size < 1) return invalid_model("size is " + std::to_string(op.size));
  return unchanged(in);
}

Types infer(const LpNorm& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  KEEL_TRY_STATUS(resolve_axis(op.axis, in.rank(0)));
  if (op.p != 1 && op.p != 2) return invalid_model("p is " + std::to_string(op.p));
  return unchanged(in);
}

Types infer(const Loss& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(channel_operand(in));
  Shape labels = in.shape(0);
  labels.erase(labels.begin() + 1);
  KEEL_TRY_STATUS(expect_shape(in, 1, "list of labels", labels));
  if (in.dtype(1) != DType::I64 && in.dtype(1) != DType::I32)
    return invalid_model("the labels are " + std::string(name(in.dtype(1))) + ", not i64 or i32");
  KEEL_TRY_STATUS(expect_shape(in, 2, "list of weights", {in.shape(0)[1]}));
  std::vector<TensorType> types{
      {in.dtype(0), op.reduction == LossReduction::None ? labels : Shape{}}, in.type(0)};
  const bool has_logarithm = op.kind == LossKind::SoftmaxCrossEntropyLoss;
  if (!has_logarithm) types.pop_back();
  return first_outputs(std::move(types), in);
}

}  // namespace keel::ir
