#include <cstring>
#include <string>

#include "compiler/base/file.h"
#include "compiler/base/rounding.h"
#include "profiler/accuracy/dataset.h"
#include "profiler/accuracy/npy_header.h"
#include "profiler/accuracy/raw_elements.h"

namespace keel::accuracy {
namespace {

// The bytes of a column-major array in row-major order.
std::string transposed(std::span<const std::byte> bytes, const TensorType& type) {
  const std::size_t item = size_of(type.dtype);
  std::vector<std::size_t> strides(type.shape.size());
  std::size_t stride = item;
  for (std::size_t i = 0; i < strides.size(); ++i) {
    strides[i] = stride;
    stride *= static_cast<std::size_t>(type.shape[i]);
  }

  std::string result(bytes.size(), '\0');
  Shape position(type.shape.size(), 0);
  std::size_t from = 0;
  for (std::size_t to = 0; to < result.size(); to += item) {
    std::memcpy(result.data() + to, bytes.data() + from, item);
    for (std::size_t axis = position.size(); axis-- > 0;) {
      from += strides[axis];
      if (++position[axis] < type.shape[axis]) break;
      from -= strides[axis] * static_cast<std::size_t>(type.shape[axis]);
      position[axis] = 0;
    }
  }
  return result;
}

}  // namespace

Result<Tensor> read_npy(const std::filesystem::path& path) {
  KEEL_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path));
  Result<NpyHeader> header = parse_npy_header(file->bytes());
  if (!header.ok()) return std::move(header).error().in(path.string());

  const TensorType& type = header->type;
  const std::span<const std::byte> data = file->bytes().subspan(header->data_offset);
  const std::size_t needed = raw_bytes(type);
  if (data.size() != needed)
    return Error{ErrorCode::InvalidConfig,
                 to_text(type) + " takes " + std::to_string(needed) + " bytes, the file has " +
                     std::to_string(data.size()) + " after its header",
                 path.string(), "write the file again with numpy.save, one array a file"};
  if (!header->fortran_order) return from_raw(type, data);
  const std::string row_major = transposed(data, type);
  return from_raw(type, std::as_bytes(std::span(row_major)));
}

Status write_npy(const std::filesystem::path& path, const Tensor& tensor) {
  std::string content = npy_header_text(tensor.type());
  if (tensor.dtype() == DType::F16) {
    for (const float value : tensor.as<float>()) {
      const std::uint16_t bits = f16_bits(value);
      content += {static_cast<char>(bits & 0xff), static_cast<char>(bits >> 8)};
    }
  } else {
    content.append(reinterpret_cast<const char*>(tensor.bytes().data()), tensor.bytes().size());
  }
  return write_file(path, content);
}

}  // namespace keel::accuracy
