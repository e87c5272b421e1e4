#include "tuner/study/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace keel::study {
namespace {

std::string owner(int file) {
  std::array<char, 32> text{};
  const ssize_t length = ::pread(file, text.data(), text.size(), 0);
  std::string id(text.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
  while (!id.empty() && id.back() == '\n') id.pop_back();
  return id;
}

}  // namespace

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "study.lock";
  // Close-on-exec: a compiler started by this process must not keep the folder locked.
  FolderLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (lock.file_ < 0)
    return Error{ErrorCode::IoFailed, std::string("cannot open the lock: ") + std::strerror(errno),
                 path.string(), "choose an output folder you may write to"};
  if (::flock(lock.file_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      return Error{ErrorCode::IoFailed,
                   std::string("cannot lock the folder: ") + std::strerror(errno), path.string(),
                   "choose an output folder on a local disk"};
    const std::string id = owner(lock.file_);
    return Error{ErrorCode::IoFailed,
                 "the study is in use" + (id.empty() ? "" : " by process " + id), path.string(),
                 "wait until that run has ended, or choose another output folder"};
  }
  const std::string id = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock.file_, 0) != 0 ||
      ::pwrite(lock.file_, id.data(), id.size(), 0) != static_cast<ssize_t>(id.size()))
    return Error{ErrorCode::IoFailed, std::string("cannot write the lock: ") + std::strerror(errno),
                 path.string(), "free space on the disk or choose another output folder"};
  return lock;
}

FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

FolderLock::FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

}  // namespace keel::study
