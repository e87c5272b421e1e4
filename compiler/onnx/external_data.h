#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "compiler/base/file.h"
#include "compiler/base/hash.h"
#include "compiler/base/result.h"

namespace keel::onnx_io {

/// Bytes of a mapped file, which `owner` keeps mapped.
struct ExternalBytes {
  std::shared_ptr<const MappedFile> owner;  // shared by the tensors that lie in the file
  std::span<const std::byte> bytes;
};

/// The files beside a model that hold its large tensors. Each is mapped once.
class ExternalData {
 public:
  /// \param folder  of the model; locations are relative to it
  explicit ExternalData(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// \error InvalidModel  the location leads out of the folder, or the file is too short
  /// \error NotReadable  the file cannot be read
  Result<ExternalBytes> read(const std::string& location, std::uint64_t offset,
                             std::uint64_t length);

  /// Adds the content of every file read so far, in the order of their locations.
  void add_to_hash(Hasher& hasher) const;

 private:
  std::filesystem::path folder_;
  std::map<std::string, std::shared_ptr<const MappedFile>> files_;
};

}  // namespace keel::onnx_io
