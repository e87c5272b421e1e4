#include <algorithm>
#include <string>

#include "compiler/ir/shape_rules.h"

namespace keel::ir {
namespace {

// Beyond any extent, so a step clamped to it selects the same elements and its negation exists.
constexpr std::int64_t kFarthest = 2 * kLargestElementCount;

struct AxisRange {
  std::int64_t start, extent, step;
};

// The clamping of the ONNX Slice definition: a start or end beyond the axis means its edge.
AxisRange clamp_range(std::int64_t extent, std::int64_t start, std::int64_t end,
                      std::int64_t step) {
  step = std::clamp(step, -kFarthest, kFarthest);
  if (extent == 0) return {0, 0, step};
  const std::int64_t last = step > 0 ? extent : extent - 1;
  const std::int64_t before = step > 0 ? 0 : -1;
  if (start < 0) start += extent;
  if (end < 0) end += extent;
  start = std::clamp<std::int64_t>(start, 0, last);
  end = std::clamp(end, before, last);
  const std::int64_t distance = step > 0 ? end - start : start - end;
  if (distance <= 0) return {std::min(start, extent - 1), 0, step};
  return {start, (distance - 1) / std::abs(step) + 1, step};
}

Result<Ints> list_or(const Tensor* tensor, Ints otherwise) {
  if (tensor == nullptr) return otherwise;
  return ints_of(*tensor);
}

}  // namespace

Result<SliceRange> resolve_slice(const Shape& shape, std::span<const Tensor* const> parameters) {
  KEEL_CHECK(parameters.size() == 4 && parameters[0] != nullptr && parameters[1] != nullptr);
  KEEL_TRY(const Ints starts, ints_of(*parameters[0]));
  KEEL_TRY(const Ints ends, ints_of(*parameters[1]));
  Ints leading_axes;
  for (std::size_t i = 0; i < starts.size(); ++i)
    leading_axes.push_back(static_cast<std::int64_t>(i));
  KEEL_TRY(const Ints axes, list_or(parameters[2], std::move(leading_axes)));
  KEEL_TRY(const Ints steps, list_or(parameters[3], Ints(starts.size(), 1)));
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size())
    return invalid_model("Slice has " + std::to_string(starts.size()) + " starts, " +
                         std::to_string(ends.size()) + " ends, " + std::to_string(axes.size()) +
                         " axes and " + std::to_string(steps.size()) + " steps");
  KEEL_TRY_STATUS(resolve_axes(axes, shape.size()));

  SliceRange range{Ints(shape.size(), 0), shape, Ints(shape.size(), 1)};
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (steps[i] == 0) return invalid_model("step " + std::to_string(i) + " of Slice is 0");
    KEEL_TRY(const std::size_t axis, resolve_axis(axes[i], shape.size()));
    const AxisRange of_axis = clamp_range(shape[axis], starts[i], ends[i], steps[i]);
    range.starts[axis] = of_axis.start;
    range.extents[axis] = of_axis.extent;
    range.steps[axis] = of_axis.step;
  }
  return range;
}

}  // namespace keel::ir
