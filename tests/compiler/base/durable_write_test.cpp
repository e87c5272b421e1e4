#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "compiler/base/file.h"

// The linker sends fsync and rename of this program here first (--wrap).

namespace {

std::vector<std::string> events;

std::string name_of(int file) {
  const std::filesystem::path link = "/proc/self/fd/" + std::to_string(file);
  const std::string name = std::filesystem::read_symlink(link).filename().string();
  return name.substr(0, name.find(".tmp"));
}

}  // namespace

extern "C" {

int __real_fsync(int file);
int __real_rename(const char* from, const char* to);

int __wrap_fsync(int file) {
  struct stat info {};
  ::fstat(file, &info);
  const bool is_folder = S_ISDIR(info.st_mode);
  events.push_back("sync " + name_of(file) +
                   (is_folder ? "" : " of " + std::to_string(info.st_size) + " bytes"));
  return __real_fsync(file);
}

int __wrap_rename(const char* from, const char* to) {
  events.push_back("rename to " + std::filesystem::path(to).filename().string());
  return __real_rename(from, to);
}

}  // extern "C"

namespace keel {
namespace {

// A rename before the content is on disk leaves an empty file after a crash; one that the folder
// has not recorded leaves the old.
TEST(DurableWrite, SyncsTheContentThenRenamesThenSyncsTheFolder) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("keel-durable-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  events.clear();
  const Status written = write_file(folder / "list.cfg", "twelve bytes");
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(written.ok());
  EXPECT_EQ(events, (std::vector<std::string>{"sync list.cfg of 12 bytes", "rename to list.cfg",
                                              "sync " + folder.filename().string()}));
}

}  // namespace
}  // namespace keel
