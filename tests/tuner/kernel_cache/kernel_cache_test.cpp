#include "tuner/kernel_cache/kernel_cache.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/tuner/kernel_cache/cache_fixture.h"

namespace keel::kernel_cache {
namespace {

TEST(KernelCache, IsMadeWhereThereIsNone) {
  const std::filesystem::path folder = empty_folder() / "deep/er";
  const Cached cached = read(folder, kModel);
  EXPECT_EQ(texts(cached.warnings), "");
  EXPECT_TRUE(cached.times.empty());
  EXPECT_TRUE(std::filesystem::exists(folder / "kernel_times-1.db"));
}

TEST(KernelCache, GivesEveryMemberOfATimeBack) {
  const std::filesystem::path folder = empty_folder();
  EXPECT_EQ(texts(add(folder, kModel, known_times(1, 200))), "");
  const Cached cached = read(folder, kModel);
  EXPECT_EQ(texts(cached.warnings), "");
  EXPECT_EQ(count_true(cached.times, 1, 200), 200U);
}

TEST(KernelCache, KeepsWhatOthersAdded) {
  const std::filesystem::path folder = empty_folder();
  add(folder, kModel, known_times(1, 10));
  EXPECT_EQ(texts(add(folder, kModel, known_times(5, 20))), "");
  EXPECT_EQ(count_true(read(folder, kModel).times, 1, 24), 24U);
}

TEST(KernelCache, KnowsNothingOfAnotherModel) {
  const std::filesystem::path folder = empty_folder();
  add(folder, kModel, known_times(1, 10));
  for (const Digest other : {Digest{1, 3}, Digest{2, 2}}) {
    EXPECT_TRUE(read(folder, other).times.empty());
    add(folder, other, known_times(100, 1));
  }
  EXPECT_EQ(count_true(read(folder, kModel).times, 1, 10), 10U);
}

TEST(KernelCache, HoldsTheTimesOfAZeroWithASign) {
  const std::filesystem::path folder = empty_folder();
  simulator::KnownTime time = known_time(1);
  time.time.relayout_us = -0.0;
  add(folder, kModel, std::span(&time, 1));
  const Cached cached = read(folder, kModel);
  EXPECT_EQ(texts(cached.warnings), "");
  EXPECT_EQ(cached.times.size(), 1U);
}

TEST(KernelCache, CannotBeMadeBelowAFile) {
  const std::filesystem::path folder = empty_folder();
  write_bytes(folder / "file", "");
  const std::string expected =
      "error: kernel times are not cached: cannot open the lock: Not a directory\n   at: " +
      (folder / "file/cache/kernel_times-1.db").string() +
      "\n  fix: choose a folder with free space that you may write to, or leave out "
      "--kernel_cache\n";
  const Cached cached = read(folder / "file/cache", kModel);
  EXPECT_EQ(texts(cached.warnings), expected);
  EXPECT_EQ(texts(add(folder / "file/cache", kModel, known_times(1, 1))), expected);
}

// Permissions do not bind root: it steps down for the test.
class WriteProtected : public testing::Test {
 protected:
  static constexpr uid_t kNobody = 65534;
  void SetUp() override {
    add(folder_, kModel, known_times(1, 10));
    if (::geteuid() == 0) {
      ASSERT_EQ(::chown(folder_.c_str(), kNobody, kNobody), 0);
      for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
        ASSERT_EQ(::chown(entry.path().c_str(), kNobody, kNobody), 0);
        ASSERT_EQ(::chmod(entry.path().c_str(), 0444), 0);
      }
    }
    ASSERT_EQ(::chmod(folder_.c_str(), 0555), 0);
    if (::geteuid() == 0) {
      ASSERT_EQ(::seteuid(kNobody), 0);
    }
  }
  void TearDown() override {
    ASSERT_EQ(::seteuid(::getuid()), 0);
    ::chmod(folder_.c_str(), 0755);
  }
  std::filesystem::path folder_ = empty_folder();
};

TEST_F(WriteProtected, CacheIsReadAndNotAddedTo) {
  const Cached cached = read(folder_, kModel);
  EXPECT_EQ(texts(cached.warnings), "");
  EXPECT_EQ(count_true(cached.times, 1, 10), 10U);
  const std::string warning = texts(add(folder_, kModel, known_times(11, 1)));
  EXPECT_TRUE(warning.starts_with("error: kernel times are not cached: sqlite: ")) << warning;
  EXPECT_EQ(count_true(read(folder_, kModel).times, 1, 10), 10U);
}

// The process may write no more, as on a full disk.
class FullDisk : public testing::Test {
 protected:
  void SetUp() override {
    add(folder_, kModel, known_times(1, 10));
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before_), 0);
    signal_ = ::signal(SIGXFSZ, SIG_IGN);
    rlimit limit = before_;
    limit.rlim_cur = 4096;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  void TearDown() override {
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before_), 0);
    ::signal(SIGXFSZ, signal_);
  }
  std::filesystem::path folder_ = empty_folder();
  rlimit before_{};
  void (*signal_)(int) = nullptr;
};

TEST_F(FullDisk, LosesNothingThatWasThere) {
  const std::string warning = texts(add(folder_, kModel, known_times(11, 500)));
  EXPECT_TRUE(warning.starts_with("error: kernel times are not cached: sqlite: ")) << warning;
  TearDown();
  const Cached cached = read(folder_, kModel);
  EXPECT_EQ(texts(cached.warnings), "");
  EXPECT_EQ(count_true(cached.times, 1, 10), 10U);
  EXPECT_EQ(texts(add(folder_, kModel, known_times(11, 500))), "");
  EXPECT_EQ(count_true(read(folder_, kModel).times, 1, 510), 510U);
}

}  // namespace
}  // namespace keel::kernel_cache
