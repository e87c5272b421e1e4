#include <algorithm>
#include <cmath>
#include <string>

#include "compiler/ir/shape_rules.h"

// Operators that sample images.

namespace keel::ir {
namespace {

Ints all_axes(std::size_t rank) {
  Ints axes;
  for (std::size_t i = 0; i < rank; ++i) axes.push_back(static_cast<std::int64_t>(i));
  return axes;
}

Result<Shape> scaled(const Shape& x, const Ints& axes, const Tensor& scales) {
  if (scales.dtype() != DType::F32 || static_cast<std::size_t>(scales.size()) != axes.size())
    return invalid_model("scales are " + to_text(scales.type()) + " for " +
                         std::to_string(axes.size()) + " axes");
  Shape shape = x;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const float scale = scales.as<float>()[i];
    if (!(scale > 0)) return invalid_model("a scale is " + std::to_string(scale));
    std::int64_t& extent = shape[static_cast<std::size_t>(axes[i])];
    const double wanted = std::floor(static_cast<double>(extent) * static_cast<double>(scale));
    if (!(wanted <= static_cast<double>(kLargestElementCount)))
      return invalid_model("a scale is " + std::to_string(scale));
    extent = static_cast<std::int64_t>(wanted);
  }
  return shape;
}

// Under a policy all axes have the smallest or the largest of the factors asked for.
Shape sized(const Shape& x, const Ints& axes, const Ints& sizes, AspectPolicy policy) {
  Shape shape = x;
  double factor = policy == AspectPolicy::NotLarger ? INFINITY : 0;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const double own =
        static_cast<double>(sizes[i]) / static_cast<double>(x[static_cast<std::size_t>(axes[i])]);
    factor = policy == AspectPolicy::NotLarger ? std::min(factor, own) : std::max(factor, own);
  }
  for (std::size_t i = 0; i < axes.size(); ++i) {
    std::int64_t& extent = shape[static_cast<std::size_t>(axes[i])];
    extent = policy == AspectPolicy::Stretch
                 ? sizes[i]
                 : static_cast<std::int64_t>(std::round(factor * static_cast<double>(extent)));
  }
  return shape;
}

}  // namespace

Result<Ints> resize_axes(const Resize& op, std::size_t rank) {
  Ints axes = op.axes.empty() ? all_axes(rank) : op.axes;
  for (std::int64_t& axis : axes) {
    KEEL_TRY(const std::size_t resolved, resolve_axis(axis, rank));
    axis = static_cast<std::int64_t>(resolved);
  }
  return axes;
}

Types infer(const Resize& op, const RuleInputs& in) {
  KEEL_TRY(const Ints axes, resize_axes(op, in.rank(0)));
  for (const std::int64_t axis : axes)
    if (in.shape(0)[static_cast<std::size_t>(axis)] == 0)
      return invalid_model("input 0 " + to_text(in.shape(0)) + " has nothing to resize");
  const bool by_scale = in.has(2) && element_count(in.shape(2)) > 0;
  if (by_scale == in.has(3)) return invalid_model("scales and sizes are not just one of them");
  if (in.has(1) && op.coordinates == ResizeCoordinates::TfCropAndResize &&
      element_count(in.shape(1)) != 2 * static_cast<std::int64_t>(axes.size()))
    return invalid_model("the region of interest is " + to_text(in.type(1)) + " for " +
                         std::to_string(axes.size()) + " axes");
  if (op.coordinates == ResizeCoordinates::TfCropAndResize && !in.has(1))
    return invalid_model("tf_crop_and_resize without a region of interest");
  if (by_scale) {
    if (in.facts[2].constant == nullptr)
      return Error{ErrorCode::Unsupported, "input 2 (scales) is not a constant", "",
                   "fix the shapes of all inputs, or export the model with constant scales"};
    KEEL_TRY(Shape shape, scaled(in.shape(0), axes, *in.facts[2].constant));
    return one(in.dtype(0), std::move(shape));
  }
  KEEL_TRY(const Ints sizes, constant_ints(in, 3, "sizes"));
  if (sizes.size() != axes.size())
    return invalid_model(std::to_string(sizes.size()) + " sizes for " +
                         std::to_string(axes.size()) + " axes");
  KEEL_TRY_STATUS(check_extents(sizes));
  return one(in.dtype(0), sized(in.shape(0), axes, sizes, op.aspect));
}

Types infer(const GridSample&, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  const Shape &x = in.shape(0), &grid = in.shape(1);
  if (x.size() != 4 || grid.size() != 4 || grid[3] != 2 || grid[0] != x[0])
    return invalid_model("a grid of " + to_text(grid) + " does not sample " + to_text(x));
  return one(in.dtype(0), {x[0], x[1], grid[1], grid[2]});
}

Types infer(const RoiAlign& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  if (in.rank(0) != 4 || in.rank(1) != 2 || in.shape(1)[1] != 4)
    return invalid_model("boxes " + to_text(in.shape(1)) + " of " + to_text(in.shape(0)));
  KEEL_TRY_STATUS(expect_shape(in, 2, "list of batch indices", {in.shape(1)[0]}));
  if (op.height < 1 || op.width < 1 || op.sampling_ratio < 0)
    return invalid_model("RoiAlign to " + std::to_string(op.height) + " x " +
                         std::to_string(op.width));
  return one(in.dtype(0), {in.shape(1)[0], in.shape(0)[1], op.height, op.width});
}

Types infer(const MaxUnpool& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(expect_shape(in, 1, "list of places", in.shape(0)));
  const Shape& x = in.shape(0);
  if (x.size() < 3 || op.kernel.size() != x.size() - 2)
    return invalid_model("kernel " + to_text(op.kernel) + " does not fit " + to_text(x));
  if (in.dtype(1) != DType::I64) return invalid_model("the places are not i64");
  if (in.has(2)) {
    KEEL_TRY(Shape shape, constant_ints(in, 2, "shape"));
    if (shape.size() != x.size())
      return invalid_model("the shape " + to_text(shape) + " has not the rank of " + to_text(x));
    return one(in.dtype(0), std::move(shape));
  }
  Shape shape = x;
  const std::size_t spatial = op.kernel.size();
  for (const Ints* list : {&op.strides, &op.pads})
    if (!list->empty() && list->size() != (list == &op.pads ? 2 : 1) * spatial)
      return invalid_model("attribute lists of MaxUnpool differ in length");
  for (std::size_t i = 0; i < spatial; ++i) {
    const std::int64_t stride = op.strides.empty() ? 1 : op.strides[i];
    const std::int64_t pads = op.pads.empty() ? 0 : op.pads[i] + op.pads[spatial + i];
    if (__builtin_mul_overflow(x[2 + i] - 1, stride, &shape[2 + i]) ||
        __builtin_add_overflow(shape[2 + i], op.kernel[i] - pads, &shape[2 + i]))
      return invalid_model("the result of MaxUnpool is too large");
  }
  return one(in.dtype(0), std::move(shape));
}

}  // namespace keel::ir
