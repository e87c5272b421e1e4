#include "compiler/kernels/resize_taps.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "compiler/ir/resampled_axis.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/cast.h"
#include "compiler/kernels/index.h"

namespace keel::kernels {
namespace {

using ir::ResampledAxis;
using ir::Resize;
using ir::ResizeCoordinates;
using ir::ResizeMode;
using ir::ResizeRounding;

// What of an axis TfCropAndResize reads, 0 being its first element and 1 its last.
struct Roi {
  double start = 0, end = 1;
};

// Where element `i` of the result lies on the axis that is read.
double position(ResizeCoordinates coordinates, const ResampledAxis& axis, const Roi& roi,
                std::int64_t element) {
  const auto i = static_cast<double>(element);
  const auto last = static_cast<double>(axis.input - 1);
  const double length = axis.length();
  const double half_pixel = (i + 0.5) * axis.from / axis.to - 0.5;
  switch (coordinates) {
    case ResizeCoordinates::HalfPixel:
      return half_pixel;
    case ResizeCoordinates::HalfPixelSymmetric:
      return half_pixel +
             static_cast<double>(axis.input) / 2 * (1 - static_cast<double>(axis.output) / length);
    case ResizeCoordinates::PytorchHalfPixel:
      return axis.output > 1 ? half_pixel : 0;
    case ResizeCoordinates::AlignCorners:
      return length == 1 ? 0 : i * last / (length - 1);
    case ResizeCoordinates::Asymmetric:
      return i * axis.from / axis.to;
    case ResizeCoordinates::TfHalfPixelForNn:
      return half_pixel + 0.5;
    case ResizeCoordinates::TfCropAndResize:
      if (length == 1) return (roi.start + roi.end) / 2 * last;
      return roi.start * last + i * (roi.end - roi.start) * last / (length - 1);
  }
  KEEL_CHECK(false && "ResizeCoordinates outside its enumeration");
}

double rounded(ResizeRounding rounding, double x) {
  switch (rounding) {
    case ResizeRounding::RoundPreferFloor:
      return std::ceil(x - 0.5);
    case ResizeRounding::RoundPreferCeil:
      return std::floor(x + 0.5);
    case ResizeRounding::Floor:
      return std::floor(x);
    case ResizeRounding::Ceil:
      return std::ceil(x);
  }
  KEEL_CHECK(false && "a ResizeRounding outside its enumeration");
}

// The kernels of linear and of Keys' cubic interpolation.
double weight(const Resize& op, double distance) {
  const double x = std::fabs(distance);
  if (op.mode == ResizeMode::Linear) return std::max(0.0, 1 - x);
  const auto a = static_cast<double>(op.cubic_a);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return 0;
}

// A kernel of several taps, stretched by 1 / scale where it is to suppress what aliases.
class Interpolation {
 public:
  Interpolation(const Resize& op, double scale)
      : op_(op), scale_(op.antialias ? std::min(scale, 1.0) : 1.0) {
    const double support = op.mode == ResizeMode::Linear ? 1 : 2;
    first_ = static_cast<std::int64_t>(std::floor(-support / scale_)) + 1;
  }

  std::int64_t count() const { return 2 - 2 * first_; }

  void append(double x, std::int64_t extent, ResizeTaps& taps) const {
    const double left = std::floor(x);
    std::vector<double> weights;
    double sum = 0;
    for (std::int64_t t = 0; t < count(); ++t) {
      const std::int64_t at = static_cast<std::int64_t>(left) + first_ + t;
      const bool counts = !op_.exclude_outside || (at >= 0 && at < extent);
      weights.push_back(
          counts ? weight(op_, scale_ * (static_cast<double>(first_ + t) - (x - left))) : 0.0);
      sum += weights.back();
      taps.indices.push_back(std::clamp<std::int64_t>(at, 0, extent - 1));
    }
    const bool normalises = (scale_ != 1 || op_.exclude_outside) && sum != 0;
    for (const double w : weights) taps.weights.push_back(normalises ? w / sum : w);
  }

 private:
  const Resize& op_;
  double scale_;
  std::int64_t first_;  // of the taps, from the element left of the position
};

ResizeTaps identity(std::int64_t extent) {
  ResizeTaps taps;
  taps.is_identity = true;
  for (std::int64_t i = 0; i < extent; ++i) taps.indices.push_back(i);
  taps.weights.assign(static_cast<std::size_t>(extent), 1.0);
  return taps;
}

ResizeTaps taps_of(const Resize& op, const ResampledAxis& axis, const Roi& roi) {
  const bool crops = op.coordinates == ResizeCoordinates::TfCropAndResize;
  if (axis.from == axis.to && axis.output == axis.input && !crops) return identity(axis.output);
  ResizeTaps taps;
  const auto last = static_cast<double>(axis.input - 1);
  const Interpolation interpolation(op, axis.scale());
  if (op.mode != ResizeMode::Nearest) taps.count = interpolation.count();
  for (std::int64_t i = 0; i < axis.output; ++i) {
    double x = position(op.coordinates, axis, roi, i);
    if (crops) {
      // Also where the roi, which comes from data, is not a number.
      taps.is_outside.push_back(!(x >= 0 && x <= last));
      if (taps.is_outside.back()) x = 0;
    }
    if (op.mode == ResizeMode::Nearest) {
      taps.indices.push_back(
          static_cast<std::int64_t>(std::clamp(rounded(op.rounding, x), 0.0, last)));
      taps.weights.push_back(1);
    } else {
      interpolation.append(x, axis.input, taps);
    }
  }
  return taps;
}

// One for each axis; inputs[1] is all starts, then all ends.
std::vector<Roi> rois(const Call& call, const Resize& op, std::size_t rank) {
  std::vector<Roi> of_axis(rank);
  if (op.coordinates != ResizeCoordinates::TfCropAndResize) return of_axis;
  const Tensor values = cast(*call.inputs[1], DType::F64);
  const std::span<const double> roi = values.as<double>();
  const std::size_t named = roi.size() / 2;
  for (std::size_t i = 0; i < named; ++i) {
    const std::size_t axis = op.axes.empty() ? i : axis_index(op.axes[i], rank);
    of_axis[axis] = {roi[i], roi[named + i]};
  }
  return of_axis;
}

}  // namespace

Result<std::vector<ResizeTaps>> resize_taps(const Call& call) {
  const auto& op = std::get<Resize>(call.op);
  const Shape& shape = call.inputs[0]->shape();
  KEEL_TRY(const std::vector<ResampledAxis> axes,
           ir::resampled_axes(op, shape, optional_input(call, 2), optional_input(call, 3)));
  const std::vector<Roi> roi_of = rois(call, op, shape.size());
  std::vector<ResizeTaps> taps;
  for (std::size_t i = 0; i < axes.size(); ++i) taps.push_back(taps_of(op, axes[i], roi_of[i]));
  return taps;
}

}  // namespace keel::kernels
