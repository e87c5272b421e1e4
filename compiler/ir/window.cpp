#include <algorithm>
#include <string>

#include "compiler/ir/shape_rules.h"

namespace keel::ir {
namespace {

// Products of two such numbers stay below 2^62, so no sum of them wraps around.
constexpr std::int64_t kLargestSize = std::int64_t{1} << 31;

Result<Ints> list_or(const char* what, const Ints& values, std::size_t size, std::int64_t otherwise,
                     std::int64_t least) {
  if (values.empty()) return Ints(size, otherwise);
  if (values.size() != size)
    return invalid_model(std::string(what) + " has " + std::to_string(values.size()) +
                         " values, not " + std::to_string(size));
  for (const std::int64_t value : values)
    if (value < least || value > kLargestSize)
      return invalid_model(std::string(what) + " has the value " + std::to_string(value) +
                           ", outside [" + std::to_string(least) + ", " +
                           std::to_string(kLargestSize) + "]");
  return values;
}

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

}  // namespace

Result<Window> resolve_window(const Shape& spatial, const Ints& kernel, const Ints& strides,
                              const Ints& dilations, const Ints& pads, AutoPad auto_pad,
                              bool ceil_mode) {
  const std::size_t axes = spatial.size();
  Window window;
  KEEL_TRY(window.kernel, list_or("kernel", kernel, axes, 1, 1));
  KEEL_TRY(window.strides, list_or("strides", strides, axes, 1, 1));
  KEEL_TRY(window.dilations, list_or("dilations", dilations, axes, 1, 1));
  KEEL_TRY(const Ints all_pads, list_or("pads", pads, 2 * axes, 0, 0));
  window.pads_begin.assign(axes, 0);
  window.pads_end.assign(axes, 0);
  window.output.assign(axes, 0);

  for (std::size_t i = 0; i < axes; ++i) {
    const std::int64_t stride = window.strides[i];
    const std::int64_t reach = window.dilations[i] * (window.kernel[i] - 1) + 1;
    std::int64_t& begin = window.pads_begin[i];
    std::int64_t& end = window.pads_end[i];
    switch (auto_pad) {
      case AutoPad::NotSet:
        begin = all_pads[i];
        end = all_pads[axes + i];
        break;
      case AutoPad::Valid:
        break;
      case AutoPad::SameUpper:
      case AutoPad::SameLower: {
        const std::int64_t steps = std::max<std::int64_t>(ceil_div(spatial[i], stride) - 1, 0);
        const std::int64_t total = std::max<std::int64_t>(steps * stride + reach - spatial[i], 0);
        begin = auto_pad == AutoPad::SameUpper ? total / 2 : total - total / 2;
        end = total - begin;
        break;
      }
    }
    const std::int64_t slack = spatial[i] + begin + end - reach;
    if (slack < 0)
      return invalid_model("a window that spans " + std::to_string(reach) +
                           " does not fit the padded extent " + std::to_string(slack + reach) +
                           " of spatial axis " + std::to_string(i));
    window.output[i] = (ceil_mode ? ceil_div(slack, stride) : slack / stride) + 1;
    // With ceil_mode a last window that would start in the end padding is dropped.
    if (ceil_mode && (window.output[i] - 1) * stride >= spatial[i] + begin) --window.output[i];
  }
  return window;
}

Result<Window> resolve_transposed_window(const Shape& spatial, const Ints& kernel,
                                         const ConvTranspose& op) {
  const std::size_t axes = spatial.size();
  Window window;
  KEEL_TRY(window.kernel, list_or("kernel", kernel, axes, 1, 1));
  KEEL_TRY(window.strides, list_or("strides", op.strides, axes, 1, 1));
  KEEL_TRY(window.dilations, list_or("dilations", op.dilations, axes, 1, 1));
  KEEL_TRY(const Ints pads, list_or("pads", op.pads, 2 * axes, 0, 0));
  KEEL_TRY(const Ints added, list_or("output padding", op.output_padding, axes, 0, 0));
  KEEL_TRY(const Ints wanted, list_or("output shape", op.output_shape, axes, -1, 0));
  for (std::size_t i = 0; i < axes; ++i) {
    if (spatial[i] > kLargestSize)
      return invalid_model("spatial axis " + std::to_string(i) + " has " +
                           std::to_string(spatial[i]) + " elements, more than " +
                           std::to_string(kLargestSize));
    const std::int64_t reach = window.dilations[i] * (window.kernel[i] - 1) + 1;
    const std::int64_t full = window.strides[i] * (spatial[i] - 1) + added[i] + reach;
    const bool is_same = op.auto_pad == AutoPad::SameUpper || op.auto_pad == AutoPad::SameLower;
    std::int64_t begin = op.auto_pad == AutoPad::NotSet ? pads[i] : 0;
    std::int64_t end = op.auto_pad == AutoPad::NotSet ? pads[axes + i] : 0;
    if (is_same || wanted[i] >= 0) {
      const std::int64_t extent = wanted[i] >= 0 ? wanted[i] : spatial[i] * window.strides[i];
      const std::int64_t total = std::max<std::int64_t>(full - extent, 0);
      begin = op.auto_pad == AutoPad::SameUpper ? total / 2 : total - total / 2;
      end = total - begin;
    }
    const std::int64_t extent = wanted[i] >= 0 ? wanted[i] : full - begin - end;
    if (extent < 0)
      return invalid_model("the padding " + std::to_string(begin + end) + " is beyond the extent " +
                           std::to_string(full) + " of spatial axis " + std::to_string(i));
    window.pads_begin.push_back(begin);
    window.pads_end.push_back(end);
    window.output.push_back(extent);
  }
  return window;
}

Result<Shape> unpooled_shape(const Shape& x, const MaxUnpool& op) {
  ConvTranspose inverse;
  inverse.strides = op.strides;
  inverse.pads = op.pads;
  const Shape spatial(x.begin() + 2, x.end());
  if (op.kernel.size() != spatial.size())
    return invalid_model("kernel " + to_text(op.kernel) + " does not fit " +
                         std::to_string(spatial.size()) + " spatial axes");
  KEEL_TRY(const Window window, resolve_transposed_window(spatial, op.kernel, inverse));
  Shape shape{x[0], x[1]};
  shape.insert(shape.end(), window.output.begin(), window.output.end());
  return shape;
}

}  // namespace keel::ir
