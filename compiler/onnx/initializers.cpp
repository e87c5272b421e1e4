#include "compiler/onnx/initializers.h"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "compiler/base/host_type.h"
#include "compiler/base/rounding.h"
#include "compiler/ir/shape_inference.h"
#include "compiler/onnx/element_type.h"

namespace keel::onnx_io {
namespace {

using ::onnx::TensorProto;

Error broken(std::string what) { return {ErrorCode::InvalidModel, std::move(what), "", ""}; }

Result<TensorType> type_of(const TensorProto& proto) {
  const std::optional<DType> dtype = dtype_of(proto.data_type());
  if (!dtype)
    return broken("element type " + element_type_name(proto.data_type()) + " is not supported");
  TensorType type{*dtype, {proto.dims().begin(), proto.dims().end()}};
  KEEL_TRY_STATUS(ir::check_extents(type.shape));
  return type;
}

Error wrong_size(const TensorType& type, std::size_t has, std::size_t needs, const char* unit) {
  return broken("the tensor holds " + std::to_string(has) + " " + unit + ", " + to_text(type) +
                " needs " + std::to_string(needs));
}

std::size_t file_bytes(const TensorType& type) {
  return static_cast<std::size_t>(element_count(type.shape)) * size_of(type.dtype);
}

float half_value(DType dtype, std::uint16_t bits) {
  return dtype == DType::F16 ? f16_value(bits) : bf16_value(bits);
}

// `bytes` are elements in file form, of the right number.
Tensor from_file_form(const TensorType& type, std::span<const std::byte> bytes) {
  Tensor tensor(type.dtype, type.shape);
  if (type.dtype == DType::F16 || type.dtype == DType::BF16) {
    const std::span<float> values = tensor.fill<float>();
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::uint16_t half = 0;
      std::memcpy(&half, bytes.data() + i * sizeof half, sizeof half);
      values[i] = half_value(type.dtype, half);
    }
  } else if (type.dtype == DType::Bool) {
    std::ranges::transform(bytes, tensor.fill<std::uint8_t>().begin(),
                           [](std::byte b) { return std::uint8_t{b != std::byte{0}}; });
  } else if (!bytes.empty()) {
    with_host_type(type.dtype, [&](auto zero) {
      std::memcpy(tensor.fill<decltype(zero)>().data(), bytes.data(), bytes.size());
    });
  }
  return tensor;
}

template <class T, class Field>
Result<Tensor> from_field(const TensorType& type, const Field& field) {
  // Before memory is asked for: the shape is whatever the file says.
  const auto has = static_cast<std::size_t>(field.size());
  const auto needs = static_cast<std::size_t>(element_count(type.shape));
  if (has != needs) return wrong_size(type, has, needs, "elements");
  Tensor tensor(type.dtype, type.shape);
  const std::span<T> values = tensor.fill<T>();
  std::ranges::transform(field, values.begin(), [&](auto value) {
    if (type.dtype == DType::F16 || type.dtype == DType::BF16)
      return static_cast<T>(half_value(type.dtype, static_cast<std::uint16_t>(value)));
    if (type.dtype == DType::Bool) return static_cast<T>(value != 0);
    return static_cast<T>(value);
  });
  return tensor;
}

// Which field holds which type: the comments of onnx.proto.
Result<Tensor> from_typed_field(const TensorProto& proto, const TensorType& type) {
  switch (type.dtype) {
    case DType::F32:
      return from_field<float>(type, proto.float_data());
    case DType::F64:
      return from_field<double>(type, proto.double_data());
    case DType::I64:
      return from_field<std::int64_t>(type, proto.int64_data());
    case DType::U32:
      return from_field<std::uint32_t>(type, proto.uint64_data());
    case DType::U64:
      return from_field<std::uint64_t>(type, proto.uint64_data());
    case DType::F16:
    case DType::BF16:
      return from_field<float>(type, proto.int32_data());
    case DType::I8:
      return from_field<std::int8_t>(type, proto.int32_data());
    case DType::I16:
      return from_field<std::int16_t>(type, proto.int32_data());
    case DType::I32:
      return from_field<std::int32_t>(type, proto.int32_data());
    case DType::U8:
    case DType::Bool:
      return from_field<std::uint8_t>(type, proto.int32_data());
    case DType::U16:
      return from_field<std::uint16_t>(type, proto.int32_data());
  }
  KEEL_CHECK(false && "a DType outside its enumeration");
}

Result<std::uint64_t> number_entry(const std::string& key, const std::string& text) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size())
    return broken("external data " + key + " '" + text + "' is not a number");
  return value;
}

Result<ExternalBytes> located(const TensorProto& proto, const TensorType& type,
                              ExternalData& external) {
  const std::size_t needed = file_bytes(type);
  std::string location;
  std::uint64_t offset = 0, length = needed;
  for (const auto& entry : proto.external_data()) {
    if (entry.key() == "location") location = entry.value();
    if (entry.key() == "offset") {
      KEEL_TRY(offset, number_entry("offset", entry.value()));
    }
    if (entry.key() == "length") {
      KEEL_TRY(length, number_entry("length", entry.value()));
    }
  }
  if (length != needed) return wrong_size(type, length, needed, "bytes");
  return external.read(location, offset, length);
}

Result<Tensor> from_external(const TensorProto& proto, const TensorType& type,
                             ExternalData& external) {
  KEEL_TRY(ExternalBytes found, located(proto, type, external));
  const bool aligned =
      reinterpret_cast<std::uintptr_t>(found.bytes.data()) % size_of(type.dtype) == 0;
  const bool same_form =
      host_size_of(type.dtype) == size_of(type.dtype) && type.dtype != DType::Bool;
  if (!aligned || !same_form) return from_file_form(type, found.bytes);
  return Tensor(type.dtype, type.shape, std::move(found.owner), found.bytes.data());
}

Result<Tensor> content_of(const TensorProto& proto, ExternalData& external) {
  KEEL_TRY(const TensorType type, type_of(proto));
  if (proto.has_segment()) return broken("a tensor in segments is not supported");
  if (proto.data_location() == TensorProto::EXTERNAL) return from_external(proto, type, external);
  if (!proto.has_raw_data()) return from_typed_field(proto, type);
  const auto raw = std::as_bytes(std::span(proto.raw_data()));
  if (raw.size() != file_bytes(type))
    return wrong_size(type, raw.size(), file_bytes(type), "bytes");
  return from_file_form(type, raw);
}

}  // namespace

Result<ExternalBytes> external_bytes(const TensorProto& proto, ExternalData& external) {
  const auto read = [&]() -> Result<ExternalBytes> {
    KEEL_TRY(const TensorType type, type_of(proto));
    return located(proto, type, external);
  };
  Result<ExternalBytes> found = read();
  if (found.ok()) return found;
  return std::move(found).error().in("tensor '" + proto.name() + "'");
}

Result<Tensor> to_tensor(const TensorProto& proto, ExternalData& external) {
  Result<Tensor> tensor = content_of(proto, external);
  if (tensor.ok()) return tensor;
  return std::move(tensor).error().in("tensor '" + proto.name() + "'");
}

}  // namespace keel::onnx_io
