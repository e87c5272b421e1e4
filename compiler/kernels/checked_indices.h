#pragma once

#include <string>
#include <string_view>

#include "compiler/ir/shape_inference.h"

namespace keel::kernels {

/// `index` counted from the front. Indices may come from data at run time, so kernels check them
/// and not only shape inference.
/// \error InvalidModel  it is outside [-extent, extent)
inline Result<std::int64_t> checked_index(std::string_view op, std::int64_t index,
                                          std::int64_t extent) {
  if (index < -extent || index >= extent)
    return Error{ErrorCode::InvalidModel,
                 std::string(op) + " index " + std::to_string(index) + " is outside [" +
                     std::to_string(-extent) + ", " + std::to_string(extent) + ")",
                 "", "feed indices in that range"};
  return index < 0 ? index + extent : index;
}

/// The same for all elements of an i64 or i32 tensor.
inline Result<ir::Ints> checked_indices(std::string_view op, const Tensor& tensor,
                                        std::int64_t extent) {
  KEEL_TRY(ir::Ints indices, ir::ints_of(tensor));
  for (std::int64_t& index : indices) {
    KEEL_TRY(index, checked_index(op, index, extent));
  }
  return indices;
}

}  // namespace keel::kernels
