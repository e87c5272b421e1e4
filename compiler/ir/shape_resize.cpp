#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "compiler/ir/resampled_axis.h"
#include "compiler/ir/shape_rules.h"

namespace keel::ir {
namespace {

// The axes a Resize names, in its order.
Result<std::vector<std::size_t>> named_axes(const Ints& axes, std::size_t rank) {
  std::vector<std::size_t> named(rank);
  std::iota(named.begin(), named.end(), std::size_t{0});
  if (axes.empty()) return named;
  KEEL_TRY_STATUS(resolve_axes(axes, rank));
  named.clear();
  for (const std::int64_t axis : axes) {
    KEEL_TRY(const std::size_t position, resolve_axis(axis, rank));
    named.push_back(position);
  }
  return named;
}

Status check_count(const std::string& role, const Tensor& values, std::size_t axes) {
  if (values.size() == static_cast<std::int64_t>(axes)) return Done{};
  return invalid_model(role + " has " + std::to_string(values.size()) +
                       " values, not one for each of " + std::to_string(axes) + " axes");
}

Result<ResampledAxis> scaled(std::int64_t input, float scale) {
  if (!(scale > 0) || !std::isfinite(scale))
    return invalid_model("a scale of Resize is " + std::to_string(scale) +
                         ", not a positive number");
  if (scale == 1) return ResampledAxis{input, input};
  // In fp32, as ONNX infers it: 10 times the fp32 number next to 0.7 is 7.
  const float output = std::floor(static_cast<float>(input) * scale);
  if (output > static_cast<float>(kLargestElementCount))
    return invalid_model("extent " + std::to_string(input) + " times the scale " +
                         std::to_string(scale) + " is above " +
                         std::to_string(kLargestElementCount));
  return ResampledAxis{input, static_cast<std::int64_t>(output), 1, static_cast<double>(scale)};
}

// Every axis takes the smallest or the largest of the scales.
void keep_aspect(std::vector<ResampledAxis>& axes, const std::vector<std::size_t>& named,
                 AspectPolicy policy) {
  const auto by_scale = [&](std::size_t a, std::size_t b) {
    return axes[a].scale() < axes[b].scale();
  };
  const auto chosen = policy == AspectPolicy::NotLarger ? std::ranges::min_element(named, by_scale)
                                                        : std::ranges::max_element(named, by_scale);
  if (chosen == named.end()) return;
  const auto [from, to] = std::pair(axes[*chosen].from, axes[*chosen].to);
  for (const std::size_t axis : named) {
    axes[axis].from = from;
    axes[axis].to = to;
    const double rounded = std::floor(axes[axis].length() + 0.5);
    axes[axis].output =
        static_cast<std::int64_t>(std::min(rounded, static_cast<double>(2 * kLargestElementCount)));
  }
}

Result<ResampledAxis> sized(std::int64_t input, std::int64_t size) {
  if (size < 0 || size > kLargestElementCount || (input == 0 && size > 0))
    return invalid_model("cannot resize extent " + std::to_string(input) + " to " +
                         std::to_string(size));
  if (size == input) return ResampledAxis{input, input};
  return ResampledAxis{input, size, static_cast<double>(input), static_cast<double>(size)};
}

// A parameter that need not be there and is not where it has no elements.
Result<const Tensor*> optional_constant(const RuleInputs& in, std::size_t i,
                                        const std::string& role) {
  if (!in.has(i) || element_count(in.shape(i)) == 0) return nullptr;
  if (in.facts[i].constant != nullptr) return in.facts[i].constant;
  return Error{ErrorCode::Unsupported,
               "input " + std::to_string(i) + " (" + role + ") is not a constant", "",
               "fix the shapes of all inputs, or export the model with constant " + role};
}

Status some_pixels(const RuleInputs& in, const Shape& result) {
  const Shape spatial(in.shape(0).begin() + 2, in.shape(0).end());
  if (element_count(spatial) > 0 || element_count(result) == 0) return Done{};
  return invalid_model("x of shape " + to_text(in.shape(0)) + " has no pixel to sample");
}

}  // namespace

Result<std::vector<ResampledAxis>> resampled_axes(const Resize& op, const Shape& shape,
                                                  const Tensor* scales, const Tensor* sizes) {
  const bool has_scales = scales != nullptr && scales->size() > 0;
  const bool has_sizes = sizes != nullptr && sizes->size() > 0;
  if (has_scales == has_sizes && !shape.empty())
    return invalid_model(has_scales ? "Resize has both scales and sizes"
                                    : "Resize has neither scales nor sizes");
  KEEL_TRY(const std::vector<std::size_t> named, named_axes(op.axes, shape.size()));
  std::vector<ResampledAxis> axes;
  for (const std::int64_t extent : shape) axes.push_back({extent, extent});
  if (has_scales) {
    if (!is_tunable_float(scales->dtype()))
      return invalid_model("scales are " + std::string(name(scales->dtype())) + ", not f32");
    KEEL_TRY_STATUS(check_count("scales", *scales, named.size()));
    for (std::size_t i = 0; i < named.size(); ++i) {
      KEEL_TRY(axes[named[i]], scaled(shape[named[i]], scales->as<float>()[i]));
    }
  } else if (has_sizes) {
    KEEL_TRY_STATUS(check_count("sizes", *sizes, named.size()));
    KEEL_TRY(const Ints wanted, ints_of(*sizes));
    for (std::size_t i = 0; i < named.size(); ++i) {
      KEEL_TRY(axes[named[i]], sized(shape[named[i]], wanted[i]));
    }
    if (op.aspect != AspectPolicy::Stretch) keep_aspect(axes, named, op.aspect);
  }
  return axes;
}

Types infer(const Resize& op, const RuleInputs& in) {
  KEEL_TRY(const Tensor* scales, optional_constant(in, 2, "scales"));
  KEEL_TRY(const Tensor* sizes, optional_constant(in, 3, "sizes"));
  KEEL_TRY(const std::vector<ResampledAxis> axes, resampled_axes(op, in.shape(0), scales, sizes));
  if (op.coordinates == ResizeCoordinates::TfCropAndResize) {
    const std::size_t named = op.axes.empty() ? axes.size() : op.axes.size();
    const std::int64_t given = in.has(1) ? element_count(in.shape(1)) : 0;
    if (given != static_cast<std::int64_t>(2 * named))
      return invalid_model("roi has " + std::to_string(given) + " values, not two for each of " +
                           std::to_string(named) + " axes");
  }
  Shape shape;
  for (const ResampledAxis& axis : axes) shape.push_back(axis.output);
  return one(in.dtype(0), std::move(shape));
}

Types infer(const GridSample&, const RuleInputs& in) {
  const Shape& x = in.shape(0);
  const Shape& grid = in.shape(1);
  const auto spatial = static_cast<std::int64_t>(x.size()) - 2;
  if (spatial < 1 || grid.size() != x.size() || grid[0] != x[0] || grid.back() != spatial)
    return invalid_model("a grid of shape " + to_text(grid) + " does not sample x of shape " +
                         to_text(x));
  Shape shape{x[0], x[1]};
  shape.insert(shape.end(), grid.begin() + 1, grid.end() - 1);
  KEEL_TRY_STATUS(check_extents(shape));
  KEEL_TRY_STATUS(some_pixels(in, shape));
  return one(in.dtype(0), std::move(shape));
}

Types infer(const RoiAlign& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  if (in.rank(0) != 4 || in.rank(1) != 2)
    return invalid_model("RoiAlign of x of shape " + to_text(in.shape(0)) + " and boxes of shape " +
                         to_text(in.shape(1)));
  const std::int64_t boxes = in.shape(1)[0];
  KEEL_TRY_STATUS(expect_shape(in, 1, "list of boxes", {boxes, 4}));
  KEEL_TRY_STATUS(expect_shape(in, 2, "list of batch indices", {boxes}));
  if (op.height < 1 || op.width < 1 || op.sampling_ratio < 0)
    return invalid_model("RoiAlign to " + std::to_string(op.height) + " x " +
                         std::to_string(op.width) + " bins of " +
                         std::to_string(op.sampling_ratio) + " samples");
  Shape shape{boxes, in.shape(0)[1], op.height, op.width};
  KEEL_TRY_STATUS(check_extents(shape));
  KEEL_TRY_STATUS(some_pixels(in, shape));
  return one(in.dtype(0), std::move(shape));
}

}  // namespace keel::ir
