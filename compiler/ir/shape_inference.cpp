#include "compiler/ir/shape_inference.h"

#include <algorithm>
#include <memory>

#include "compiler/ir/arity.h"
#include "compiler/ir/shape_rules.h"

namespace keel::ir {
namespace {

Result<Shape> broadcast_inputs(const RuleInputs& in, std::size_t first) {
  Shape shape = in.shape(first);
  for (std::size_t i = first + 1; i < in.size(); ++i) {
    std::optional<Shape> both = broadcast(shape, in.shape(i));
    if (!both)
      return invalid_model("shapes " + to_text(shape) + " and " + to_text(in.shape(i)) +
                           " do not broadcast");
    shape = *std::move(both);
  }
  return shape;
}

bool computes_integers(UnaryKind kind) {
  switch (kind) {
    case UnaryKind::Relu:
    case UnaryKind::Neg:
    case UnaryKind::Abs:
    case UnaryKind::Sign:
    case UnaryKind::Erf:
    case UnaryKind::Shrink:
      return true;
    case UnaryKind::LeakyRelu:
    case UnaryKind::Sigmoid:
    case UnaryKind::HardSigmoid:
    case UnaryKind::HardSwish:
    case UnaryKind::Tanh:
    case UnaryKind::Exp:
    case UnaryKind::Log:
    case UnaryKind::Sqrt:
    case UnaryKind::Reciprocal:
    case UnaryKind::Floor:
    case UnaryKind::Ceil:
    case UnaryKind::Round:
    case UnaryKind::Sin:
    case UnaryKind::Cos:
    case UnaryKind::Softplus:
    case UnaryKind::Tan:
    case UnaryKind::Asin:
    case UnaryKind::Acos:
    case UnaryKind::Atan:
    case UnaryKind::Sinh:
    case UnaryKind::Cosh:
    case UnaryKind::Asinh:
    case UnaryKind::Acosh:
    case UnaryKind::Atanh:
    case UnaryKind::Elu:
    case UnaryKind::Selu:
    case UnaryKind::Celu:
    case UnaryKind::ThresholdedRelu:
    case UnaryKind::Softsign:
    case UnaryKind::Mish:
    case UnaryKind::Gelu:
    case UnaryKind::BitwiseNot:
    case UnaryKind::Not:
    case UnaryKind::IsNaN:
    case UnaryKind::IsInf:
      return false;
  }
  KEEL_CHECK(false && "a UnaryKind outside its enumeration");
}

Status integer_operand(const RuleInputs& in, std::size_t i) {
  const DType dtype = in.dtype(i);
  if (dtype != DType::Bool && !is_tunable_float(dtype) && dtype != DType::F64) return Done{};
  return invalid_model("input " + std::to_string(i) + " is " + std::string(name(dtype)) +
                       ", not of an integer dtype");
}

Status bool_operand(const RuleInputs& in, std::size_t i) {
  if (in.dtype(i) == DType::Bool) return Done{};
  return invalid_model("input " + std::to_string(i) + " is " + std::string(name(in.dtype(i))) +
                       ", not bool");
}

}  // namespace

Types infer(const Unary& op, const RuleInputs& in) {
  if (op.kind == UnaryKind::Not) {
    KEEL_TRY_STATUS(bool_operand(in, 0));
  } else if (op.kind == UnaryKind::BitwiseNot) {
    KEEL_TRY_STATUS(integer_operand(in, 0));
  } else if (!computes_integers(op.kind)) {
    KEEL_TRY_STATUS(float_operand(in));
  }
  return one(is_predicate(op.kind) ? DType::Bool : in.dtype(0), in.shape(0));
}

Types infer(const Binary& op, const RuleInputs& in) {
  if (is_logic(op.kind)) {
    KEEL_TRY_STATUS(bool_operand(in, 0));
    KEEL_TRY_STATUS(bool_operand(in, 1));
  } else if (op.kind != BinaryKind::Pow) {  // an exponent may have a dtype of its own
    KEEL_TRY_STATUS(same_dtype(in, 0, 1));
  }
  if (is_bitwise(op.kind)) {
    KEEL_TRY_STATUS(integer_operand(in, 0));
  }
  KEEL_TRY(Shape shape, broadcast_inputs(in, 0));
  if (op.kind == BinaryKind::PRelu && shape != in.shape(0))
    return invalid_model("a slope of shape " + to_text(in.shape(1)) + " does not broadcast to " +
                         to_text(in.shape(0)));
  return one(is_predicate(op.kind) ? DType::Bool : in.dtype(0), std::move(shape));
}

Types infer(const Clip&, const RuleInputs& in) {
  for (std::size_t i = 1; i < in.size(); ++i)
    if (in.has(i) && element_count(in.shape(i)) != 1)
      return invalid_model("a bound of Clip has shape " + to_text(in.shape(i)) +
                           ", not one element");
  return one(in.dtype(0), in.shape(0));
}

Types infer(const Where&, const RuleInputs& in) {
  KEEL_TRY_STATUS(bool_operand(in, 0));
  KEEL_TRY_STATUS(same_dtype(in, 1, 2));
  KEEL_TRY(Shape shape, broadcast_inputs(in, 0));
  return one(in.dtype(1), std::move(shape));
}

Types infer(const Cast& op, const RuleInputs& in) { return one(op.to, in.shape(0)); }

Types infer(const CastLike&, const RuleInputs& in) { return one(in.dtype(1), in.shape(0)); }

Types infer(const Identity&, const RuleInputs& in) { return one(in.dtype(0), in.shape(0)); }

Types one(DType dtype, Shape shape) { return std::vector{TensorType{dtype, std::move(shape)}}; }

Error invalid_model(std::string what) { return {ErrorCode::InvalidModel, std::move(what), "", ""}; }

Result<Ints> constant_ints(const RuleInputs& in, std::size_t i, const std::string& role) {
  if (in.facts[i].constant == nullptr)
    return Error{ErrorCode::Unsupported,
                 "input " + std::to_string(i) + " (" + role + ") is not a constant", "",
                 "fix the shapes of all inputs, or export the model with constant " + role};
  return ints_of(*in.facts[i].constant);
}

Status index_operand(const RuleInputs& in, std::size_t i, std::int64_t extent, std::size_t axis) {
  if (in.dtype(i) != DType::I64 && in.dtype(i) != DType::I32)
    return invalid_model("indices are " + std::string(name(in.dtype(i))) + ", not i64 or i32");
  if (in.facts[i].constant == nullptr) return Done{};
  KEEL_TRY(const Ints indices, ints_of(*in.facts[i].constant));
  for (const std::int64_t index : indices)
    if (index < -extent || index >= extent)
      return invalid_model("index " + std::to_string(index) + " is outside [" +
                           std::to_string(-extent) + ", " + std::to_string(extent) + ") of axis " +
                           std::to_string(axis));
  return Done{};
}

Status one_element(const RuleInputs& in, std::size_t i, const std::string& role) {
  if (!in.has(i) || element_count(in.shape(i)) == 1) return Done{};
  return invalid_model("the " + role + " has shape " + to_text(in.shape(i)) + ", not one element");
}

Result<std::int64_t> constant_int(const RuleInputs& in, std::size_t i, const std::string& role) {
  KEEL_TRY(const Ints values, constant_ints(in, i, role));
  if (values.size() == 1) return values[0];
  return invalid_model("input " + std::to_string(i) + " (" + role + ") has " +
                       std::to_string(values.size()) + " elements, not one");
}

Status same_dtype(const RuleInputs& in, std::size_t a, std::size_t b) {
  if (in.dtype(a) == in.dtype(b)) return Done{};
  return invalid_model("inputs " + std::to_string(a) + " and " + std::to_string(b) + " are " +
                       std::string(name(in.dtype(a))) + " and " + std::string(name(in.dtype(b))) +
                       ", not of one dtype");
}

Status float_operand(const RuleInputs& in) {
  if (is_tunable_float(in.dtype(0)) || in.dtype(0) == DType::F64) return Done{};
  return invalid_model("input 0 is " + std::string(name(in.dtype(0))) +
                       ", not of a floating-point dtype");
}

Status expect_shape(const RuleInputs& in, std::size_t i, const std::string& role,
                    const Shape& shape) {
  if (!in.has(i) || in.shape(i) == shape) return Done{};
  return invalid_model("the " + role + " has shape " + to_text(in.shape(i)) + ", not " +
                       to_text(shape));
}

Status check_extents(const Shape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) {
    if (extent < 0)
      return invalid_model("shape " + to_text(shape) + " has the negative extent " +
                           std::to_string(extent));
    // An extent of 0 counts as 1, so that products of the others stay in range too.
    if (extent > kLargestElementCount / count)
      return invalid_model("shape " + to_text(shape) + " has more than " +
                           std::to_string(kLargestElementCount) + " elements");
    count *= std::max<std::int64_t>(extent, 1);
  }
  return Done{};
}

Result<std::vector<TensorType>> infer_types(const Op& op, std::span<const InputFact> inputs,
                                            std::size_t output_count) {
  // vector<bool> has no span.
  const auto present = std::make_unique<bool[]>(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    present[i] = inputs[i].present;
    if (present[i]) {
      KEEL_TRY_STATUS(check_extents(inputs[i].type.shape));
    }
  }
  KEEL_TRY_STATUS(check_inputs(op, {present.get(), inputs.size()}));
  KEEL_TRY(std::vector<TensorType> types, std::visit(
                                              [&](const auto& family) {
                                                return infer(family, {inputs, output_count});
                                              },
                                              op));
  if (types.size() != output_count)
    return invalid_model(std::string(name(op)) + " has " + std::to_string(types.size()) +
                         " outputs, not " + std::to_string(output_count));
  for (const TensorType& type : types) {
    KEEL_TRY_STATUS(check_extents(type.shape));
  }
  return types;
}

}  // namespace keel::ir
