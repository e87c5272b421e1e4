#include "profiler/accuracy/difference.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace keel::accuracy {
namespace {

// Independent sums, so that the compiler may vectorise without reordering any of them.
constexpr std::size_t kLanes = 8;
using Lanes = std::array<double, kLanes>;

double sum(const Lanes& lanes) {
  return ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) +
         ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]));
}

struct Sums {
  Lanes error{};
  Lanes output{};
  Lanes reference{};
  Lanes product{};
  Lanes largest{};

  void add(std::size_t lane, double y, double r) {
    const double error_here = y - r;
    const double magnitude = std::fabs(error_here);
    error[lane] += error_here * error_here;
    output[lane] += y * y;
    reference[lane] += r * r;
    product[lane] += y * r;
    largest[lane] = magnitude > largest[lane] ? magnitude : largest[lane];
  }

  Difference total() const {
    Difference total{sum(error), sum(output), sum(reference), sum(product)};
    for (const double lane : largest) total.largest_error = std::max(total.largest_error, lane);
    return total;
  }
};

template <class T>
Difference of_all(std::span<const T> output, std::span<const T> reference) {
  Sums sums;
  const std::size_t whole = output.size() / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      sums.add(lane, static_cast<double>(output[i + lane]),
               static_cast<double>(reference[i + lane]));
  for (std::size_t i = whole; i < output.size(); ++i)
    sums.add(i - whole, static_cast<double>(output[i]), static_cast<double>(reference[i]));
  return sums.total();
}

template <class T>
Difference of_comparable(std::span<const T> output, std::span<const T> reference) {
  Sums sums;
  std::int64_t non_finite = 0;
  bool infinite = false;
  for (std::size_t i = 0; i < output.size(); ++i) {
    const auto y = static_cast<double>(output[i]);
    const auto r = static_cast<double>(reference[i]);
    if (std::isnan(r) || (std::isinf(r) && y == r)) continue;
    if (std::isfinite(y) && std::isfinite(r)) {
      sums.add(i % kLanes, y, r);
    } else {
      infinite = true;
      non_finite += std::isfinite(r);
    }
  }
  Difference difference = sums.total();
  difference.non_finite = non_finite;
  difference.infinite = infinite;
  if (infinite) {
    difference.squared_error = std::numeric_limits<double>::infinity();
    difference.largest_error = difference.squared_error;
  }
  return difference;
}

template <class T>
Difference of_corresponding(std::span<const T> y, std::span<const T> r) {
  const Difference difference = of_all(y, r);
  // Squares of finite floats do not overflow a double, so finite sums prove finite elements.
  if (std::isfinite(difference.squared_output + difference.squared_reference)) return difference;
  return of_comparable(y, r);
}

// Each beside zeros.
template <class T>
Difference of_unrelated(std::span<const T> y, std::span<const T> r) {
  const std::vector<T> zeros(std::max(y.size(), r.size()), T{0});
  Difference sum = of_corresponding<T>(y, std::span(zeros).first(y.size()));
  const Difference lost = of_corresponding<T>(std::span(zeros).first(r.size()), r);
  sum.squared_error += lost.squared_error;
  sum.squared_reference = lost.squared_reference;
  sum.largest_error = std::max(sum.largest_error, lost.largest_error);
  sum.infinite = sum.infinite || lost.infinite;
  return sum;
}

template <class T>
Difference measure_as(const Tensor& output, const Tensor& reference) {
  const std::span<const T> y = output.as<T>();
  const std::span<const T> r = reference.as<T>();
  return output.shape() == reference.shape() ? of_corresponding(y, r) : of_unrelated(y, r);
}

}  // namespace

Difference measure(const Tensor& output, const Tensor& reference) {
  KEEL_CHECK(output.dtype() == reference.dtype() ||
             (is_tunable_float(output.dtype()) && is_tunable_float(reference.dtype())));
  switch (output.dtype()) {
    case DType::F32:
    case DType::F16:
    case DType::BF16:
      return measure_as<float>(output, reference);
    case DType::F64:
      return measure_as<double>(output, reference);
    case DType::I8:
      return measure_as<std::int8_t>(output, reference);
    case DType::I16:
      return measure_as<std::int16_t>(output, reference);
    case DType::I32:
      return measure_as<std::int32_t>(output, reference);
    case DType::I64:
      return measure_as<std::int64_t>(output, reference);
    case DType::Bool:
    case DType::U8:
      return measure_as<std::uint8_t>(output, reference);
    case DType::U16:
      return measure_as<std::uint16_t>(output, reference);
    case DType::U32:
      return measure_as<std::uint32_t>(output, reference);
    case DType::U64:
      return measure_as<std::uint64_t>(output, reference);
  }
  KEEL_CHECK(false && "a DType outside its enumeration");
}

}  // namespace keel::accuracy
