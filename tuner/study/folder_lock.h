#pragma once

#include <filesystem>

#include "compiler/base/result.h"

namespace keel::study {

/// Keeps other processes out of a study's folder until destroyed or the process ends.
///
/// `study.lock` holds the process id of its owner, for the message. It is never removed: a process
/// that waits on a removed file would share the folder with one that made a new file.
class FolderLock {
 public:
  /// \error IoFailed  another process, or another FolderLock of this one, holds it
  static Result<FolderLock> take(const std::filesystem::path& folder);

  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_;
};

}  // namespace keel::study
