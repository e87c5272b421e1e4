#pragma once

#include "compiler/kernels/checked_indices.h"

namespace keel::kernels {

/// The slices of a tensor that rows of indices name.
struct IndexRows {
  ir::Ints slices;              ///< the number of the slice each row names, from the front of x
  std::int64_t slice_size = 1;  ///< in elements
};

/// \param op       "GatherND", for errors
/// \param indices  [..., m]: each row names a slice behind the first m axes of x after `batch`
///                 axes that both share
/// \error InvalidModel  an index is out of range
Result<IndexRows> index_rows(std::string_view op, const Shape& x, const Tensor& indices,
                             std::int64_t batch);

}  // namespace keel::kernels
