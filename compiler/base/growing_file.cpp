#include "compiler/base/growing_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace keel {

GrowingFile::GrowingFile(std::filesystem::path path)
    : path_(std::move(path)), temporary_(path_.string() + ".tmp" + std::to_string(::getpid())) {}

GrowingFile::GrowingFile(GrowingFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)),
      file_(std::exchange(other.file_, -1)),
      size_(other.size_) {}

GrowingFile::~GrowingFile() {
  if (file_ < 0) return;
  ::close(file_);
  ::unlink(temporary_.c_str());
}

Error GrowingFile::failed(const std::string& doing) const {
  return {ErrorCode::IoFailed, "cannot " + doing + ": " + std::strerror(errno), path_.string(),
          "free space on the disk or choose another folder"};
}

Result<GrowingFile> GrowingFile::create(const std::filesystem::path& path) {
  GrowingFile made(path);
  made.file_ = ::open(made.temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (made.file_ < 0) return made.failed("create the file");
  return made;
}

Status GrowingFile::append(std::string_view part) {
  size_ += part.size();
  while (!part.empty()) {
    const ssize_t written = ::write(file_, part.data(), part.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("write the file");
    part.remove_prefix(static_cast<std::size_t>(written));
  }
  return Done{};
}

Status GrowingFile::finish() {
  if (::fsync(file_) != 0) return failed("sync the file");
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) return failed("rename the file");
  ::close(std::exchange(file_, -1));
  const std::filesystem::path folder =
      path_.has_parent_path() ? path_.parent_path() : std::filesystem::path(".");
  const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = directory >= 0 && ::fsync(directory) == 0;
  if (directory >= 0) ::close(directory);
  if (!synced) return failed("sync the folder");
  return Done{};
}

}  // namespace keel
