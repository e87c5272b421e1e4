#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "compiler/base/result.h"
#include "compiler/base/tensor.h"

namespace keel::accuracy {

/// What stands before the data of a .npy file:
///
///     magic    "\x93NUMPY"
///     version  major (1, 2 or 3), minor: a byte each
///     length   of the dictionary; 2 bytes in version 1, else 4; little-endian
///     text     {'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), } padded with spaces
///
/// \par Source  NEP 1 and numpy.lib.format.
struct NpyHeader {
  TensorType type;
  bool fortran_order = false;
  std::size_t data_offset = 0;
};

/// \error InvalidConfig  truncated, not a .npy file, a dtype keel does not hold, or a shape whose
///     bytes a 64-bit number cannot count; `where` is left to the caller
Result<NpyHeader> parse_npy_header(std::span<const std::byte> file);

/// The bytes before C-order data of `type`, version 1.0, padded to a multiple of 64.
std::string npy_header_text(const TensorType& type);

}  // namespace keel::accuracy
