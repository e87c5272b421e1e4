#include <algorithm>
#include <array>
#include <cmath>

#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/checked_indices.h"
#include "compiler/kernels/kernel_table.h"

// GridSample and RoiAlign read images at places between pixels.

namespace keel::kernels {
namespace {

/// One channel of one image.
struct Plane {
  const float* pixels;
  std::int64_t height, width;
  float at(std::int64_t y, std::int64_t x) const { return pixels[y * width + x]; }
};

// `place` folded back into [low, high].
double reflected(double place, double low, double high) {
  const double range = high - low;
  if (range <= 0) return low;
  double beyond = std::fmod(std::fabs(place - low), 2 * range);
  if (beyond > range) beyond = 2 * range - beyond;
  return low + beyond;
}

struct Grid {
  const ir::GridSample& op;
  Plane plane;

  double unnormalised(float g, std::int64_t extent) const {
    const auto length = static_cast<double>(extent);
    const auto place = static_cast<double>(g);
    return op.align_corners ? (place + 1) / 2 * (length - 1) : ((place + 1) * length - 1) / 2;
  }

  double inside(double place, std::int64_t extent) const {
    const auto length = static_cast<double>(extent);
    if (op.padding == ir::GridPadding::Border) return std::clamp(place, 0.0, length - 1);
    if (op.padding != ir::GridPadding::Reflection) return place;
    const double folded =
        op.align_corners ? reflected(place, 0, length - 1) : reflected(place, -0.5, length - 0.5);
    return std::clamp(folded, 0.0, length - 1);
  }

  double pixel(double y, double x) const {
    y = inside(y, plane.height);
    x = inside(x, plane.width);
    // Also false for NaN.
    if (!(y >= 0 && y <= static_cast<double>(plane.height - 1) && x >= 0 &&
          x <= static_cast<double>(plane.width - 1)))
      return 0;
    return static_cast<double>(
        plane.at(static_cast<std::int64_t>(y), static_cast<std::int64_t>(x)));
  }

  double weight(double distance) const {
    const double d = std::fabs(distance);
    if (op.mode == ir::ResizeMode::Linear) return std::max(1 - d, 0.0);
    constexpr double kA = -0.75;
    if (d < 1) return ((kA + 2) * d - (kA + 3)) * d * d + 1;
    return d < 2 ? ((kA * d - 5 * kA) * d + 8 * kA) * d - 4 * kA : 0;
  }

  float sample(float gx, float gy) const {
    const double x = unnormalised(gx, plane.width);
    const double y = unnormalised(gy, plane.height);
    if (op.mode == ir::ResizeMode::Nearest)
      return static_cast<float>(pixel(std::nearbyint(y), std::nearbyint(x)));
    const double radius = op.mode == ir::ResizeMode::Linear ? 1 : 2;
    double sum = 0;
    for (double v = std::floor(y) - radius + 1; v <= std::floor(y) + radius; ++v)
      for (double u = std::floor(x) - radius + 1; u <= std::floor(x) + radius; ++u)
        sum += weight(v - y) * weight(u - x) * pixel(v, u);
    return static_cast<float>(sum);
  }
};

bool supports_grid(const Call& call) {
  return std::holds_alternative<ir::GridSample>(call.op) && takes_floats(call);
}

Result<std::vector<Tensor>> run_grid(const Call& call) {
  const auto& op = std::get<ir::GridSample>(call.op);
  const Tensor& x = *call.inputs[0];
  const Shape& shape = call.outputs[0].shape;
  const std::int64_t places = shape[2] * shape[3];
  Tensor y(DType::F32, shape);
  float* to = y.fill<float>().data();
  for (std::int64_t n = 0; n < shape[0]; ++n)
    for (std::int64_t c = 0; c < shape[1]; ++c) {
      const std::int64_t area = x.shape()[2] * x.shape()[3];
      const Grid grid{
          op, {x.as<float>().data() + (n * shape[1] + c) * area, x.shape()[2], x.shape()[3]}};
      const float* at = call.inputs[1]->as<float>().data() + n * places * 2;
      for (std::int64_t i = 0; i < places; ++i) *to++ = grid.sample(at[2 * i], at[2 * i + 1]);
    }
  return std::vector<Tensor>{std::move(y)};
}

/// The four pixels around a place, weighted.
std::array<float, 4> corners(const Plane& plane, float y, float x) {
  const auto h = static_cast<float>(plane.height);
  const auto w = static_cast<float>(plane.width);
  if (!(y >= -1 && y <= h && x >= -1 && x <= w)) return {};
  y = std::max(y, 0.0f);
  x = std::max(x, 0.0f);
  auto top = static_cast<std::int64_t>(y);
  auto left = static_cast<std::int64_t>(x);
  if (top >= plane.height - 1) {
    top = plane.height - 1;
    y = static_cast<float>(top);
  }
  if (left >= plane.width - 1) {
    left = plane.width - 1;
    x = static_cast<float>(left);
  }
  const std::int64_t bottom = std::min(top + 1, plane.height - 1);
  const std::int64_t right = std::min(left + 1, plane.width - 1);
  const float v = y - static_cast<float>(top);
  const float u = x - static_cast<float>(left);
  return {(1 - v) * (1 - u) * plane.at(top, left), (1 - v) * u * plane.at(top, right),
          v * (1 - u) * plane.at(bottom, left), v * u * plane.at(bottom, right)};
}

/// One box, in pixels of the image.
struct Region {
  float y, x, bin_height, bin_width;
  std::int64_t rows, columns;  ///< samples of a bin
};

Region region_of(const ir::RoiAlign& op, std::span<const float> box) {
  const float shift = op.half_pixel ? 0.5f : 0.0f;
  Region region{};
  region.x = box[0] * op.spatial_scale - shift;
  region.y = box[1] * op.spatial_scale - shift;
  float width = box[2] * op.spatial_scale - shift - region.x;
  float height = box[3] * op.spatial_scale - shift - region.y;
  if (!op.half_pixel) {
    width = std::max(width, 1.0f);
    height = std::max(height, 1.0f);
  }
  region.bin_height = height / static_cast<float>(op.height);
  region.bin_width = width / static_cast<float>(op.width);
  const auto samples = [&](float bin) {
    constexpr float kMost = 1 << 12;  // a box that is no number has some samples too
    if (op.sampling_ratio > 0) return op.sampling_ratio;
    return static_cast<std::int64_t>(bin > 0 ? std::min(std::ceil(bin), kMost) : 0.0f);
  };
  region.rows = samples(region.bin_height);
  region.columns = samples(region.bin_width);
  return region;
}

float pooled(const ir::RoiAlign& op, const Plane& plane, const Region& r, std::int64_t row,
             std::int64_t column) {
  double sum = 0;
  float largest = 0;
  bool first = true;
  for (std::int64_t i = 0; i < r.rows; ++i)
    for (std::int64_t k = 0; k < r.columns; ++k) {
      const auto share = [](std::int64_t at, std::int64_t of) {
        return (static_cast<float>(at) + 0.5f) / static_cast<float>(of);
      };
      const float y = r.y + (static_cast<float>(row) + share(i, r.rows)) * r.bin_height;
      const float x = r.x + (static_cast<float>(column) + share(k, r.columns)) * r.bin_width;
      for (const float part : corners(plane, y, x)) {
        sum += static_cast<double>(part);
        largest = first ? part : std::max(largest, part);
        first = false;
      }
    }
  if (op.max) return largest;
  return static_cast<float>(sum /
                            static_cast<double>(std::max<std::int64_t>(r.rows * r.columns, 1)));
}

bool supports_roi(const Call& call) {
  return std::holds_alternative<ir::RoiAlign>(call.op) &&
         is_tunable_float(call.inputs[0]->dtype()) && is_tunable_float(call.inputs[1]->dtype());
}

Result<std::vector<Tensor>> run_roi(const Call& call) {
  const auto& op = std::get<ir::RoiAlign>(call.op);
  const Tensor& x = *call.inputs[0];
  const Shape& shape = call.outputs[0].shape;
  KEEL_TRY(const ir::Ints images, checked_indices(*call.inputs[2], x.shape()[0], "RoiAlign"));
  Tensor result(DType::F32, shape);
  float* to = result.fill<float>().data();
  const std::int64_t area = x.shape()[2] * x.shape()[3];
  if (area == 0)
    return Error{ErrorCode::InvalidModel, "RoiAlign of an image without pixels", "", ""};
  for (std::int64_t box = 0; box < shape[0]; ++box) {
    const auto b = static_cast<std::size_t>(box);
    const Region region = region_of(op, call.inputs[1]->as<float>().subspan(4 * b, 4));
    for (std::int64_t c = 0; c < shape[1]; ++c) {
      const Plane plane{x.as<float>().data() + (images[b] * shape[1] + c) * area, x.shape()[2],
                        x.shape()[3]};
      for (std::int64_t row = 0; row < op.height; ++row)
        for (std::int64_t column = 0; column < op.width; ++column)
          *to++ = pooled(op, plane, region, row, column);
    }
  }
  return std::vector<Tensor>{std::move(result)};
}

}  // namespace

const Kernel kReferenceGridSample{"reference-grid-sample", supports_grid, run_grid};
const Kernel kReferenceRoiAlign{"reference-roi-align", supports_roi, run_roi};

}  // namespace keel::kernels
