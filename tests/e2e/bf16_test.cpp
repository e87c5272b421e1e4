#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

// bf16 in one search with fp16 and fp32, where fp16 loses elements.
class Bf16 : public TuneFixture {
 protected:
  Bf16() {
    write_text(folder_ / "keep.cfg",
               "power\nfloor\nlog\ndense_0\nbig\nshrink_back\ndense_2\ntanh\nlogits\n");
  }

  // Three units are free, so that there are 27 variants. Bits are those of square, root and
  // dense_1, then of their formats.
  std::vector<std::string> three_units() const {
    return {"--search_bf16", "--keep_dtype", folder_ / "keep.cfg", "--strategy", "exhaustive",
            "--max_trials",  "100"};
  }

  std::string of_trial(const std::string& column, const std::string& bits) const {
    return query("out", "SELECT " + column + " FROM trial WHERE number = " + trial_with(bits));
  }

  Finished export_trial(const std::string& bits, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"export",           "--study",        folder_ / "out",
                                          "--trial",          trial_with(bits), "--output",
                                          folder_ / "variant"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_keel(arguments);
  }

  // Of the exported files.
  Finished with_files(const std::string& command, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {command,
                                          "--model",
                                          folder_ / "tiny/model.onnx",
                                          "--customize_dtypes",
                                          folder_ / "variant/customize_dtypes.cfg",
                                          "--keep_dtype",
                                          folder_ / "variant/execeptionlist.cfg"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_keel(arguments);
  }
};

TEST_F(Bf16, IsAThirdPrecisionOfWhatFp16MayBreak) {
  const Finished finished = tune("out", three_units());
  ASSERT_LE(finished.exit_code, 1) << finished.err;
  EXPECT_EQ(query("out", "SELECT count(*) FROM trial"), "27");
  EXPECT_EQ(query("out",
                  "SELECT name FROM unit WHERE unit NOT IN (SELECT unit FROM unit_node) "
                  "ORDER BY unit"),
            "square (BF16) root (BF16) dense_1 (BF16)");
  // The square overflows in fp16 alone.
  EXPECT_EQ(of_trial("state_name", "100100"), "non_finite");
  EXPECT_EQ(of_trial("state_name", "000100"), "complete");
  // dense_1 does not, and fp16 has more digits than bf16.
  const double in_fp32 = std::stod(of_trial("squared_error", "000000"));
  const double in_bf16 = std::stod(of_trial("squared_error", "000001"));
  const double in_fp16 = std::stod(of_trial("squared_error", "001001"));
  EXPECT_LT(in_fp32, in_fp16);
  EXPECT_LT(16 * in_fp16, in_bf16);
  // fp16 implies that its format is not fp32, whatever the search might ask.
  EXPECT_EQ(trial_with("100000"), "");
}

TEST_F(Bf16, GoesIntoAFileThatGivesTheSameProgram) {
  ASSERT_LE(tune("out", three_units()).exit_code, 1);
  ASSERT_EQ(export_trial("001101").exit_code, 0);  // bf16, fp32, fp16
  EXPECT_EQ(text_of("variant", "customize_dtypes.cfg"),
            "square::InputDtype:bfloat16,OutputDtype:bfloat16\n");
  const std::string list = text_of("variant", "execeptionlist.cfg");
  EXPECT_NE(list.find("root\n"), std::string::npos) << list;
  EXPECT_EQ(list.find("square\n"), std::string::npos) << list;
  EXPECT_EQ(of_trial("kept_nodes", "001101"), std::to_string(std::ranges::count(list, '\n')));
  EXPECT_NE(text_of("variant", "atc.sh").find("--customize_dtypes=customize_dtypes.cfg"),
            std::string::npos);
  const nlohmann::json reasons =
      nlohmann::json::parse(text_of("variant", "execeptionlist.reasons.json"));
  ASSERT_EQ(reasons["in_bf16"].size(), 1U);
  EXPECT_EQ(reasons["in_bf16"][0]["node"], "square");
  EXPECT_EQ(reasons["in_bf16"][0]["format"], "bf16");

  const Finished profiled = with_files("profile", {"--format", "json"});
  ASSERT_EQ(profiled.exit_code, 0) << profiled.err;
  EXPECT_DOUBLE_EQ(nlohmann::json::parse(profiled.out)["latency_us"].get<double>(),
                   std::stod(of_trial("latency_us", "001101")));
  const Finished checked = with_files("check", {"--strict"});
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

TEST_F(Bf16, StandsBesideTheFormOfTheKeepListThatNeedsTheSameFile) {
  ASSERT_LE(tune("out", three_units()).exit_code, 1);
  const Finished exported = export_trial("001101", {"--customize"});
  ASSERT_EQ(exported.exit_code, 0) << exported.err;
  const std::string text = text_of("variant", "customize_dtypes.cfg");
  EXPECT_NE(text.find("square::InputDtype:bfloat16,OutputDtype:bfloat16\n"), std::string::npos);
  EXPECT_NE(text.find("root::InputDtype:float32,OutputDtype:float32\n"), std::string::npos);
}

TEST_F(Bf16, OfAVariantThatHasNoneIsNotWritten) {
  ASSERT_LE(tune("out", three_units()).exit_code, 1);
  ASSERT_EQ(export_trial("001101").exit_code, 0);
  ASSERT_EQ(export_trial("001001").exit_code, 0);  // dense_1 is in fp16, whatever its format
  EXPECT_FALSE(std::filesystem::exists(folder_ / "variant/customize_dtypes.cfg"));
  EXPECT_EQ(text_of("variant", "atc.sh").find("customize_dtypes"), std::string::npos);
}

TEST_F(Bf16, IsSearchedByTheDefaultStrategyTooAndGoesOnWhereItStopped) {
  const std::vector<std::string> more = {"--search_bf16", "--max_trials", "60"};
  const Finished finished = tune("out", more);
  ASSERT_EQ(finished.exit_code, 0) << finished.err;
  const std::string front = text_of("out", "front.csv");
  EXPECT_NE(front.find(",kept_nodes,bf16_units,"), std::string::npos) << front;
  // The logarithm's pole is judged as before: what feeds it is lowered together or kept.
  EXPECT_EQ(query("out", "SELECT name FROM unit WHERE name IN ('floor (BF16)', 'log (BF16)')"), "");
  EXPECT_EQ(query("out", "SELECT count(*) FROM unit WHERE name = 'square (BF16)'"), "1");
  const Finished again = tune("out", more);
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(text_of("out", "front.csv"), front);
}

TEST_F(Bf16, NeedsAChipThatHasIt) {
  const Finished finished = tune("out", {"--search_bf16", "--soc_version", "Ascend310P3"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_EQ(finished.err.substr(finished.err.find("error:")),
            "error: Ascend310P3 does not have bf16\n   at: --search_bf16\n  fix: leave it out\n");
}

TEST_F(Bf16, IsNoChoiceWhereTheModeLowersToIt) {
  const Finished finished =
      tune("out", {"--search_bf16", "--precision_mode", "allow_mix_precision_bf16"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_NE(finished.err.find("allow_mix_precision_bf16 lowers to bf16 already"), std::string::npos)
      << finished.err;
}

TEST_F(Bf16, IsNotMixedWithAFileOfTheOwners) {
  write_text(folder_ / "own.cfg", "log::InputDtype:float32,OutputDtype:float32\n");
  const Finished finished =
      tune("out", {"--search_bf16", "--customize_dtypes", folder_ / "own.cfg"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_NE(finished.err.find("the vendor's compiler takes one only"), std::string::npos)
      << finished.err;
}

TEST_F(Bf16, IsNotSearchedWithHf32) {
  const Finished finished = tune("out", {"--search_bf16", "--search_hf32"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_NE(finished.err.find("at: --search_hf32, --search_bf16\n  fix: leave out one of the two"),
            std::string::npos)
      << finished.err;
}

}  // namespace
}  // namespace keel::test
