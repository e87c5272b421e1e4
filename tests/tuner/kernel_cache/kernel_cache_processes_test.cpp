// Several processes at one cache at once.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tuner/kernel_cache/cache_fixture.h"

namespace keel::kernel_cache {
namespace {

constexpr std::uint64_t kBatch = 25;

template <class Work>
pid_t start(Work work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work() ? 0 : 1);
  return child;
}

bool ended_well(pid_t child) {
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(KernelCacheProcesses, LoseNothingAndReadNoHalves) {
  const std::filesystem::path folder = empty_folder();
  constexpr std::uint64_t kWriters = 4;
  constexpr std::uint64_t kBatches = 8;
  std::vector<pid_t> children;
  for (std::uint64_t writer = 0; writer < kWriters; ++writer)
    children.push_back(start([&] {
      for (std::uint64_t batch = 0; batch < kBatches; ++batch) {
        const std::uint64_t first = 1 + (writer * kBatches + batch) * kBatch;
        if (!add(folder, kModel, known_times(first, kBatch)).empty()) return false;
      }
      return true;
    }));
  children.push_back(start([&] {
    for (std::size_t seen = 0; seen < kWriters * kBatches * kBatch;) {
      const Cached cached = read(folder, kModel);
      const bool is_whole = cached.warnings.empty() && cached.times.size() % kBatch == 0 &&
                            cached.times.size() >= seen;
      if (!is_whole) return false;
      seen = cached.times.size();
    }
    return true;
  }));
  for (const pid_t child : children) EXPECT_TRUE(ended_well(child));
  const Cached cached = read(folder, kModel);
  EXPECT_EQ(texts(cached.warnings), "");
  constexpr std::uint64_t kAll = kWriters * kBatches * kBatch;
  EXPECT_EQ(count_true(cached.times, 1, kAll), kAll);
}

TEST(KernelCacheProcesses, ReplaceADamagedCacheOnceAndLoseNothing) {
  const std::filesystem::path folder = empty_folder();
  for (std::uint64_t round = 0; round < 10; ++round) {
    write_bytes(database_path(folder), std::string(5000, 'x'));
    std::vector<pid_t> children;
    for (std::uint64_t writer = 0; writer < 4; ++writer)
      children.push_back(start([&] {
        add(folder, kModel, known_times(1 + writer * kBatch, kBatch));
        return true;
      }));
    for (const pid_t child : children) ASSERT_TRUE(ended_well(child));
    const Cached cached = read(folder, kModel);
    EXPECT_EQ(texts(cached.warnings), "");
    ASSERT_EQ(count_true(cached.times, 1, 4 * kBatch), 4 * kBatch) << round;
  }
}

TEST(KernelCacheProcesses, ThatAreKilledLeaveAWholeCache) {
  const std::filesystem::path folder = empty_folder();
  Rng rng(5);
  for (std::uint64_t round = 0; round < 20; ++round) {
    const std::uint64_t first = 1 + round * 400 * kBatch;
    const pid_t child = start([&] {
      for (std::uint64_t batch = 0; batch < 400; ++batch)
        if (!add(folder, kModel, known_times(first + batch * kBatch, kBatch)).empty()) return false;
      return true;
    });
    ::usleep(static_cast<useconds_t>(1000 + rng.below(20000)));
    ::kill(child, SIGKILL);
    ended_well(child);
    const Cached cached = read(folder, kModel);
    EXPECT_EQ(texts(cached.warnings), "") << round;
    EXPECT_EQ(cached.times.size() % kBatch, 0U) << round;
  }
}

}  // namespace
}  // namespace keel::kernel_cache
