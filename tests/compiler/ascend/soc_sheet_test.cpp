#include "compiler/ascend/soc_sheet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "compiler/base/file.h"
#include "tests/places/places.h"

namespace keel::ascend {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path kConfigs = keel::test::source_folder() / "configs";

/// The sheet of the shipped Ascend310B1 with one field replaced.
Result<SocSheet> load_with(const char* pointer, const json& entry) {
  const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
  const fs::path root = fs::path(testing::TempDir()) / ("sheet_" + test);
  fs::create_directories(root / "soc");
  fs::copy(kConfigs / "timing", root / "timing",
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  json content = json::parse(*read_file(kConfigs / "soc/Ascend310B1.json"));
  content[json::json_pointer(pointer)] = entry;
  std::ofstream(root / "soc/Ascend310B1.json") << content.dump();
  return load_soc_sheet(root, "Ascend310B1");
}

TEST(SocSheet, ListsTheChipsOfTheVendor) {
  const Result<std::vector<std::string>> names = soc_names(kConfigs);
  ASSERT_TRUE(names.ok());
  EXPECT_EQ(*names,
            (std::vector<std::string>{
                "Ascend310",       "Ascend310B1",       "Ascend310B2",    "Ascend310B3",
                "Ascend310B4",     "Ascend310P1",       "Ascend310P3",    "Ascend310P5",
                "Ascend310P7",     "Ascend910A",        "Ascend910B",     "Ascend910B1",
                "Ascend910B2",     "Ascend910B2C",      "Ascend910B3",    "Ascend910B4",
                "Ascend910B4-1",   "Ascend910PremiumA", "Ascend910ProA",  "Ascend910ProB",
                "Ascend910_9362",  "Ascend910_9363",    "Ascend910_9372", "Ascend910_9381",
                "Ascend910_9382",  "Ascend910_9391",    "Ascend910_9392", "Ascend950DT_9581",
                "Ascend950PR_9579"}));
}

TEST(SocSheet, KeepsTheOrderOfTheFile) {
  const Result<SocSheet> sheet = load_soc_sheet(kConfigs, "Ascend310B1");
  ASSERT_TRUE(sheet.ok()) << sheet.error().what;
  EXPECT_EQ(sheet->values.front().field, "overflow");
  EXPECT_EQ(sheet->values.back().field, "timing.relative_error");
  EXPECT_EQ(sheet->values.size(), 57U);
}

TEST(SocSheet, HoldsEachKindOfValue) {
  const Result<SocSheet> sheet = load_soc_sheet(kConfigs, "Ascend310B1");
  ASSERT_TRUE(sheet.ok()) << sheet.error().what;
  const auto at = [&](std::string_view field) {
    return *std::ranges::find(sheet->values, field, &SheetValue::field);
  };
  EXPECT_EQ(std::get<std::string>(at("overflow").value), "saturate");
  EXPECT_EQ(at("overflow").text, "\"saturate\"");
  EXPECT_EQ(at("overflow").unit, "");
  EXPECT_TRUE(std::get<bool>(at("cube_fp32").value));
  EXPECT_EQ(std::get<double>(at("cube_mhz").value), 1224);
  EXPECT_EQ(at("cube_mhz").unit, "MHz");
  EXPECT_EQ(at("cube_mhz").confidence, Confidence::Good);
  EXPECT_TRUE(at("cube_mhz").source.starts_with("Ascend310B1.ini"));
  EXPECT_EQ(at("timing.launch_us").confidence, Confidence::Low);  // of another chip
  EXPECT_TRUE(std::holds_alternative<std::monostate>(at("memory_gbs").value));
  EXPECT_EQ(at("memory_gbs").confidence, Confidence::Unknown);
  EXPECT_EQ(at("memory_gbs").source, "the product page says LPDDR4X and no rate");
}

TEST(SocSheet, ReportsAValueThatDoesNotSayWhereItIsFrom) {
  const struct {
    const char* pointer;
    json entry;
    const char* what;
    const char* fix;
  } cases[] = {
      {"/cube_mhz",
       {{"value", 1}, {"confidence", "good"}},
       "field 'cube_mhz' has no source",
       "add \"source\" to 'cube_mhz': where its value was read"},
      {"/cube_mhz",
       {{"value", 1}, {"source", ""}, {"confidence", "good"}},
       "field 'cube_mhz' has no source",
       "add \"source\" to 'cube_mhz': where its value was read"},
      {"/cube_mhz",
       {{"value", 1}, {"source", "here"}, {"confidence", "high"}},
       "field 'cube_mhz' has no confidence",
       "add \"confidence\" to 'cube_mhz': \"good\", \"medium\" or \"low\""},
      {"/memory_gbs",
       {{"value", nullptr}, {"source", "here"}, {"confidence", "good"}},
       "field 'memory_gbs' has no reason",
       "add \"reason\" to 'memory_gbs': where its value was looked for, or give the value"},
      {"/timing/tensor_us", 3,
       "field 'timing.tensor_us' is 3, not an object with a value and a source",
       "set 'timing.tensor_us' to an object with a value and a source"},
      {"/l2_bytes",
       {{"value", {1}}, {"source", "here"}, {"confidence", "good"}},
       "field 'l2_bytes' is [1], not a number, a text, true, false or null",
       "set 'l2_bytes' to a number, a text, true, false or null"},
      {"/timing", 3, "field 'timing' is 3, not an object", "set 'timing' to an object"},
      {"/note", 3, "field 'note' is 3, not a text", "set 'note' to a text"},
  };
  for (const auto& c : cases) {
    const Result<SocSheet> sheet = load_with(c.pointer, c.entry);
    ASSERT_FALSE(sheet.ok()) << c.what;
    EXPECT_EQ(sheet.error().what, c.what);
    EXPECT_EQ(sheet.error().fix, c.fix);
    EXPECT_TRUE(sheet.error().where.ends_with("soc/Ascend310B1.json")) << sheet.error().where;
  }
}

}  // namespace
}  // namespace keel::ascend
