#include <string>

#include "compiler/ir/einsum.h"
#include "compiler/ir/shape_rules.h"

// Quantised operators, and products that are not of the cube's floats.

namespace keel::ir {
namespace {

bool is_byte(DType dtype) { return dtype == DType::I8 || dtype == DType::U8; }

Status byte_operand(const RuleInputs& in, std::size_t i) {
  if (!in.has(i) || is_byte(in.dtype(i))) return Done{};
  return invalid_model("input " + std::to_string(i) + " is " + std::string(name(in.dtype(i))) +
                       ", not i8 or u8");
}

// One value, or one for each slice of `axis`.
Status check_parameter(const RuleInputs& in, std::size_t i, const char* role,
                       std::int64_t axis_attribute) {
  if (!in.has(i) || element_count(in.shape(i)) == 1) return Done{};
  KEEL_TRY(const std::size_t axis, resolve_axis(axis_attribute, in.rank(0)));
  return expect_shape(in, i, role, {in.shape(0)[axis]});
}

Types product_type(const RuleInputs& in, std::size_t a, std::size_t b, DType dtype) {
  const std::vector<InputFact> facts{{true, {DType::F32, in.shape(a)}, nullptr},
                                     {true, {DType::F32, in.shape(b)}, nullptr}};
  KEEL_TRY(std::vector<TensorType> types, infer(MatMul{}, RuleInputs{facts, 1}));
  types[0].dtype = dtype;
  return types;
}

template <class Family>
Types conv_type(const Family& op, const RuleInputs& in, std::size_t w, DType dtype) {
  const std::vector<InputFact> facts{{true, {DType::F32, in.shape(0)}, nullptr},
                                     {true, {DType::F32, in.shape(w)}, nullptr}};
  KEEL_TRY(
      std::vector<TensorType> types,
      infer(Conv{op.strides, op.dilations, op.pads, op.group, op.auto_pad}, RuleInputs{facts, 1}));
  types[0].dtype = dtype;
  return types;
}

}  // namespace

Types infer(const QuantizeLinear& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(check_parameter(in, 1, "scale", op.axis));
  KEEL_TRY_STATUS(check_parameter(in, 2, "zero point", op.axis));
  return one(in.has(2) ? in.dtype(2) : DType::U8, in.shape(0));
}

Types infer(const DequantizeLinear& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(check_parameter(in, 1, "scale", op.axis));
  KEEL_TRY_STATUS(check_parameter(in, 2, "zero point", op.axis));
  return one(in.dtype(1), in.shape(0));
}

Types infer(const DynamicQuantizeLinear&, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  std::vector<TensorType> types{{DType::U8, in.shape(0)}, {DType::F32, {}}, {DType::U8, {}}};
  return types;
}

Types infer(const MatMulInteger&, const RuleInputs& in) {
  for (std::size_t i = 0; i < 4; ++i) {
    KEEL_TRY_STATUS(byte_operand(in, i));
  }
  return product_type(in, 0, 1, DType::I32);
}

Types infer(const ConvInteger& op, const RuleInputs& in) {
  for (std::size_t i = 0; i < 4; ++i) {
    KEEL_TRY_STATUS(byte_operand(in, i));
  }
  return conv_type(op, in, 1, DType::I32);
}

Types infer(const QLinearMatMul&, const RuleInputs& in) {
  for (const std::size_t i :
       {std::size_t{0}, std::size_t{2}, std::size_t{3}, std::size_t{5}, std::size_t{7}}) {
    KEEL_TRY_STATUS(byte_operand(in, i));
  }
  return product_type(in, 0, 3, in.dtype(7));
}

Types infer(const QLinearConv& op, const RuleInputs& in) {
  for (const std::size_t i :
       {std::size_t{0}, std::size_t{2}, std::size_t{3}, std::size_t{5}, std::size_t{7}}) {
    KEEL_TRY_STATUS(byte_operand(in, i));
  }
  return conv_type(op, in, 3, in.dtype(7));
}

Types infer(const Einsum& op, const RuleInputs& in) {
  std::vector<Shape> operands;
  for (std::size_t i = 0; i < in.size(); ++i) {
    KEEL_TRY_STATUS(same_dtype(in, 0, i));
    operands.push_back(in.shape(i));
  }
  KEEL_TRY(const EinsumPlan plan, plan_einsum(op.equation, operands));
  return one(in.dtype(0), {plan.extents.begin(),
                           plan.extents.begin() + static_cast<std::ptrdiff_t>(plan.result_rank)});
}

Types infer(const Det&, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  const Shape& x = in.shape(0);
  if (x.size() < 2 || x[x.size() - 1] != x[x.size() - 2])
    return invalid_model("input 0 " + to_text(x) + " has no square matrices");
  return one(in.dtype(0), {x.begin(), x.end() - 2});
}

}  // namespace keel::ir
