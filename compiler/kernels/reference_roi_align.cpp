#include <algorithm>
#include <cmath>
#include <concepts>
#include <string>

#include "compiler/base/host_type.h"
#include "compiler/kernels/checked_indices.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

namespace keel::kernels {
namespace {

// Samples along one side of a box; one that asks for more lies on no image there is.
constexpr std::int64_t kMostSamples = 1 << 16;

// One axis of a box: bins of `samples` evenly spread points each.
template <class T>
struct BoxAxis {
  T start, bin;
  std::int64_t samples;
};

// In the precision of the boxes: whether they take one more sample hangs on it.
template <class T>
BoxAxis<T> box_axis(const ir::RoiAlign& op, T low, T high, std::int64_t bins) {
  const T scale = static_cast<T>(op.spatial_scale);
  const T shift = op.half_pixel ? T{0.5} : T{0};
  const T start = low * scale - shift;
  T extent = high * scale - shift - start;
  if (!op.half_pixel) extent = std::max(extent, T{1});
  const T bin = extent / static_cast<T>(bins);
  if (op.sampling_ratio > 0) return {start, bin, op.sampling_ratio};
  const double samples = std::ceil(static_cast<double>(bin));
  if (!(samples <= static_cast<double>(kMostSamples))) return {start, bin, kMostSamples + 1};
  return {start, bin, static_cast<std::int64_t>(std::max(samples, 0.0))};
}

// The two pixels around a sample; none where it is more than a pixel off.
struct Pair {
  std::int64_t low = 0, high = 0;
  double low_weight = 0, high_weight = 0;
};

template <class T>
Pair pair_at(const BoxAxis<T>& axis, std::int64_t bin, std::int64_t sample, std::int64_t extent) {
  T x = axis.start + static_cast<T>(bin) * axis.bin +
        (static_cast<T>(sample) + T{0.5}) * axis.bin / static_cast<T>(axis.samples);
  if (!(x >= -1 && x <= static_cast<T>(extent))) return {};
  x = std::max(x, T{0});
  const auto low = static_cast<std::int64_t>(x);
  if (low >= extent - 1) return {extent - 1, extent - 1, 1, 0};
  const auto beyond = static_cast<double>(x - static_cast<T>(low));
  return {low, low + 1, 1 - beyond, beyond};
}

template <class T>
std::vector<Pair> pairs_of(const BoxAxis<T>& axis, std::int64_t bin, std::int64_t extent) {
  std::vector<Pair> pairs;
  for (std::int64_t i = 0; i < axis.samples; ++i) pairs.push_back(pair_at(axis, bin, i, extent));
  return pairs;
}

// The mean of interpolated samples, or the largest product of a pixel and its weight: "max" of the
// ONNX definition does not sum the four first.
template <class T>
double pooled(const T* plane, std::int64_t width, const std::vector<Pair>& rows,
              const std::vector<Pair>& columns, bool max) {
  double result = 0;
  bool is_first = true;
  for (const Pair& y : rows)
    for (const Pair& x : columns) {
      const auto term = [&](std::int64_t row, std::int64_t column, double weight) {
        return weight * static_cast<double>(plane[row * width + column]);
      };
      const double terms[] = {term(y.low, x.low, y.low_weight * x.low_weight),
                              term(y.low, x.high, y.low_weight * x.high_weight),
                              term(y.high, x.low, y.high_weight * x.low_weight),
                              term(y.high, x.high, y.high_weight * x.high_weight)};
      const double largest = std::ranges::max(terms);
      if (max)
        result = is_first ? largest : std::max(result, largest);
      else
        result += terms[0] + terms[1] + terms[2] + terms[3];
      is_first = false;
    }
  const double count = static_cast<double>(rows.size()) * static_cast<double>(columns.size());
  return max ? result : result / std::max(count, 1.0);
}

bool supports(const Call& call) {
  const auto* op = std::get_if<ir::RoiAlign>(&call.op);
  return op && raw_dtype(call.inputs[0]->dtype()) == raw_dtype(call.inputs[1]->dtype());
}

template <std::floating_point T>
Status align(const ir::RoiAlign& op, const Call& call, const ir::Ints& batches,
             std::span<T> result) {
  const Shape& shape = call.inputs[0]->shape();
  const std::int64_t channels = shape[1], height = shape[2], width = shape[3];
  const std::span<const T> boxes = call.inputs[1]->as<T>();
  auto out = result.begin();
  for (std::size_t r = 0; r < batches.size(); ++r) {
    const T* box = boxes.data() + 4 * r;
    const BoxAxis<T> y = box_axis(op, box[1], box[3], op.height);
    const BoxAxis<T> x = box_axis(op, box[0], box[2], op.width);
    if (y.samples > kMostSamples / op.height || x.samples > kMostSamples / op.width)
      return Error{ErrorCode::InvalidModel,
                   "box " + std::to_string(r) + " of RoiAlign is (" + std::to_string(box[0]) +
                       ", " + std::to_string(box[1]) + ", " + std::to_string(box[2]) + ", " +
                       std::to_string(box[3]) + "), too large to be sampled",
                   "", "feed boxes that lie on the image"};
    std::vector<std::vector<Pair>> rows, columns;
    for (std::int64_t i = 0; i < op.height; ++i) rows.push_back(pairs_of(y, i, height));
    for (std::int64_t i = 0; i < op.width; ++i) columns.push_back(pairs_of(x, i, width));
    for (std::int64_t c = 0; c < channels; ++c) {
      const T* plane =
          call.inputs[0]->as<T>().data() + (batches[r] * channels + c) * height * width;
      for (const std::vector<Pair>& row : rows)
        for (const std::vector<Pair>& column : columns)
          *out++ = static_cast<T>(pooled(plane, width, row, column, op.max));
    }
  }
  return Done{};
}

Result<Tensors> run(const Call& call) {
  const auto& op = std::get<ir::RoiAlign>(call.op);
  const Tensor& x = *call.inputs[0];
  KEEL_TRY(const ir::Ints batches, checked_indices("RoiAlign", *call.inputs[2], x.shape()[0]));
  Tensor y(raw_dtype(x.dtype()), call.outputs[0].shape);
  if (y.size() == 0) return Tensors{std::move(y)};
  if (x.dtype() == DType::F64) {
    KEEL_TRY_STATUS(align(op, call, batches, y.fill<double>()));
  } else {
    KEEL_TRY_STATUS(align(op, call, batches, y.fill<float>()));
  }
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceRoiAlign{"reference-roi-align", supports, run};

}  // namespace keel::kernels
