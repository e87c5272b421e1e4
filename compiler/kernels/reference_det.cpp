#include <cmath>
#include <utility>
#include <vector>

#include "compiler/kernels/float_type.h"
#include "compiler/kernels/kernel_table.h"

namespace keel::kernels {
namespace {

bool supports(const Call& call) {
  return std::holds_alternative<ir::Det>(call.op) && takes_floats_or_doubles(call);
}

// Gaussian elimination with row exchanges, of a row-major [size, size] that it overwrites.
double determinant(std::vector<double>& m, std::size_t size) {
  double result = 1;
  for (std::size_t k = 0; k < size; ++k) {
    std::size_t pivot = k;
    for (std::size_t row = k + 1; row < size; ++row)
      if (std::fabs(m[row * size + k]) > std::fabs(m[pivot * size + k])) pivot = row;
    if (m[pivot * size + k] == 0) return 0;
    if (pivot != k) {
      result = -result;
      for (std::size_t column = k; column < size; ++column)
        std::swap(m[pivot * size + column], m[k * size + column]);
    }
    result *= m[k * size + k];
    for (std::size_t row = k + 1; row < size; ++row) {
      const double factor = m[row * size + k] / m[k * size + k];
      for (std::size_t column = k; column < size; ++column)
        m[row * size + column] -= factor * m[k * size + column];
    }
  }
  return result;
}

Result<Tensors> run(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const auto size = static_cast<std::size_t>(x.shape().back());
  Tensor y(raw_dtype(x.dtype()), call.outputs[0].shape);
  with_float_type(y.dtype(), [&](auto type) {
    using T = decltype(type);
    std::size_t begin = 0;
    for (T& result : y.fill<T>()) {
      const std::span<const T> matrix = x.as<T>().subspan(begin, size * size);
      std::vector<double> copy(matrix.begin(), matrix.end());
      result = static_cast<T>(determinant(copy, size));
      begin += size * size;
    }
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceDet{"reference-det", supports, run};

}  // namespace keel::kernels
