#include "profiler/accuracy/argmax.h"

#include <algorithm>
#include <cmath>

namespace keel::accuracy {
namespace {

template <class T>
std::int64_t argmax(std::span<const T> row) {
  return std::ranges::max_element(row) - row.begin();
}

template <class T>
bool holds_nan(std::span<const T> row) {
  return std::ranges::any_of(row, [](T x) { return std::isnan(x); });
}

template <class T>
bool row_agrees(std::span<const T> output, std::span<const T> reference,
                std::optional<std::int64_t> label) {
  for (std::size_t i = 0; i < output.size(); ++i)
    if (std::isnan(output[i]) || (std::isinf(output[i]) && std::isfinite(reference[i])))
      return false;
  if (label) return argmax(output) == *label;
  return !holds_nan(reference) && argmax(output) == argmax(reference);
}

template <class T>
double share(const Tensor& output, const Tensor& reference, std::optional<std::int64_t> label) {
  const std::span<const T> y = output.as<T>();
  const std::span<const T> r = reference.as<T>();
  if (y.empty()) return 1;
  const std::size_t length =
      output.shape().empty() ? 1 : static_cast<std::size_t>(output.shape().back());
  const std::size_t rows = y.size() / length;
  std::size_t agreeing = 0;
  for (std::size_t row = 0; row < rows; ++row)
    agreeing += row_agrees(y.subspan(row * length, length), r.subspan(row * length, length), label);
  return static_cast<double>(agreeing) / static_cast<double>(rows);
}

}  // namespace

double share_of_rows_agreeing(const Tensor& output, const Tensor& reference,
                              std::optional<std::int64_t> label) {
  if (output.shape() != reference.shape()) return 0;
  return output.dtype() == DType::F64 ? share<double>(output, reference, label)
                                      : share<float>(output, reference, label);
}

}  // namespace keel::accuracy
