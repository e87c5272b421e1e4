#pragma once

#include <cstdint>

#include "compiler/kernels/onednn.h"

namespace keel::kernels::onednn {

/// `batch` products [m, k] x [k, n] in fp32, each operand row-major or, if transposed,
/// column-major, plus a bias of the last axis.
struct Product {
  std::int64_t batch, m, k, n;
  bool trans_a, trans_b;
  bool has_bias;
};

/// \param bias  n elements; read only if product.has_bias
/// \param y     batch * m * n elements, row-major
/// \pre  no extent is 0
/// \error DeviceFailed  oneDNN refused
Status multiply(const Product& product, Source a, Source b, const float* bias, float* y);

}  // namespace keel::kernels::onednn
