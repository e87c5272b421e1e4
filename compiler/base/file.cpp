#include "compiler/base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "compiler/base/growing_file.h"

namespace keel {
namespace {

namespace fs = std::filesystem;

Error not_readable(const std::string& doing, const fs::path& path, int code, std::string fix) {
  return {ErrorCode::NotReadable, "cannot " + doing + ": " + std::strerror(code), path.string(),
          std::move(fix)};
}

Error io_error(const std::string& doing, const fs::path& path, int code, std::string fix) {
  return {ErrorCode::IoFailed, "cannot " + doing + ": " + std::strerror(code), path.string(),
          std::move(fix)};
}

class FileDescriptor {
 public:
  explicit FileDescriptor(int value) : value_(value) {}
  ~FileDescriptor() {
    if (value_ >= 0) ::close(value_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return value_; }

 private:
  int value_;
};

}  // namespace

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const fs::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return not_readable("open the file", path, errno, "check the path");
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return io_error("read the file", path, errno, "");
  if (!S_ISREG(info.st_mode))
    return not_readable("read the file", path, EISDIR, "name a plain file");
  const auto size = static_cast<std::size_t>(info.st_size);
  void* data = nullptr;
  if (size > 0) {
    data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (data == MAP_FAILED) return io_error("map the file", path, errno, "");
  }
  return std::shared_ptr<const MappedFile>(
      new MappedFile(static_cast<const std::byte*>(data), size));
}

void MappedFile::forget(std::span<const std::byte> part) const {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t first = static_cast<std::size_t>(part.data() - data_) / page * page;
  const std::size_t end = static_cast<std::size_t>(part.data() - data_) + part.size();
  // The pages are clean copies of the file: nothing is lost, and a refusal does no harm.
  if (end > first) ::madvise(const_cast<std::byte*>(data_) + first, end - first, MADV_DONTNEED);
}

MappedFile::~MappedFile() {
  if (size_ > 0) ::munmap(const_cast<std::byte*>(data_), size_);
}

Result<std::string> read_file(const fs::path& path) {
  KEEL_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path));
  const std::span<const std::byte> bytes = file->bytes();
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

Status write_file(const fs::path& path, std::string_view content) {
  KEEL_TRY(GrowingFile file, GrowingFile::create(path));
  KEEL_TRY_STATUS(file.append(content));
  return file.finish();
}

Status make_writable_folder(const fs::path& path) {
  std::error_code code;
  fs::create_directories(path, code);
  if (code || !fs::is_directory(path))
    return io_error("make the folder", path, code ? code.value() : ENOTDIR,
                    "choose a folder you may write to");
  std::string probe = (path / ".keel-XXXXXX").string();
  const FileDescriptor file(::mkstemp(probe.data()));
  if (file.get() < 0)
    return io_error("write in the folder", path, errno, "choose a folder you may write to");
  ::unlink(probe.c_str());
  return Done{};
}

}  // namespace keel
