#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "compiler/base/error_text.h"
#include "compiler/base/file.h"
#include "tests/tuner/report/example_profile.h"
#include "tuner/report/profile_files.h"

namespace keel::report {
namespace {

namespace fs = std::filesystem;

fs::path empty_folder() {
  const fs::path folder = fs::path(testing::TempDir()) /
                          (std::string("keel-profile-") +
                           testing::UnitTest::GetInstance()->current_test_info()->name());
  fs::remove_all(folder);
  return folder;
}

TEST(ProfileFiles, WritesEveryFileAndNothingElse) {
  const fs::path folder = empty_folder() / "deep";
  const Status written = write_profile(folder, example_profile());
  ASSERT_TRUE(written.ok()) << to_text(written.error());
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  EXPECT_EQ(names, (std::set<std::string>{"op_summary.csv", "roofline.svg", "trace.json"}));
  EXPECT_EQ(*read_file(folder / "op_summary.csv"), op_summary_csv(example_profile()));
  EXPECT_EQ(*read_file(folder / "trace.json"), trace_json(example_profile()));
  EXPECT_EQ(*read_file(folder / "roofline.svg"), roofline_svg(example_profile()));
}

TEST(ProfileFiles, RefusesAFolderThatCannotBeMade) {
  const fs::path folder = empty_folder();
  fs::create_directories(folder);
  std::ofstream(folder / "file") << "x";
  const Status written = write_profile(folder / "file/profile", example_profile());
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(to_text(written.error()), "error: cannot make the folder: Not a directory\n   at: " +
                                          (folder / "file/profile").string() +
                                          "\n  fix: choose a folder you may write to");
}

TEST(ProfileFiles, LeavesNoPartOfAFileThatCannotBeReplaced) {
  const fs::path folder = empty_folder();
  fs::create_directories(folder / "trace.json/occupied");
  const Status written = write_profile(folder, example_profile());
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, ErrorCode::IoFailed);
  EXPECT_NE(written.error().where.find("trace.json"), std::string::npos) << written.error().where;
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  EXPECT_EQ(names, (std::set<std::string>{"op_summary.csv", "trace.json"})) << "no temporary file";
}

}  // namespace
}  // namespace keel::report
