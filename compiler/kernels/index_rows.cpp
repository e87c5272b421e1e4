#include "compiler/kernels/index_rows.h"

namespace keel::kernels {

Result<IndexRows> index_rows(std::string_view op, const Shape& x, const Tensor& indices,
                             std::int64_t batch) {
  KEEL_TRY(const ir::Ints values, ir::ints_of(indices));
  const std::int64_t depth = indices.shape().back();
  const Shape outer(indices.shape().begin(), indices.shape().end() - 1);
  const std::int64_t rows = element_count(outer);
  const std::int64_t batches = element_count({x.begin(), x.begin() + batch});
  IndexRows result;
  result.slice_size = element_count({x.begin() + batch + depth, x.end()});
  for (std::int64_t row = 0; row < rows; ++row) {
    std::int64_t slice = row / (rows / batches);
    for (std::int64_t i = 0; i < depth; ++i) {
      const std::int64_t extent = x[static_cast<std::size_t>(batch + i)];
      KEEL_TRY(const std::int64_t index,
               checked_index(op, values[static_cast<std::size_t>(row * depth + i)], extent));
      slice = slice * extent + index;
    }
    result.slices.push_back(slice);
  }
  return result;
}

}  // namespace keel::kernels
