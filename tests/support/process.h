#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace keel::test {

/// What a finished process left.
struct Finished {
  int exit_code = 0;  ///< 128 + the signal if one ended it
  std::string out;
  std::string err;
};

/// The keel binary as a child process. Killed if it still runs when the object goes.
class KeelProcess {
 public:
  explicit KeelProcess(const std::vector<std::string>& arguments);
  ~KeelProcess();
  KeelProcess(const KeelProcess&) = delete;
  KeelProcess& operator=(const KeelProcess&) = delete;

  void signal(int number) const;
  Finished wait();

 private:
  pid_t pid_ = -1;
  std::filesystem::path out_, err_;
};

/// Runs keel to its end.
Finished run_keel(const std::vector<std::string>& arguments);

/// A folder that is removed with its content.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

std::string read_text(const std::filesystem::path& path);
void write_text(const std::filesystem::path& path, const std::string& text);

}  // namespace keel::test
