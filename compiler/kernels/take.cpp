#include "compiler/kernels/take.h"

#include <cstring>

#include "compiler/kernels/raw_tensor.h"

namespace keel::kernels {

Tensor take(const Tensor& x, std::size_t axis, std::span<const std::int64_t> indices) {
  Shape shape = x.shape();
  const std::int64_t extent = shape[axis];
  const auto split = x.shape().begin() + static_cast<std::ptrdiff_t>(axis);
  const std::int64_t outer = element_count({x.shape().begin(), split});
  const std::int64_t slice_bytes = element_count({split + 1, x.shape().end()}) *
                                   static_cast<std::int64_t>(host_size_of(x.dtype()));
  shape[axis] = static_cast<std::int64_t>(indices.size());
  Tensor y(x.dtype(), shape);
  if (y.size() == 0) return y;
  std::byte* to = fill_bytes(y).data();
  for (std::int64_t i = 0; i < outer; ++i)
    for (const std::int64_t index : indices) {
      std::memcpy(to, x.bytes().data() + (i * extent + index) * slice_bytes,
                  static_cast<std::size_t>(slice_bytes));
      to += slice_bytes;
    }
  return y;
}

}  // namespace keel::kernels
