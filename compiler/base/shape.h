#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/result.h"

namespace keel {

/// Extents, outermost first. A scalar has rank 0. Every extent of a Tensor is >= 0.
using Shape = std::vector<std::int64_t>;

/// Product of the extents; 1 for a scalar. \pre no extent is negative
std::int64_t element_count(const Shape& shape);

/// "[1,3,224,224]".
std::string to_text(const Shape& shape);

/// The shape both broadcast to by the multidirectional rule of ONNX; empty where they do not.
std::optional<Shape> broadcast(const Shape& a, const Shape& b);

/// Row-major strides in elements.
std::vector<std::int64_t> row_major_strides(const Shape& shape);

/// Strides in elements by which a row-major tensor of shape `from` is read as shape `to`;
/// 0 along broadcast axes. \pre broadcast(from, to) == to
std::vector<std::int64_t> broadcast_strides(const Shape& from, const Shape& to);

}  // namespace keel
