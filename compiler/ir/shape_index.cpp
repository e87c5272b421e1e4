#include <algorithm>
#include <cmath>
#include <string>

#include "compiler/base/host_type.h"
#include "compiler/ir/shape_rules.h"

// Operators that pick, place or generate elements by index.

namespace keel::ir {
namespace {

bool is_index(DType dtype) { return dtype == DType::I64 || dtype == DType::I32; }

Status index_operand(const RuleInputs& in, std::size_t i) {
  if (is_index(in.dtype(i))) return Done{};
  return invalid_model("input " + std::to_string(i) + " is " + std::string(name(in.dtype(i))) +
                       ", not i64 or i32");
}

Error does_not_fit(const RuleInputs& in, std::size_t i) {
  return invalid_model("input " + std::to_string(i) + " " + to_text(in.shape(i)) +
                       " does not fit input 0 " + to_text(in.shape(0)));
}

// The one integer that input `i` holds.
Result<std::int64_t> constant_integer(const RuleInputs& in, std::size_t i,
                                      const std::string& role) {
  KEEL_TRY(const Ints values, constant_ints(in, i, role));
  if (values.size() != 1)
    return invalid_model("the " + role + " has " + std::to_string(values.size()) +
                         " elements, not one");
  return values[0];
}

// `indices` walks every axis of x but `axis` no further than x does.
Status check_element_indices(const RuleInputs& in, std::int64_t axis_attribute) {
  KEEL_TRY_STATUS(index_operand(in, 1));
  KEEL_TRY(const std::size_t axis, resolve_axis(axis_attribute, in.rank(0)));
  if (in.rank(1) != in.rank(0)) return does_not_fit(in, 1);
  for (std::size_t i = 0; i < in.rank(0); ++i)
    if (i != axis && in.shape(1)[i] > in.shape(0)[i]) return does_not_fit(in, 1);
  return Done{};
}

Shape slice_of(const Shape& shape, std::size_t from) {
  return {shape.begin() + static_cast<std::ptrdiff_t>(from), shape.end()};
}

}  // namespace

Types infer(const GatherElements& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(check_element_indices(in, op.axis));
  return one(in.dtype(0), in.shape(1));
}

Types infer(const GatherNd& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(index_operand(in, 1));
  if (in.rank(1) < 1) return does_not_fit(in, 1);
  const std::int64_t depth = in.shape(1).back();
  const auto most = static_cast<std::int64_t>(std::min(in.rank(0), in.rank(1)));
  if (op.batch_dims < 0 || op.batch_dims >= most)
    return invalid_model("batch_dims is " + std::to_string(op.batch_dims) + ", not in [0, " +
                         std::to_string(most) + ")");
  const auto batch = static_cast<std::size_t>(op.batch_dims);
  if (depth < 1 || op.batch_dims + depth > static_cast<std::int64_t>(in.rank(0)) ||
      !std::equal(in.shape(0).begin(), in.shape(0).begin() + op.batch_dims, in.shape(1).begin()))
    return does_not_fit(in, 1);
  Shape shape(in.shape(1).begin(), in.shape(1).end() - 1);
  const Shape rest = slice_of(in.shape(0), batch + static_cast<std::size_t>(depth));
  shape.insert(shape.end(), rest.begin(), rest.end());
  return one(in.dtype(0), std::move(shape));
}

Types infer(const ScatterElements& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(check_element_indices(in, op.axis));
  KEEL_TRY_STATUS(same_dtype(in, 0, 2));
  KEEL_TRY_STATUS(expect_shape(in, 2, "list of updates", in.shape(1)));
  return one(in.dtype(0), in.shape(0));
}

Types infer(const ScatterNd&, const RuleInputs& in) {
  KEEL_TRY_STATUS(index_operand(in, 1));
  KEEL_TRY_STATUS(same_dtype(in, 0, 2));
  if (in.rank(1) < 1) return does_not_fit(in, 1);
  const std::int64_t depth = in.shape(1).back();
  if (depth < 1 || depth > static_cast<std::int64_t>(in.rank(0))) return does_not_fit(in, 1);
  Shape updates(in.shape(1).begin(), in.shape(1).end() - 1);
  const Shape rest = slice_of(in.shape(0), static_cast<std::size_t>(depth));
  updates.insert(updates.end(), rest.begin(), rest.end());
  KEEL_TRY_STATUS(expect_shape(in, 2, "list of updates", updates));
  return one(in.dtype(0), in.shape(0));
}

Types infer(const OneHot& op, const RuleInputs& in) {
  if (in.facts[1].constant == nullptr) {
    KEEL_TRY_STATUS(constant_ints(in, 1, "depth"));
  }
  const Tensor& content = *in.facts[1].constant;
  if (content.size() != 1)
    return invalid_model("the depth has " + std::to_string(content.size()) + " elements, not one");
  const auto depth = with_host_type(content.dtype(), [&](auto element) {
    return static_cast<double>(content.as<decltype(element)>()[0]);
  });
  if (!(depth >= 0) || depth > static_cast<double>(kLargestElementCount))
    return invalid_model("the depth is " + std::to_string(depth));
  KEEL_TRY_STATUS(expect_shape(in, 2, "pair of values", {2}));
  KEEL_TRY(const std::size_t axis, resolve_axis(op.axis, in.rank(0) + 1));
  Shape shape = in.shape(0);
  shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(axis), static_cast<std::int64_t>(depth));
  return one(in.dtype(2), std::move(shape));
}

Types infer(const EyeLike& op, const RuleInputs& in) {
  if (in.rank(0) != 2) return invalid_model("input 0 " + to_text(in.shape(0)) + " is no matrix");
  return one(op.has_dtype ? op.dtype : in.dtype(0), in.shape(0));
}

Types infer(const Range&, const RuleInputs& in) {
  double bounds[3] = {};
  for (std::size_t i = 0; i < 3; ++i) {
    KEEL_TRY_STATUS(same_dtype(in, 0, i));
    const Tensor* content = in.facts[i].constant;
    if (content == nullptr)
      return Error{ErrorCode::Unsupported, "Range whose length depends on the data", "",
                   "fix the shapes of all inputs"};
    if (content->size() != 1) return invalid_model("a bound of Range is not one element");
    bounds[i] = with_host_type(content->dtype(), [&](auto element) {
      return static_cast<double>(content->as<decltype(element)>()[0]);
    });
  }
  const double count = std::ceil((bounds[1] - bounds[0]) / bounds[2]);
  if (std::isnan(count) || count > static_cast<double>(kLargestElementCount))
    return invalid_model("a range from " + std::to_string(bounds[0]) + " to " +
                         std::to_string(bounds[1]) + " in steps of " + std::to_string(bounds[2]) +
                         " has no length");
  return one(in.dtype(0), {static_cast<std::int64_t>(std::max(count, 0.0))});
}

Types infer(const ArgReduce& op, const RuleInputs& in) {
  KEEL_TRY(const std::size_t axis, resolve_axis(op.axis, in.rank(0)));
  if (in.shape(0)[axis] == 0)
    return invalid_model("axis " + std::to_string(axis) + " of " + to_text(in.shape(0)) +
                         " has no elements to choose from");
  Shape shape = in.shape(0);
  if (op.keepdims) {
    shape[axis] = 1;
  } else {
    shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(axis));
  }
  return one(DType::I64, std::move(shape));
}

Types infer(const TopK& op, const RuleInputs& in) {
  KEEL_TRY(const std::size_t axis, resolve_axis(op.axis, in.rank(0)));
  KEEL_TRY(const std::int64_t k, constant_integer(in, 1, "number of elements k"));
  if (k < 0 || k > in.shape(0)[axis])
    return invalid_model("k is " + std::to_string(k) + ", axis " + std::to_string(axis) + " of " +
                         to_text(in.shape(0)) + " has " + std::to_string(in.shape(0)[axis]) +
                         " elements");
  Shape shape = in.shape(0);
  shape[axis] = k;
  std::vector<TensorType> types{{in.dtype(0), shape}, {DType::I64, shape}};
  return first_outputs(std::move(types), in);
}

Types infer(const CumSum&, const RuleInputs& in) {
  KEEL_TRY(const std::int64_t axis, constant_integer(in, 1, "axis"));
  KEEL_TRY_STATUS(resolve_axis(axis, in.rank(0)));
  return one(in.dtype(0), in.shape(0));
}

}  // namespace keel::ir
