#pragma once

#include <string>
#include <string_view>

#include "compiler/ir/shape_inference.h"

namespace keel::kernels {

/// `index` counted from the front. Indices come from data at run time, so they are checked there.
/// \error InvalidModel  outside [-extent, extent)
inline Result<std::int64_t> checked_index(std::int64_t index, std::int64_t extent,
                                          std::string_view op) {
  if (index < -extent || index >= extent)
    return Error{ErrorCode::InvalidModel,
                 std::string(op) + " index " + std::to_string(index) + " is outside [" +
                     std::to_string(-extent) + ", " + std::to_string(extent) + ")",
                 "", "feed indices in that range"};
  return index < 0 ? index + extent : index;
}

/// The same for every element of `indices`.
inline Result<ir::Ints> checked_indices(const Tensor& indices, std::int64_t extent,
                                        std::string_view op) {
  KEEL_TRY(ir::Ints result, ir::ints_of(indices));
  for (std::int64_t& index : result) {
    KEEL_TRY(index, checked_index(index, extent, op));
  }
  return result;
}

/// Rows of `indices` [..., depth] as offsets in a tensor of `extents`, whose leading axes they
/// name.
/// \param strides  of that tensor, in elements
inline Result<ir::Ints> offsets_of_rows(const Tensor& indices, const Shape& extents,
                                        const Shape& strides, std::string_view op) {
  KEEL_TRY(const ir::Ints values, ir::ints_of(indices));
  const auto depth = static_cast<std::size_t>(indices.shape().back());
  ir::Ints offsets;
  for (std::size_t row = 0; row + depth <= values.size(); row += depth) {
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < depth; ++i) {
      KEEL_TRY(const std::int64_t index, checked_index(values[row + i], extents[i], op));
      offset += index * strides[i];
    }
    offsets.push_back(offset);
  }
  return offsets;
}

}  // namespace keel::kernels
