#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "compiler/base/result.h"

namespace keel {

/// A file that is written part by part under a temporary name in its folder and has its own name
/// only when it is complete: after a crash `path` holds the old content or the new, never a part.
class GrowingFile {
 public:
  /// \error IoFailed  it cannot be created
  static Result<GrowingFile> create(const std::filesystem::path& path);

  /// Removes the temporary file unless finish() ran.
  ~GrowingFile();
  GrowingFile(GrowingFile&& other) noexcept;
  GrowingFile& operator=(GrowingFile&&) = delete;
  GrowingFile(const GrowingFile&) = delete;
  GrowingFile& operator=(const GrowingFile&) = delete;

  /// Bytes so far.
  std::uint64_t size() const { return size_; }

  /// \error IoFailed  the disk
  Status append(std::string_view part);

  /// Syncs it, renames it to `path` and syncs the folder. Nothing may be appended afterwards.
  /// \error IoFailed  any step failed
  Status finish();

 private:
  explicit GrowingFile(std::filesystem::path path);
  Error failed(const std::string& doing) const;

  std::filesystem::path path_, temporary_;
  int file_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace keel
