#pragma once

#include <chrono>
#include <filesystem>

#include "compiler/base/result.h"

namespace keel::kernel_cache {

/// Keeps other processes, and other threads of this one, out until destroyed or the process ends.
/// The file is never removed: whoever waits on a removed file would share with the maker of a new
/// one.
class FileLock {
 public:
  /// Waits while another holds it. Where the file is there and write-protected it is locked too.
  /// \error IoFailed  it cannot be made, or is still held after `patience`
  static Result<FileLock> take(const std::filesystem::path& path,
                               std::chrono::milliseconds patience);

  ~FileLock();
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;

 private:
  explicit FileLock(int file) : file_(file) {}
  int file_;
};

}  // namespace keel::kernel_cache
