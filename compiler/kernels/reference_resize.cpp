#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/base/host_type.h"
#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"
#include "compiler/kernels/take.h"

// Resampling is separable: one axis after another.

namespace keel::kernels {
namespace {

using ir::Resize;
using ir::ResizeCoordinates;
using ir::ResizeMode;
using ir::ResizeRounding;

/// One axis of a Resize.
struct Axis {
  std::size_t axis = 0;
  double in = 1, out = 1;     ///< extents
  double scale = 1;           ///< out / in as asked for, before rounding to an extent
  double start = 0, end = 1;  ///< region of interest, as shares of the axis
};

/// Where a place of the result lies in the input.
double source_of(const Resize& op, const Axis& a, double place) {
  switch (op.coordinates) {
    case ResizeCoordinates::HalfPixel:
      return (place + 0.5) / a.scale - 0.5;
    case ResizeCoordinates::HalfPixelSymmetric: {
      const double adjustment = a.out / (a.scale * a.in);
      return a.in / 2 * (1 - adjustment) + (place + 0.5) / a.scale - 0.5;
    }
    case ResizeCoordinates::PytorchHalfPixel:
      return a.out > 1 ? (place + 0.5) / a.scale - 0.5 : 0;
    case ResizeCoordinates::AlignCorners:
      // By the extent before it was rounded, as in the results that the ONNX project records.
      return a.out > 1 ? place * (a.in - 1) / (a.scale * a.in - 1) : 0;
    case ResizeCoordinates::Asymmetric:
      return place / a.scale;
    case ResizeCoordinates::TfHalfPixelForNn:
      return (place + 0.5) / a.scale;
    case ResizeCoordinates::TfCropAndResize:
      if (a.out <= 1) return 0.5 * (a.start + a.end) * (a.in - 1);
      return a.start * (a.in - 1) + place * (a.end - a.start) * (a.in - 1) / (a.out - 1);
  }
  KEEL_CHECK(false && "a ResizeCoordinates outside its enumeration");
}

std::int64_t clamped(double place, const Axis& a) {
  return static_cast<std::int64_t>(std::clamp(place, 0.0, a.in - 1));
}

double nearest(ResizeRounding rounding, double source) {
  switch (rounding) {
    case ResizeRounding::RoundPreferFloor:
      return std::ceil(source - 0.5);
    case ResizeRounding::RoundPreferCeil:
      return std::floor(source + 0.5);
    case ResizeRounding::Floor:
      return std::floor(source);
    case ResizeRounding::Ceil:
      return std::ceil(source);
  }
  KEEL_CHECK(false && "a ResizeRounding outside its enumeration");
}

/// What one place of the result sums.
struct Tap {
  std::int64_t place;
  float weight;
};

double kernel_of(const Resize& op, double distance) {
  const double x = std::fabs(distance);
  if (op.mode == ResizeMode::Linear) return std::max(1 - x, 0.0);
  const auto a = static_cast<double>(op.cubic_a);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

// Taps beyond an edge repeat it, or have no weight.
std::vector<Tap> taps_of(const Resize& op, const Axis& a, double source) {
  const double radius = op.mode == ResizeMode::Linear ? 1 : 2;
  const double narrowing = op.antialias ? std::min(a.scale, 1.0) : 1.0;
  std::vector<std::pair<double, double>> taps;
  double total = 0;
  for (double place = std::floor(source - radius / narrowing);
       place <= std::ceil(source + radius / narrowing); ++place) {
    double weight = kernel_of(op, (place - source) * narrowing);
    if (op.exclude_outside && (place < 0 || place >= a.in)) weight = 0;
    if (weight == 0) continue;
    taps.emplace_back(place, weight);
    total += weight;
  }
  const bool normalises = op.exclude_outside || op.antialias;
  std::vector<Tap> result;
  for (const auto& [place, weight] : taps)
    result.push_back({clamped(place, a), static_cast<float>(normalises ? weight / total : weight)});
  return result;
}

Shape with_extent(Shape shape, std::size_t axis, std::int64_t extent) {
  shape[axis] = extent;
  return shape;
}

std::int64_t count_before(const Shape& shape, std::size_t axis) {
  return element_count({shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(axis)});
}

template <class T>
Tensor interpolated(const Tensor& x, const Axis& a, const std::vector<std::vector<Tap>>& taps) {
  Tensor y(raw_dtype(x.dtype()),
           with_extent(x.shape(), a.axis, static_cast<std::int64_t>(taps.size())));
  const std::int64_t outer = count_before(x.shape(), a.axis);
  const std::int64_t length = x.shape()[a.axis];
  const std::int64_t inner = outer * length == 0 ? 0 : x.size() / (outer * length);
  const T* from = x.as<T>().data();
  T* to = y.fill<T>().data();
  for (std::int64_t o = 0; o < outer; ++o, from += length * inner)
    for (const std::vector<Tap>& place : taps) {
      std::fill_n(to, inner, T{0});
      for (const Tap& tap : place) {
        const T* slice = from + tap.place * inner;
        const auto weight = static_cast<T>(tap.weight);
        for (std::int64_t i = 0; i < inner; ++i) to[i] += weight * slice[i];
      }
      to += inner;
    }
  return y;
}

Tensor resized(const Resize& op, const Tensor& x, const Axis& a) {
  std::vector<double> sources;
  for (double place = 0; place < a.out; ++place) sources.push_back(source_of(op, a, place));
  if (op.mode == ResizeMode::Nearest) {
    ir::Ints places;
    for (const double source : sources) places.push_back(clamped(nearest(op.rounding, source), a));
    return take(x, a.axis, places);
  }
  std::vector<std::vector<Tap>> taps;
  for (const double source : sources) taps.push_back(taps_of(op, a, source));
  return x.dtype() == DType::F64 ? interpolated<double>(x, a, taps)
                                 : interpolated<float>(x, a, taps);
}

// Cropping: what lies outside of the input has one value.
Tensor extrapolated(const Resize& op, const Tensor& y, const Axis& a) {
  ir::Ints outside;
  for (double place = 0; place < a.out; ++place) {
    const double source = source_of(op, a, place);
    if (source < 0 || source > a.in - 1) outside.push_back(static_cast<std::int64_t>(place));
  }
  if (outside.empty()) return y;
  Tensor result(raw_dtype(y.dtype()), y.shape());
  const std::int64_t outer = count_before(y.shape(), a.axis);
  const std::int64_t inner = y.size() / (outer * y.shape()[a.axis]);
  with_host_type(y.dtype(), [&](auto element) {
    using T = decltype(element);
    const std::span<T> values = result.fill<T>();
    std::ranges::copy(y.as<T>(), values.begin());
    for (std::int64_t o = 0; o < outer; ++o)
      for (const std::int64_t place : outside)
        std::fill_n(values.begin() + (o * y.shape()[a.axis] + place) * inner, inner,
                    static_cast<T>(op.extrapolation));
  });
  return result;
}

Result<std::vector<Axis>> axes_of(const Call& call) {
  const auto& op = std::get<Resize>(call.op);
  const Shape& x = call.inputs[0]->shape();
  KEEL_TRY(const ir::Ints axes, ir::resize_axes(op, x.size()));
  const Tensor* roi = optional_input(call, 1);
  const Tensor* scales = optional_input(call, 2);
  std::vector<Axis> result;
  double factor = 0;  // the one of all axes under an aspect policy
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const auto axis = static_cast<std::size_t>(axes[i]);
    Axis a{axis, static_cast<double>(x[axis]), static_cast<double>(call.outputs[0].shape[axis])};
    a.scale = a.out / a.in;
    if (scales && scales->size() > 0) a.scale = static_cast<double>(scales->as<float>()[i]);
    if (op.coordinates == ResizeCoordinates::TfCropAndResize) {
      KEEL_CHECK(roi != nullptr);
      with_host_type(roi->dtype(), [&](auto element) {
        const auto region = roi->as<decltype(element)>();
        a.start = static_cast<double>(region[i]);
        a.end = static_cast<double>(region[axes.size() + i]);
      });
    }
    factor = std::max(factor, a.scale);
    result.push_back(a);
  }
  if (op.aspect != ir::AspectPolicy::Stretch && !(scales && scales->size() > 0))
    for (Axis& a : result) a.scale = factor;
  return result;
}

bool supports(const Call& call) {
  const auto* op = std::get_if<Resize>(&call.op);
  if (!op) return false;
  const DType dtype = call.inputs[0]->dtype();
  return op->mode == ResizeMode::Nearest || is_tunable_float(dtype) || dtype == DType::F64;
}

Result<std::vector<Tensor>> run(const Call& call) {
  const auto& op = std::get<Resize>(call.op);
  KEEL_TRY(const std::vector<Axis> axes, axes_of(call));
  Tensor y = *call.inputs[0];
  const bool moves = op.coordinates == ResizeCoordinates::TfCropAndResize;
  for (const Axis& a : axes)
    if (moves || a.in != a.out || a.scale != 1) y = resized(op, y, a);
  if (moves)
    for (const Axis& a : axes) y = extrapolated(op, y, a);
  // Without any change the bytes are those of the input, which execute() must not round in place.
  if (y.dtype() == call.inputs[0]->dtype() && is_tunable_float(y.dtype()) &&
      y.dtype() != call.outputs[0].dtype) {
    Tensor copy(DType::F32, y.shape());
    std::ranges::copy(y.as<float>(), copy.fill<float>().begin());
    y = std::move(copy);
  }
  return std::vector<Tensor>{std::move(y)};
}

}  // namespace

const Kernel kReferenceResize{"reference-resize", supports, run};

}  // namespace keel::kernels
