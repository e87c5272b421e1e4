#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "compiler/base/result.h"

namespace keel {

/// A file mapped read-only. Unmapped when destroyed.
class MappedFile {
 public:
  /// \error NotReadable  there is no such file, or it may not be read
  /// \error IoFailed     it cannot be mapped
  static Result<std::shared_ptr<const MappedFile>> open(const std::filesystem::path& path);

  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return {data_, size_}; }

  /// Lets the system take back the memory that `part` of bytes() was read into; it is read again
  /// when it is needed. For passing over files larger than memory.
  void forget(std::span<const std::byte> part) const;

 private:
  MappedFile(const std::byte* data, std::size_t size) : data_(data), size_(size) {}
  const std::byte* data_;
  std::size_t size_;
};

/// \error NotReadable, IoFailed  as MappedFile::open
Result<std::string> read_file(const std::filesystem::path& path);

/// Writes `content` to a temporary name in the same folder, syncs it, renames it to `path` and
/// syncs the folder: after a crash `path` holds the old content or the new, never a part.
/// \error IoFailed  any step failed; the temporary file is removed
Status write_file(const std::filesystem::path& path, std::string_view content);

/// Makes the folder and its parents and checks that a file can be written in it.
/// \error IoFailed  it cannot be made, or is not writable
Status make_writable_folder(const std::filesystem::path& path);

}  // namespace keel
