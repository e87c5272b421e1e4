#include <algorithm>

#include "compiler/base/host_type.h"
#include "compiler/kernels/cast.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"
#include "compiler/kernels/resize_taps.h"

namespace keel::kernels {
namespace {

// Sums in double; one tap is a copy, so that integers beyond 2^53 stay as they are.
template <class T>
T sampled(std::span<const T> x, const Shape& strides, const std::vector<ResizeTaps>& taps,
          const Shape& counts, const Shape& index) {
  const bool copies = element_count(counts) == 1;
  double sum = 0;
  T value{};
  for_each_index(counts, [&](const Shape& tap) {
    double weight = 1;
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < taps.size(); ++i) {
      const auto at = static_cast<std::size_t>(index[i] * taps[i].count + tap[i]);
      weight *= taps[i].weights[at];
      offset += taps[i].indices[at] * strides[i];
    }
    value = x[static_cast<std::size_t>(offset)];
    sum += weight * static_cast<double>(value);
  });
  return copies ? value : converted<T>(sum);
}

Result<Tensors> run(const Call& call) {
  const Tensor& x = *call.inputs[0];
  Tensor y(raw_dtype(x.dtype()), call.outputs[0].shape);
  if (y.size() == 0) return Tensors{std::move(y)};
  KEEL_TRY(const std::vector<ResizeTaps> taps, resize_taps(call));
  const Shape strides = row_major_strides(x.shape());
  Shape counts;
  for (const ResizeTaps& axis : taps) counts.push_back(axis.count);
  with_host_type(x.dtype(), [&](auto type) {
    using T = decltype(type);
    const T extrapolation = converted<T>(std::get<ir::Resize>(call.op).extrapolation);
    auto result = y.fill<T>().begin();
    for_each_index(y.shape(), [&](const Shape& index) {
      bool is_outside = false;
      for (std::size_t i = 0; i < taps.size(); ++i)
        is_outside = is_outside || (!taps[i].is_outside.empty() &&
                                    taps[i].is_outside[static_cast<std::size_t>(index[i])]);
      *result++ = is_outside ? extrapolation : sampled<T>(x.as<T>(), strides, taps, counts, index);
    });
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceResize{
    "reference-resize",
    [](const Call& call) { return std::holds_alternative<ir::Resize>(call.op); }, run};

}  // namespace keel::kernels
