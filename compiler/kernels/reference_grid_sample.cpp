#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>

#include "compiler/base/host_type.h"
#include "compiler/kernels/cast.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

namespace keel::kernels {
namespace {

using ir::GridPadding;
using ir::GridSample;
using ir::ResizeMode;

// What one sample reads along one axis.
struct Taps {
  std::int64_t count = 1;
  std::array<std::int64_t, 4> indices{};  // -1 for one in padding of zeros
  std::array<double, 4> weights{1, 0, 0, 0};
};

// Mirrored at both ends of [low, high] until it lies there.
double reflected(double x, double low, double high) {
  const double range = high - low;
  if (!(range > 0) || !std::isfinite(x)) return low;
  if (x >= low && x <= high) return x;
  const double phase = std::fmod(x < low ? low - x : x - low, 2 * range);
  return low + std::min(phase, 2 * range - phase);
}

// Reads one axis of `extent` pixels as the attributes say.
class AxisSampler {
 public:
  AxisSampler(const GridSample& op, std::int64_t extent)
      : op_(op),
        extent_(extent),
        low_(op.align_corners ? 0 : -0.5),
        high_(static_cast<double>(extent) - (op.align_corners ? 1 : 0.5)) {}

  // In the precision of the grid, as frameworks do it: which pixel is nearest hangs on it.
  template <std::floating_point T>
  Taps taps(T normalised) const {
    const auto extent = static_cast<T>(extent_);
    const T position = op_.align_corners ? (normalised + 1) / 2 * (extent - 1)
                                         : ((normalised + 1) * extent - 1) / 2;
    auto x = static_cast<double>(position);
    // Ties go to the even pixel, of volumes too: the ONNX project's recorded results say so, though
    // PyTorch rounds those of volumes away from zero.
    if (op_.mode == ResizeMode::Nearest) x = std::nearbyint(x);
    x = inside(x);
    Taps result;
    if (op_.mode == ResizeMode::Nearest) {
      result.indices[0] = pixel(x);
      return result;
    }
    const double left = std::floor(x);
    const std::array<double, 4> weights = op_.mode == ResizeMode::Linear
                                              ? std::array{1 - (x - left), x - left, 0.0, 0.0}
                                              : cubic(x - left);
    result.count = op_.mode == ResizeMode::Linear ? 2 : 4;
    const double first = op_.mode == ResizeMode::Linear ? left : left - 1;
    for (std::size_t i = 0; i < static_cast<std::size_t>(result.count); ++i) {
      result.indices[i] = pixel(first + static_cast<double>(i));
      result.weights[i] = weights[i];
    }
    return result;
  }

 private:
  // Between the borders a position stays as it is, though the pixels around it may be padding. Far
  // outside padding of zeros it need not be exact.
  double inside(double x) const {
    constexpr double kFar = 9;
    if (x >= low_ && x <= high_) return x;
    const auto last = static_cast<double>(extent_ - 1);
    switch (op_.padding) {
      case GridPadding::Zeros:
        return std::isnan(x) ? -kFar : std::clamp(x, -kFar, last + kFar);
      case GridPadding::Border:
        return std::isnan(x) ? 0 : std::clamp(x, 0.0, last);
      case GridPadding::Reflection:
        return reflected(x, low_, high_);
    }
    KEEL_CHECK(false && "a GridPadding outside its enumeration");
  }

  std::int64_t pixel(double x) const {
    const auto last = static_cast<double>(extent_ - 1);
    if (op_.padding == GridPadding::Zeros && (x < 0 || x > last)) return -1;
    if (op_.padding == GridPadding::Reflection) x = reflected(x, low_, high_);
    return static_cast<std::int64_t>(std::clamp(x, 0.0, last));
  }

  // Keys' convolution with a = -0.75.
  static std::array<double, 4> cubic(double x) {
    constexpr double kA = -0.75;
    const auto near = [](double d) { return ((kA + 2) * d - (kA + 3)) * d * d + 1; };
    const auto far = [](double d) { return ((kA * d - 5 * kA) * d + 8 * kA) * d - 4 * kA; };
    return {far(x + 1), near(x), near(1 - x), far(2 - x)};
  }

  const GridSample& op_;
  std::int64_t extent_;
  double low_, high_;  // the borders at which positions are mirrored
};

/// A pixel that a point reads, of each channel alike.
struct Corner {
  std::int64_t offset;  ///< in the plane; -1 in padding of zeros
  double weight;
};

// The product of taps along each axis, the last varying fastest.
void corners_of(std::span<const Taps> taps, const Shape& counts, const Shape& strides,
                std::vector<Corner>& corners) {
  corners.clear();
  for_each_index(counts, [&](const Shape& tap) {
    Corner corner{0, 1};
    bool is_padding = false;
    for (std::size_t i = 0; i < taps.size(); ++i) {
      const auto at = static_cast<std::size_t>(tap[i]);
      corner.weight *= taps[i].weights[at];
      corner.offset += taps[i].indices[at] * strides[i];
      is_padding = is_padding || taps[i].indices[at] < 0;
    }
    if (is_padding) corner.offset = -1;
    corners.push_back(corner);
  });
}

template <class T>
T sampled(const T* plane, std::span<const Corner> corners) {
  const auto value = [&](const Corner& corner) {
    return corner.offset < 0 ? T{0} : plane[corner.offset];
  };
  // One is a copy, so that integers beyond 2^53 stay as they are.
  if (corners.size() == 1) return value(corners[0]);
  double sum = 0;
  for (const Corner& corner : corners) sum += corner.weight * static_cast<double>(value(corner));
  return converted<T>(sum);
}

template <class T, std::floating_point Grid>
void sample(const GridSample& op, const Tensor& x, std::span<const Grid> grid, Tensor& y) {
  const Shape spatial(x.shape().begin() + 2, x.shape().end());
  const Shape strides = row_major_strides(spatial);
  const std::size_t axes = spatial.size();
  std::vector<AxisSampler> samplers;
  for (const std::int64_t extent : spatial) samplers.emplace_back(op, extent);
  const std::int64_t plane = element_count(spatial);
  const std::int64_t channels = x.shape()[1];
  const std::int64_t points = y.size() / (x.shape()[0] * channels);
  std::vector<Taps> taps(axes);
  Shape counts(axes);
  std::vector<Corner> corners;
  const std::span<T> results = y.fill<T>();
  for (std::int64_t n = 0; n < x.shape()[0]; ++n)
    for (std::int64_t p = 0; p < points; ++p) {
      const auto at = static_cast<std::size_t>(n * points + p) * axes;
      for (std::size_t i = 0; i < axes; ++i) {
        taps[i] = samplers[i].taps(grid[at + axes - 1 - i]);  // the grid has the last axis first
        counts[i] = taps[i].count;
      }
      corners_of(taps, counts, strides, corners);
      for (std::int64_t c = 0; c < channels; ++c)
        results[static_cast<std::size_t>((n * channels + c) * points + p)] =
            sampled<T>(x.as<T>().data() + (n * channels + c) * plane, corners);
    }
}

bool supports(const Call& call) {
  return std::holds_alternative<ir::GridSample>(call.op) &&
         (is_tunable_float(call.inputs[1]->dtype()) || call.inputs[1]->dtype() == DType::F64);
}

Result<Tensors> run(const Call& call) {
  const auto& op = std::get<GridSample>(call.op);
  const Tensor& x = *call.inputs[0];
  const Tensor& grid = *call.inputs[1];
  Tensor y(raw_dtype(x.dtype()), call.outputs[0].shape);
  if (y.size() == 0) return Tensors{std::move(y)};
  with_host_type(x.dtype(), [&](auto type) {
    using T = decltype(type);
    if (grid.dtype() == DType::F64)
      sample<T>(op, x, grid.as<double>(), y);
    else
      sample<T>(op, x, grid.as<float>(), y);
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceGridSample{"reference-grid-sample", supports, run};

}  // namespace keel::kernels
