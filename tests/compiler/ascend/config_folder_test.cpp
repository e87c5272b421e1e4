#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "compiler/ascend/soc.h"
#include "tests/places/places.h"

namespace keel::ascend {
namespace {

TEST(ConfigFolder, IsTheOneOfTheSourceTreeInABuildFolder) {
  ASSERT_EQ(::unsetenv("KEEL_CONFIGS"), 0);
  const Result<std::filesystem::path> folder = config_folder();
  ASSERT_TRUE(folder.ok()) << folder.error().what;
  EXPECT_EQ(*folder, keel::test::source_folder() / "configs");
}

TEST(ConfigFolder, IsTheNamedOneBeforeAll) {
  const std::filesystem::path named = keel::test::source_folder() / "tests";
  ASSERT_EQ(::setenv("KEEL_CONFIGS", named.c_str(), 1), 0);
  const Result<std::filesystem::path> folder = config_folder();
  ASSERT_TRUE(folder.ok());
  EXPECT_EQ(*folder, named);
}

TEST(ConfigFolder, ReportsANamedOneThatDoesNotExist) {
  ASSERT_EQ(::setenv("KEEL_CONFIGS", "/no/such/folder", 1), 0);
  const Result<std::filesystem::path> folder = config_folder();
  ASSERT_FALSE(folder.ok());
  EXPECT_EQ(folder.error().what, "KEEL_CONFIGS names no folder");
  EXPECT_EQ(folder.error().where, "/no/such/folder");
  EXPECT_EQ(folder.error().fix, "set KEEL_CONFIGS to the configs folder of keel");
}

}  // namespace
}  // namespace keel::ascend
