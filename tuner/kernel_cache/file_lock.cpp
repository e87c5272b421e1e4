#include "tuner/kernel_cache/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <thread>
#include <utility>

namespace keel::kernel_cache {

Result<FileLock> FileLock::take(const std::filesystem::path& path,
                                std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds kPause{5};
  // Close-on-exec: a compiler started by this process must not keep it locked.
  FileLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (lock.file_ < 0) {
    const int reason = errno;
    lock.file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (lock.file_ < 0)
      return Error{ErrorCode::IoFailed,
                   std::string("cannot open the lock: ") + std::strerror(reason), path.string(),
                   "choose a folder you may write to"};
  }
  const auto until = std::chrono::steady_clock::now() + patience;
  while (::flock(lock.file_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK)
      return Error{ErrorCode::IoFailed, std::string("cannot lock: ") + std::strerror(errno),
                   path.string(), "choose a folder on a local disk"};
    if (std::chrono::steady_clock::now() >= until)
      return Error{
          ErrorCode::IoFailed,
          "another process has held the lock for " + std::to_string(patience.count()) + " ms",
          path.string(), "end that process, or choose another folder"};
    std::this_thread::sleep_for(kPause);
  }
  return lock;
}

FileLock::~FileLock() {
  if (file_ >= 0) ::close(file_);
}

FileLock::FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

}  // namespace keel::kernel_cache
