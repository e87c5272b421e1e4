#include "compiler/onnx/mixed_tensors.h"

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <utility>

#include "compiler/onnx/initializers.h"

namespace keel::onnx_io {
namespace {

namespace fs = std::filesystem;
using ::onnx::TensorProto;

// As the ONNX project's writer of external data aligns for vector loads.
constexpr std::uint64_t kAlignment = 64;

fs::path folder_of(const fs::path& file) {
  return fs::absolute(file).lexically_normal().parent_path();
}

::onnx::StringStringEntryProto* location_of(TensorProto& tensor) {
  for (::onnx::StringStringEntryProto& entry : *tensor.mutable_external_data())
    if (entry.key() == "location") return &entry;
  return nullptr;
}

}  // namespace

bool is_external(const TensorProto& tensor) {
  return tensor.data_location() == TensorProto::EXTERNAL;
}

MixedTensors::MixedTensors(const fs::path& from, const fs::path& to, Overflow overflow)
    : from_(folder_of(from)),
      to_(folder_of(to)),
      data_(to.string() + ".data"),
      overflow_(overflow),
      external_(from_) {}

Result<TensorProto> MixedTensors::half(const TensorProto& tensor) {
  KEEL_TRY(const Tensor content, to_tensor(tensor, external_));
  return half(tensor.name(), content, is_external(tensor));
}

Result<TensorProto> MixedTensors::half(const std::string& name, const Tensor& content,
                                       bool in_file) {
  std::string bytes;
  for (const float value : content.as<float>()) {
    const std::uint16_t bits = f16_bits(round_to(FloatFormat::F16, overflow_, value));
    bytes.append(reinterpret_cast<const char*>(&bits), sizeof bits);
  }
  TensorProto half;
  half.set_name(name);
  half.set_data_type(TensorProto::FLOAT16);
  for (const std::int64_t extent : content.shape()) half.add_dims(extent);
  if (in_file) {
    KEEL_TRY_STATUS(append(bytes, half));
  } else {
    half.set_raw_data(std::move(bytes));
  }
  return half;
}

Status MixedTensors::keep(TensorProto& tensor) {
  ::onnx::StringStringEntryProto* location = is_external(tensor) ? location_of(tensor) : nullptr;
  if (location == nullptr) return Done{};
  const fs::path seen = (from_ / location->value()).lexically_normal().lexically_relative(to_);
  if (!seen.empty() && *seen.begin() != "..") {
    location->set_value(seen.string());
    return Done{};
  }
  KEEL_TRY(const ExternalBytes found, external_bytes(tensor, external_));
  KEEL_TRY_STATUS(
      append({reinterpret_cast<const char*>(found.bytes.data()), found.bytes.size()}, tensor));
  found.owner->forget(found.bytes);
  return Done{};
}

Status MixedTensors::append(std::string_view bytes, TensorProto& tensor) {
  if (!file_) {
    KEEL_TRY(GrowingFile created, GrowingFile::create(data_));
    file_.emplace(std::move(created));
  }
  const std::uint64_t gap = (kAlignment - file_->size() % kAlignment) % kAlignment;
  KEEL_TRY_STATUS(file_->append(std::string(gap, '\0')));
  tensor.set_data_location(TensorProto::EXTERNAL);
  tensor.clear_external_data();
  const auto add = [&](const char* key, std::string value) {
    ::onnx::StringStringEntryProto& entry = *tensor.add_external_data();
    entry.set_key(key);
    entry.set_value(std::move(value));
  };
  add("location", data_.filename().string());
  add("offset", std::to_string(file_->size()));
  add("length", std::to_string(bytes.size()));
  return file_->append(bytes);
}

Status MixedTensors::finish() {
  if (!file_) return Done{};
  return file_->finish();
}

}  // namespace keel::onnx_io
