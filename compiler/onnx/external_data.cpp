#include "compiler/onnx/external_data.h"

#include <algorithm>

namespace keel::onnx_io {
namespace {

// Weights may be larger than memory; they are not all held for their digest.
constexpr std::size_t kHashedAtOnce = std::size_t{64} << 20;

}  // namespace
namespace {

namespace fs = std::filesystem;

// By spelling only: model stores link the files of a model to a folder of blobs elsewhere.
bool leads_out(const fs::path& location) {
  const fs::path normal = location.lexically_normal();
  return location.empty() || location.is_absolute() || *normal.begin() == "..";
}

}  // namespace

Result<ExternalBytes> ExternalData::read(const std::string& location, std::uint64_t offset,
                                         std::uint64_t length) {
  if (leads_out(location))
    return Error{ErrorCode::InvalidModel,
                 "external data at '" + location + "' is not below the model's folder", "",
                 "put the data file beside the model and export its location as a relative path"};
  auto found = files_.find(location);
  if (found == files_.end()) {
    KEEL_TRY(std::shared_ptr<const MappedFile> file, MappedFile::open(folder_ / location));
    found = files_.emplace(location, std::move(file)).first;
  }
  const std::span<const std::byte> bytes = found->second->bytes();
  if (offset > bytes.size() || length > bytes.size() - offset)
    return Error{ErrorCode::InvalidModel,
                 "external data '" + location + "' has " + std::to_string(bytes.size()) +
                     " bytes, " + std::to_string(length) + " bytes at offset " +
                     std::to_string(offset) + " do not fit",
                 "", "copy the data file again; it may be truncated"};
  return ExternalBytes{found->second, bytes.subspan(offset, length)};
}

void ExternalData::add_to_hash(Hasher& hasher) const {
  for (const auto& [location, file] : files_) {
    hasher.add(std::string_view(location));
    for (std::span<const std::byte> rest = file->bytes(); !rest.empty();) {
      const std::span<const std::byte> part = rest.first(std::min(rest.size(), kHashedAtOnce));
      hasher.add_bytes(part);
      file->forget(part);
      rest = rest.subspan(part.size());
    }
  }
}

}  // namespace keel::onnx_io
