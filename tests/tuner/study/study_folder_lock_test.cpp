#include <unistd.h>

#include "tests/tuner/study/study_fixture.h"
#include "tuner/study/folder_lock.h"

namespace keel::study {
namespace {

TEST(FolderLock, NamesTheProcessThatHoldsIt) {
  const std::filesystem::path folder = empty_folder();
  const Result<FolderLock> first = FolderLock::take(folder);
  ASSERT_TRUE(first.ok());
  const Result<FolderLock> second = FolderLock::take(folder);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::IoFailed);
  EXPECT_EQ(to_text(second.error()),
            "error: the study is in use by process " + std::to_string(::getpid()) +
                "\n   at: " + (folder / "study.lock").string() +
                "\n  fix: wait until that run has ended, or choose another output folder");
}

TEST(FolderLock, IsFreeAgainWhenDestroyed) {
  const std::filesystem::path folder = empty_folder();
  ASSERT_TRUE(FolderLock::take(folder).ok());
  EXPECT_TRUE(FolderLock::take(folder).ok());
}

TEST(FolderLock, HoldsOneFolderOnly) {
  const Result<FolderLock> first = FolderLock::take(empty_folder("first"));
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(FolderLock::take(empty_folder("second")).ok());
}

TEST(FolderLock, SaysWhenTheFolderIsMissing) {
  const std::filesystem::path folder = empty_folder() / "missing";
  const Result<FolderLock> lock = FolderLock::take(folder);
  ASSERT_FALSE(lock.ok());
  EXPECT_EQ(lock.error().what, "cannot open the lock: No such file or directory");
}

}  // namespace
}  // namespace keel::study
