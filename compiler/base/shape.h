#pragma once

// A move takes the place of elements that are not there along, which g++ 12 warns of.
#pragma GCC diagnostic push
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <absl/container/inlined_vector.h>
#pragma GCC diagnostic pop

#include <cstdint>
#include <optional>
#include <string>

#include "compiler/base/result.h"

namespace keel {

/// A list of integers that is short as a rule: the first are held in place, so that making and
/// copying one allocates nothing.
using Ints = absl::InlinedVector<std::int64_t, 6>;

/// Extents, outermost first. A scalar has rank 0. Every extent of a Tensor is >= 0.
using Shape = Ints;

/// Product of the extents; 1 for a scalar. \pre no extent is negative
std::int64_t element_count(const Shape& shape);

/// "[1,3,224,224]".
std::string to_text(const Shape& shape);

/// The shape both broadcast to by the multidirectional rule of ONNX; empty where they do not.
std::optional<Shape> broadcast(const Shape& a, const Shape& b);

/// Row-major strides in elements.
Ints row_major_strides(const Shape& shape);

/// Strides in elements by which a row-major tensor of shape `from` is read as shape `to`;
/// 0 along broadcast axes. \pre broadcast(from, to) == to
Ints broadcast_strides(const Shape& from, const Shape& to);

}  // namespace keel
