#include "tuner/kernel_cache/file_lock.h"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/tuner/kernel_cache/cache_fixture.h"

namespace keel::kernel_cache {
namespace {

using std::chrono::milliseconds;

TEST(FileLock, SaysThatAnotherHoldsIt) {
  const std::filesystem::path path = empty_folder() / "lock";
  const Result<FileLock> held = FileLock::take(path, milliseconds(0));
  ASSERT_TRUE(held.ok()) << to_text(held.error());
  const Result<FileLock> second = FileLock::take(path, milliseconds(20));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::IoFailed);
  EXPECT_EQ(to_text(second.error()),
            "error: another process has held the lock for 20 ms\n   at: " + path.string() +
                "\n  fix: end that process, or choose another folder");
}

TEST(FileLock, WaitsUntilItIsGiven) {
  const std::filesystem::path path = empty_folder() / "lock";
  std::optional<FileLock> held;
  Result<FileLock> first = FileLock::take(path, milliseconds(0));
  ASSERT_TRUE(first.ok());
  held.emplace(*std::move(first));
  std::atomic<bool> is_given_back = false;
  std::jthread other([&] {
    const Result<FileLock> second = FileLock::take(path, std::chrono::minutes(1));
    EXPECT_TRUE(second.ok()) << to_text(second.error());
    EXPECT_TRUE(is_given_back);
  });
  // It cannot have it before these lines, however late it asks.
  is_given_back = true;
  held.reset();
}

TEST(FileLock, IsGivenBackByAProcessThatDies) {
  const std::filesystem::path path = empty_folder() / "lock";
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const Result<FileLock> held = FileLock::take(path, milliseconds(0));
    ::_exit(held.ok() ? 0 : 1);  // without its destructor
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(WEXITSTATUS(status), 0);
  EXPECT_TRUE(FileLock::take(path, milliseconds(0)).ok());
}

TEST(FileLock, SaysWhyItCannotBeMade) {
  const std::filesystem::path path = empty_folder() / "absent/lock";
  const Result<FileLock> lock = FileLock::take(path, milliseconds(0));
  ASSERT_FALSE(lock.ok());
  EXPECT_EQ(to_text(lock.error()),
            "error: cannot open the lock: No such file or directory\n   at: " + path.string() +
                "\n  fix: choose a folder you may write to");
}

}  // namespace
}  // namespace keel::kernel_cache
