#include <algorithm>
#include <cmath>
#include <concepts>
#include <string>

#include "compiler/base/host_type.h"
#include "compiler/ir/shape_rules.h"

namespace keel::ir {
namespace {

// `indices` pick along `axis` of x, position by position on the others.
Status check_elementwise(const RuleInputs& in, std::size_t axis) {
  const Shape& x = in.shape(0);
  const Shape& indices = in.shape(1);
  bool fits = x.size() == indices.size();
  for (std::size_t i = 0; fits && i < x.size(); ++i) fits = i == axis || indices[i] <= x[i];
  if (!fits)
    return invalid_model("indices of shape " + to_text(indices) + " do not fit x of shape " +
                         to_text(x) + " beside axis " + std::to_string(axis));
  return index_operand(in, 1, x[axis], axis);
}

// Shape of what rows of indices pick from x behind `batch` shared axes.
Result<Shape> picked_shape(const RuleInputs& in, std::int64_t batch) {
  const Shape& x = in.shape(0);
  const Shape& indices = in.shape(1);
  const auto rank = static_cast<std::int64_t>(x.size());
  const auto broken = [&](const std::string& why) {
    return invalid_model("indices of shape " + to_text(indices) + " do not pick from x of shape " +
                         to_text(x) + ": " + why);
  };
  if (in.dtype(1) != DType::I64 && in.dtype(1) != DType::I32)
    return broken("they are " + std::string(name(in.dtype(1))) + ", not i64 or i32");
  if (indices.empty() || indices.back() < 1) return broken("they have no rows");
  if (batch < 0 || batch >= rank || batch >= static_cast<std::int64_t>(indices.size()))
    return broken("batch_dims is " + std::to_string(batch));
  if (indices.back() > rank - batch)
    return broken("rows of " + std::to_string(indices.back()) + " for " +
                  std::to_string(rank - batch) + " axes");
  if (!std::equal(x.begin(), x.begin() + batch, indices.begin()))
    return broken("the first " + std::to_string(batch) + " axes differ");
  Shape shape(indices.begin(), indices.end() - 1);
  shape.insert(shape.end(), x.begin() + batch + indices.back(), x.end());
  return shape;
}

Result<const Tensor*> constant_element(const RuleInputs& in, std::size_t i,
                                       const std::string& role) {
  KEEL_TRY_STATUS(one_element(in, i, role));
  if (in.facts[i].constant != nullptr) return in.facts[i].constant;
  return Error{ErrorCode::Unsupported,
               "input " + std::to_string(i) + " (" + role + ") is not a constant", "",
               "fix the shapes of all inputs, or export the model with a constant " + role};
}

template <std::floating_point T>
double range_count(T start, T limit, T delta) {
  return std::ceil((static_cast<double>(limit) - static_cast<double>(start)) /
                   static_cast<double>(delta));
}

// The distance of two integers may be beyond the largest of their type.
template <std::integral T>
double range_count(T start, T limit, T delta) {
  const bool up = delta > T{0};
  if (up ? limit <= start : limit >= start) return 0;
  const auto wide = [](T value) { return static_cast<std::uint64_t>(value); };
  const std::uint64_t distance = up ? wide(limit) - wide(start) : wide(start) - wide(limit);
  const std::uint64_t step = up ? wide(delta) : std::uint64_t{0} - wide(delta);
  return static_cast<double>((distance - 1) / step + 1);
}

}  // namespace

Types infer(const GatherElements& op, const RuleInputs& in) {
  KEEL_TRY(const std::size_t axis, resolve_axis(op.axis, in.rank(0)));
  KEEL_TRY_STATUS(check_elementwise(in, axis));
  return one(in.dtype(0), in.shape(1));
}

Types infer(const GatherNd& op, const RuleInputs& in) {
  KEEL_TRY(Shape shape, picked_shape(in, op.batch_dims));
  return one(in.dtype(0), std::move(shape));
}

Types infer(const ScatterElements& op, const RuleInputs& in) {
  KEEL_TRY(const std::size_t axis, resolve_axis(op.axis, in.rank(0)));
  KEEL_TRY_STATUS(check_elementwise(in, axis));
  KEEL_TRY_STATUS(expect_shape(in, 2, "tensor of updates", in.shape(1)));
  KEEL_TRY_STATUS(same_dtype(in, 0, 2));
  return one(in.dtype(0), in.shape(0));
}

Types infer(const ScatterNd&, const RuleInputs& in) {
  KEEL_TRY(const Shape shape, picked_shape(in, 0));
  KEEL_TRY_STATUS(expect_shape(in, 2, "tensor of updates", shape));
  KEEL_TRY_STATUS(same_dtype(in, 0, 2));
  return one(in.dtype(0), in.shape(0));
}

Types infer(const OneHot& op, const RuleInputs& in) {
  KEEL_TRY(const std::size_t axis, resolve_axis(op.axis, in.rank(0) + 1));
  KEEL_TRY_STATUS(expect_shape(in, 2, "pair of values", {2}));
  KEEL_TRY(const Tensor* depth, constant_element(in, 1, "depth"));
  const double extent = with_host_type(depth->dtype(), [&](auto type) {
    return static_cast<double>(depth->as<decltype(type)>()[0]);
  });
  if (!(extent >= 0 && extent <= static_cast<double>(kLargestElementCount)))
    return invalid_model("the depth is " + std::to_string(extent) + ", not from 0 to " +
                         std::to_string(kLargestElementCount));
  Shape shape = in.shape(0);
  shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(axis),
               static_cast<std::int64_t>(extent));
  return one(in.dtype(2), std::move(shape));
}

Types infer(const EyeLike& op, const RuleInputs& in) {
  if (in.rank(0) != 2)
    return invalid_model("x has shape " + to_text(in.shape(0)) + ", not that of a matrix");
  return one(op.has_dtype ? op.dtype : in.dtype(0), in.shape(0));
}

Types infer(const Range&, const RuleInputs& in) {
  KEEL_TRY_STATUS(same_dtype(in, 0, 1));
  KEEL_TRY_STATUS(same_dtype(in, 0, 2));
  KEEL_TRY(const Tensor* start, constant_element(in, 0, "start"));
  KEEL_TRY(const Tensor* limit, constant_element(in, 1, "limit"));
  KEEL_TRY(const Tensor* delta, constant_element(in, 2, "delta"));
  return with_host_type(in.dtype(0), [&](auto type) -> Types {
    using T = decltype(type);
    const T step = delta->as<T>()[0];
    if (step == T{0}) return invalid_model("the delta of Range is 0");
    const double count = range_count<T>(start->as<T>()[0], limit->as<T>()[0], step);
    if (!(count <= static_cast<double>(kLargestElementCount)))
      return invalid_model("Range has " + std::to_string(count) + " elements, not at most " +
                           std::to_string(kLargestElementCount));
    return one(in.dtype(0), {static_cast<std::int64_t>(std::max(count, 0.0))});
  });
}

Types infer(const ArgReduce& op, const RuleInputs& in) {
  KEEL_TRY(const std::size_t axis, resolve_axis(op.axis, in.rank(0)));
  Shape shape = in.shape(0);
  const bool is_empty = shape[axis] == 0;
  if (op.keepdims)
    shape[axis] = 1;
  else
    shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(axis));
  if (is_empty && element_count(shape) > 0)
    return invalid_model("axis " + std::to_string(axis) + " of " + to_text(in.shape(0)) +
                         " has no element to be the extreme");
  return one(DType::I64, std::move(shape));
}

Types infer(const TopK& op, const RuleInputs& in) {
  KEEL_TRY(const std::size_t axis, resolve_axis(op.axis, in.rank(0)));
  KEEL_TRY_STATUS(one_element(in, 1, "k"));
  KEEL_TRY(const Ints k, constant_ints(in, 1, "k"));
  Shape shape = in.shape(0);
  if (k[0] < 0 || k[0] > shape[axis])
    return invalid_model("k is " + std::to_string(k[0]) + ", axis " + std::to_string(axis) +
                         " of " + to_text(shape) + " has " + std::to_string(shape[axis]) +
                         " elements");
  shape[axis] = k[0];
  std::vector<TensorType> types{{in.dtype(0), shape}};
  if (in.output_count > 1) types.push_back({DType::I64, shape});
  return types;
}

Types infer(const CumSum&, const RuleInputs& in) {
  KEEL_TRY_STATUS(one_element(in, 1, "axis"));
  if (in.facts[1].constant != nullptr) {
    KEEL_TRY(const Ints axis, ints_of(*in.facts[1].constant));
    KEEL_TRY_STATUS(resolve_axis(axis[0], in.rank(0)));
  }
  return one(in.dtype(0), in.shape(0));
}

Types infer(const Hardmax& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  // Flattening may also divide after the last axis.
  if (!op.flatten || op.axis != static_cast<std::int64_t>(in.rank(0))) {
    KEEL_TRY_STATUS(resolve_axis(op.axis, in.rank(0)));
  }
  return one(in.dtype(0), in.shape(0));
}

}  // namespace keel::ir
