#include "compiler/base/file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "compiler/base/error_text.h"

namespace keel {
namespace {

namespace fs = std::filesystem;

class File : public testing::Test {
 protected:
  File() {
    std::string pattern = (fs::temp_directory_path() / "keel-file-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~File() override { fs::remove_all(folder_); }

  std::size_t files_in_folder() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

TEST_F(File, ReadsBackWhatWasWritten) {
  const std::string content("a\0b\n", 4);
  ASSERT_TRUE(write_file(folder_ / "x", content).ok());
  EXPECT_EQ(*read_file(folder_ / "x"), content);
  EXPECT_EQ((*MappedFile::open(folder_ / "x"))->bytes().size(), 4u);
}

TEST_F(File, WritesOverAnOldFileAndLeavesNothingElse) {
  ASSERT_TRUE(write_file(folder_ / "x", "old and longer").ok());
  ASSERT_TRUE(write_file(folder_ / "x", "new").ok());
  EXPECT_EQ(*read_file(folder_ / "x"), "new");
  EXPECT_EQ(files_in_folder(), 1u);
}

TEST_F(File, AnEmptyFileIsNoError) {
  ASSERT_TRUE(write_file(folder_ / "x", "").ok());
  EXPECT_EQ(*read_file(folder_ / "x"), "");
}

TEST_F(File, AMissingFileIsNamed) {
  const Result<std::string> content = read_file(folder_ / "none");
  ASSERT_FALSE(content.ok());
  EXPECT_EQ(content.error().code, ErrorCode::NotReadable);
  EXPECT_EQ(to_text(content.error()),
            "error: cannot open the file: No such file or directory\n   at: " +
                (folder_ / "none").string() + "\n  fix: check the path");
}

TEST_F(File, AFolderIsNoFile) {
  const Result<std::string> content = read_file(folder_);
  ASSERT_FALSE(content.ok());
  EXPECT_EQ(content.error().what, "cannot read the file: Is a directory");
}

TEST_F(File, WritingIntoAMissingFolderFails) {
  const Status status = write_file(folder_ / "none" / "x", "a");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().what, "cannot create the file: No such file or directory");
}

TEST_F(File, AFailedRenameLeavesNoTemporaryFile) {
  fs::create_directories(folder_ / "x" / "y");
  const Status status = write_file(folder_ / "x", "a");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().what, "cannot rename the file: Is a directory");
  EXPECT_EQ(files_in_folder(), 1u);
}

TEST_F(File, MakesAFolderAndItsParents) {
  ASSERT_TRUE(make_writable_folder(folder_ / "a" / "b").ok());
  EXPECT_TRUE(fs::is_directory(folder_ / "a" / "b"));
  EXPECT_TRUE(fs::is_empty(folder_ / "a" / "b"));
}

TEST_F(File, AFileInTheWayOfAFolderIsReported) {
  ASSERT_TRUE(write_file(folder_ / "x", "a").ok());
  const Status status = make_writable_folder(folder_ / "x");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::IoFailed);
  EXPECT_EQ(status.error().what, "cannot make the folder: Not a directory");
  EXPECT_EQ(status.error().fix, "choose a folder you may write to");
}

TEST_F(File, AnUnwritableFolderIsReported) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec);
  const Status status = make_writable_folder(folder_);
  fs::permissions(folder_, fs::perms::owner_all);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().what, "cannot write in the folder: Permission denied");
}

}  // namespace
}  // namespace keel
