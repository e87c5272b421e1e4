#include <array>
#include <optional>
#include <string>

#include "compiler/ir/shape_rules.h"

namespace keel::ir {
namespace {

bool is_byte(DType dtype) { return dtype == DType::I8 || dtype == DType::U8; }

Status byte_operand(const RuleInputs& in, std::size_t i) {
  if (is_byte(in.dtype(i))) return Done{};
  return invalid_model("input " + std::to_string(i) + " is " + std::string(name(in.dtype(i))) +
                       ", not i8 or u8");
}

Status float_scale(const RuleInputs& in, std::size_t i) {
  if (is_tunable_float(in.dtype(i))) return Done{};
  return invalid_model("the scale is " + std::string(name(in.dtype(i))) +
                       ", not of a floating-point dtype");
}

// One number, or one for each of `extent` slices.
Status one_or_each(const RuleInputs& in, std::size_t i, const std::string& role,
                   std::int64_t extent) {
  if (!in.has(i)) return Done{};
  const Shape& shape = in.shape(i);
  if (element_count(shape) == 1 || shape == Shape{extent}) return Done{};
  return invalid_model("the " + role + " has shape " + to_text(shape) + ", not one element or [" +
                       std::to_string(extent) + "]");
}

// The scale and zero point of a (de)quantisation, the inputs 1 and 2.
Status linear_parameters(std::int64_t axis, const RuleInputs& in) {
  const bool is_single =
      element_count(in.shape(1)) == 1 && (!in.has(2) || element_count(in.shape(2)) == 1);
  if (is_single) return Done{};
  KEEL_TRY(const std::size_t position, resolve_axis(axis, in.rank(0)));
  KEEL_TRY_STATUS(one_or_each(in, 1, "scale", in.shape(0)[position]));
  return one_or_each(in, 2, "zero point", in.shape(0)[position]);
}

bool is_quantized(DType dtype) {
  return is_byte(dtype) || dtype == DType::I16 || dtype == DType::U16;
}

// A scale or zero point of matrices: one element, one for each row of the left or column of the
// right one, or that for each matrix.
Status matrix_parameter(const RuleInputs& in, std::size_t i, std::size_t operand, bool is_left) {
  if (!in.has(i)) return Done{};
  const Shape& given = in.shape(i);
  const Shape& matrix = in.shape(operand);
  if (element_count(given) == 1) return Done{};
  if (matrix.size() >= 2) {
    const std::size_t line = matrix.size() - (is_left ? 2 : 1);
    if (given == Shape{matrix[line]}) return Done{};
    Shape each = matrix;
    each[matrix.size() - (is_left ? 1 : 2)] = 1;
    if (given == each) return Done{};
  }
  return invalid_model("input " + std::to_string(i) + " " + to_text(given) +
                       " is not one element nor one for each " + (is_left ? "row" : "column") +
                       " of " + to_text(matrix));
}

Status zero_point_dtype(const RuleInputs& in, std::size_t i, std::size_t of) {
  return in.has(i) ? same_dtype(in, of, i) : Status(Done{});
}

template <class Family>
Result<Shape> integer_conv_shape(const Family& op, const RuleInputs& in, std::size_t w) {
  KEEL_TRY_STATUS(spatial_operand(in));
  KEEL_TRY_STATUS(byte_operand(in, 0));
  KEEL_TRY_STATUS(byte_operand(in, w));
  return conv_shape({op.strides, op.dilations, op.pads, op.group, op.auto_pad}, in.shape(0),
                    in.shape(w));
}

}  // namespace

Types infer(const QuantizeLinear& op, const RuleInputs& in) {
  if (!is_tunable_float(in.dtype(0)) && in.dtype(0) != DType::I32)
    return invalid_model("QuantizeLinear of " + std::string(name(in.dtype(0))));
  KEEL_TRY_STATUS(float_scale(in, 1));
  KEEL_TRY_STATUS(linear_parameters(op.axis, in));
  const DType dtype = in.has(2) ? in.dtype(2) : DType::U8;
  if (!is_quantized(dtype)) return invalid_model("QuantizeLinear to " + std::string(name(dtype)));
  return one(dtype, in.shape(0));
}

Types infer(const DequantizeLinear& op, const RuleInputs& in) {
  if (!is_quantized(in.dtype(0)) && in.dtype(0) != DType::I32)
    return invalid_model("DequantizeLinear of " + std::string(name(in.dtype(0))));
  KEEL_TRY_STATUS(float_scale(in, 1));
  KEEL_TRY_STATUS(zero_point_dtype(in, 2, 0));
  KEEL_TRY_STATUS(linear_parameters(op.axis, in));
  return one(in.dtype(1), in.shape(0));
}

Types infer(const DynamicQuantizeLinear&, const RuleInputs& in) {
  if (!is_tunable_float(in.dtype(0)))
    return invalid_model("DynamicQuantizeLinear of " + std::string(name(in.dtype(0))));
  std::vector<TensorType> types{{DType::U8, in.shape(0)}, {in.dtype(0), {}}, {DType::U8, {}}};
  if (in.output_count < types.size()) types.resize(in.output_count);
  return types;
}

Types infer(const MatMulInteger&, const RuleInputs& in) {
  for (const std::size_t i : {0, 1}) {
    KEEL_TRY_STATUS(byte_operand(in, i));
    KEEL_TRY_STATUS(zero_point_dtype(in, 2 + i, i));
    KEEL_TRY_STATUS(matrix_parameter(in, 2 + i, i, i == 0));
  }
  KEEL_TRY(Shape shape, matmul_shape(in.shape(0), in.shape(1)));
  return one(DType::I32, std::move(shape));
}

Types infer(const QLinearMatMul&, const RuleInputs& in) {
  for (const std::size_t i : {0, 3}) {
    KEEL_TRY_STATUS(byte_operand(in, i));
    KEEL_TRY_STATUS(float_scale(in, i + 1));
    KEEL_TRY_STATUS(zero_point_dtype(in, i + 2, i));
    KEEL_TRY_STATUS(matrix_parameter(in, i + 1, i, i == 0));
    KEEL_TRY_STATUS(matrix_parameter(in, i + 2, i, i == 0));
  }
  KEEL_TRY(Shape shape, matmul_shape(in.shape(0), in.shape(3)));
  KEEL_TRY_STATUS(float_scale(in, 6));
  KEEL_TRY_STATUS(byte_operand(in, 7));
  for (const std::size_t i : {6, 7})
    if (element_count(in.shape(i)) != 1)
      return invalid_model("input " + std::to_string(i) + " has shape " + to_text(in.shape(i)) +
                           ", not one element");
  return one(in.dtype(7), std::move(shape));
}

Types infer(const ConvInteger& op, const RuleInputs& in) {
  KEEL_TRY(Shape shape, integer_conv_shape(op, in, 1));
  KEEL_TRY_STATUS(zero_point_dtype(in, 2, 0));
  KEEL_TRY_STATUS(zero_point_dtype(in, 3, 1));
  KEEL_TRY_STATUS(one_or_each(in, 2, "zero point of x", 1));
  KEEL_TRY_STATUS(one_or_each(in, 3, "zero point of w", shape[1]));
  return one(DType::I32, std::move(shape));
}

Types infer(const QLinearConv& op, const RuleInputs& in) {
  KEEL_TRY(Shape shape, integer_conv_shape(op, in, 3));
  KEEL_TRY_STATUS(zero_point_dtype(in, 2, 0));
  KEEL_TRY_STATUS(zero_point_dtype(in, 5, 3));
  KEEL_TRY_STATUS(byte_operand(in, 7));
  for (const std::size_t i : {1, 4, 6}) {
    KEEL_TRY_STATUS(float_scale(in, i));
  }
  KEEL_TRY_STATUS(one_or_each(in, 1, "scale of x", 1));
  KEEL_TRY_STATUS(one_or_each(in, 2, "zero point of x", 1));
  KEEL_TRY_STATUS(one_or_each(in, 4, "scale of w", shape[1]));
  KEEL_TRY_STATUS(one_or_each(in, 5, "zero point of w", shape[1]));
  KEEL_TRY_STATUS(one_or_each(in, 6, "scale of y", 1));
  KEEL_TRY_STATUS(one_or_each(in, 7, "zero point of y", 1));
  KEEL_TRY_STATUS(expect_shape(in, 8, "bias", {shape[1]}));
  if (in.has(8) && in.dtype(8) != DType::I32)
    return invalid_model("the bias is " + std::string(name(in.dtype(8))) + ", not i32");
  return one(in.dtype(7), std::move(shape));
}

}  // namespace keel::ir
