#include "compiler/ascend/timing_tables.h"

#include <gtest/gtest.h>

#include <string>

namespace keel::ascend {
namespace {

Result<TimingTables> read(const std::string& corrections, const std::string& errors) {
  return read_timing_tables("{\"corrections\": " + corrections + ", \"errors\": " + errors + "}",
                            "timing/x.json");
}

TEST(TimingTables, HoldCorrectionsAndErrorsInTheOrderOfTheFile) {
  const Result<TimingTables> tables =
      read(R"({"Relu": -0.5, "Cast": 0.25})",
           R"({"cube": {"measured": [-1, 2], "unmeasured": [-3, 4], "shared": 0.5}})");
  ASSERT_TRUE(tables.ok()) << tables.error().what;
  ASSERT_EQ(tables->corrections.size(), 2U);
  EXPECT_EQ(tables->corrections[0].signature, "Relu");
  EXPECT_EQ(tables->corrections[1].log_factor, 0.25);
  ASSERT_EQ(tables->errors.size(), 1U);
  EXPECT_EQ(tables->errors[0].kernel_class, "cube");
  EXPECT_EQ(tables->errors[0].measured, (std::array<double, 2>{-1, 2}));
  EXPECT_EQ(tables->errors[0].unmeasured, (std::array<double, 2>{-3, 4}));
  EXPECT_EQ(tables->errors[0].shared, 0.5);
}

TEST(TimingTables, ReportWhatIsWrong) {
  const std::string good = R"({"measured": [-1, 1], "unmeasured": [-1, 1], "shared": 0})";
  const struct {
    std::string corrections, errors;
    const char* what;
    const char* fix;
  } cases[] = {
      {"3", "{}", "field 'corrections' is 3, not an object of a number for each signature",
       "set 'corrections' to an object of a number for each signature"},
      {R"({"Relu": "slow"})", "{}",
       "field 'corrections.Relu' is \"slow\", not the logarithm of a factor",
       "set 'corrections.Relu' to the logarithm of a factor"},
      {"{}", "[]", "field 'errors' is [], not an object of the kernel classes",
       "set 'errors' to an object of the kernel classes"},
      {"{}", R"({"cube": 1})", "field 'errors.cube' is 1, not an object",
       "set 'errors.cube' to an object"},
      {"{}", R"({"cube": {"measured": [1, -1], "unmeasured": [-1, 1], "shared": 0}})",
       "field 'errors.cube.measured' is [1,-1], not two numbers, the lower one first",
       "set 'errors.cube.measured' to two numbers, the lower one first"},
      {"{}", R"({"cube": {"measured": [-1, 1], "unmeasured": [-1, 1], "shared": 2}})",
       "field 'errors.cube.shared' is 2, not a number from 0 to 1",
       "set 'errors.cube.shared' to a number from 0 to 1"},
  };
  for (const auto& c : cases) {
    const Result<TimingTables> tables = read(c.corrections, c.errors);
    ASSERT_FALSE(tables.ok()) << c.what;
    EXPECT_EQ(tables.error().what, c.what);
    EXPECT_EQ(tables.error().where, "timing/x.json");
    EXPECT_EQ(tables.error().fix, c.fix);
  }
  const Result<TimingTables> broken = read_timing_tables("[", "timing/x.json");
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().what, "the timing file holds no JSON object");
  EXPECT_EQ(broken.error().fix, "repair the file, or write it again with scripts/calibrate.sh");
}

}  // namespace
}  // namespace keel::ascend
