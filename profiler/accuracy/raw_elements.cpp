#include "profiler/accuracy/raw_elements.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "compiler/base/rounding.h"

namespace keel::accuracy {
namespace {

static_assert(std::endian::native == std::endian::little, "files are read without swapping bytes");

bool is_float(DType dtype) { return is_tunable_float(dtype) || dtype == DType::F64; }

// Calls `visit` with a value of the type that holds an element of `dtype`.
template <class Visit>
auto with_host_type(DType dtype, Visit visit) {
  switch (dtype) {
    case DType::F32:
    case DType::F16:
    case DType::BF16:
      return visit(float{});
    case DType::F64:
      return visit(double{});
    case DType::I8:
      return visit(std::int8_t{});
    case DType::I16:
      return visit(std::int16_t{});
    case DType::I32:
      return visit(std::int32_t{});
    case DType::I64:
      return visit(std::int64_t{});
    case DType::Bool:
    case DType::U8:
      return visit(std::uint8_t{});
    case DType::U16:
      return visit(std::uint16_t{});
    case DType::U32:
      return visit(std::uint32_t{});
    case DType::U64:
      return visit(std::uint64_t{});
  }
  KEEL_CHECK(false && "a DType outside its enumeration");
}

template <class T>
Error does_not_fit(T value, std::size_t index, DType dtype) {
  std::array<char, 32> text;  // the shortest double takes 24
  char* const end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {ErrorCode::InvalidConfig,
          "element " + std::to_string(index) + " is " + std::string(text.data(), end) + ", which " +
              std::string(name(dtype)) + " cannot hold",
          "", "scale or clip the data to what the model was made for"};
}

template <class From>
Result<Tensor> float_converted(const Tensor& tensor, DType dtype) {
  const std::span<const From> from = tensor.as<From>();
  Tensor result(dtype, tensor.shape());
  if (dtype == DType::F64) {
    const std::span<double> to = result.fill<double>();
    for (std::size_t i = 0; i < from.size(); ++i) to[i] = static_cast<double>(from[i]);
    return result;
  }
  const std::span<float> to = result.fill<float>();
  const FloatFormat format = format_of(dtype);
  for (std::size_t i = 0; i < from.size(); ++i) {
    to[i] = round_to(format, Overflow::InfNan, static_cast<float>(from[i]));
    if (!std::isfinite(to[i]) && std::isfinite(from[i])) return does_not_fit(from[i], i, dtype);
  }
  return result;
}

template <class From, class To>
Result<Tensor> integer_converted(const Tensor& tensor, DType dtype) {
  const std::span<const From> from = tensor.as<From>();
  Tensor result(dtype, tensor.shape());
  const std::span<To> to = result.fill<To>();
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (!std::in_range<To>(from[i]) || (dtype == DType::Bool && from[i] > 1))
      return does_not_fit(from[i], i, dtype);
    to[i] = static_cast<To>(from[i]);
  }
  return result;
}

}  // namespace

std::size_t raw_bytes(const TensorType& type) {
  return static_cast<std::size_t>(element_count(type.shape)) * size_of(type.dtype);
}

Tensor from_raw(const TensorType& type, std::span<const std::byte> data) {
  KEEL_CHECK(data.size() == raw_bytes(type));
  Tensor tensor(type.dtype, type.shape);
  if (type.dtype == DType::F16 || type.dtype == DType::BF16) {
    const std::span<float> values = tensor.fill<float>();
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::uint16_t bits = 0;
      std::memcpy(&bits, data.data() + 2 * i, 2);
      values[i] = type.dtype == DType::F16 ? f16_value(bits) : bf16_value(bits);
    }
  } else if (type.dtype == DType::Bool) {
    const std::span<std::uint8_t> values = tensor.fill<std::uint8_t>();
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = data[i] != std::byte{0};
  } else {
    with_host_type(type.dtype, [&]<class T>(T) {
      if (!data.empty()) std::memcpy(tensor.fill<T>().data(), data.data(), data.size());
    });
  }
  return tensor;
}

Result<Tensor> converted(const Tensor& tensor, DType dtype) {
  if (tensor.dtype() == dtype) return tensor;
  if (is_float(tensor.dtype()) != is_float(dtype))
    return Error{ErrorCode::InvalidConfig,
                 "dtype is " + std::string(name(tensor.dtype())) + ", the input takes " +
                     std::string(name(dtype)),
                 "", "save the data as " + std::string(name(dtype))};
  return with_host_type(tensor.dtype(), [&]<class From>(From) -> Result<Tensor> {
    if constexpr (std::is_floating_point_v<From>) {
      return float_converted<From>(tensor, dtype);
    } else {
      return with_host_type(dtype, [&]<class To>(To) -> Result<Tensor> {
        if constexpr (std::is_integral_v<To>) return integer_converted<From, To>(tensor, dtype);
        KEEL_CHECK(false && "floats were told from integers above");
      });
    }
  });
}

std::optional<std::size_t> first_non_finite(const Tensor& tensor) {
  if (!is_float(tensor.dtype())) return std::nullopt;
  return with_host_type(tensor.dtype(), [&]<class T>(T) -> std::optional<std::size_t> {
    const std::span<const T> values = tensor.as<T>();
    if constexpr (std::is_floating_point_v<T>)
      for (std::size_t i = 0; i < values.size(); ++i)
        if (!std::isfinite(values[i])) return i;
    return std::nullopt;
  });
}

}  // namespace keel::accuracy
