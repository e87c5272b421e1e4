#include <nlohmann/json.hpp>

#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

// Three precisions of a product in one search: fp16, HF32 and fp32.
class Formats : public TuneFixture {
 protected:
  Formats() {
    write_text(folder_ / "keep.cfg",
               "power\nfloor\nlog\nbig\nsquare\nroot\nshrink_back\ntanh\nlogits\n");
  }

  // Three products are free, so that there are 27 variants. Bits are those of dense_0 to dense_2,
  // then of their formats.
  std::vector<std::string> three_products() const {
    return {"--search_hf32", "--keep_dtype", folder_ / "keep.cfg", "--strategy", "exhaustive",
            "--max_trials",  "100"};
  }

  Finished export_trial(const std::string& number) const {
    return run_keel(
        {"export", "--study", folder_ / "out", "--trial", number, "--output", folder_ / "variant"});
  }
};

TEST_F(Formats, AreThreeOfEachProduct) {
  const Finished finished = tune("out", three_products());
  ASSERT_LE(finished.exit_code, 1) << finished.err;
  EXPECT_EQ(query("out", "SELECT count(*) FROM trial"), "27");
  EXPECT_EQ(query("out", "SELECT name FROM unit WHERE follows >= 0 ORDER BY unit"),
            "dense_0 dense_1 dense_2");
  EXPECT_EQ(query("out",
                  "SELECT name FROM unit WHERE unit NOT IN (SELECT unit FROM unit_node) "
                  "ORDER BY unit"),
            "dense_0 (HF32) dense_1 (HF32) dense_2 (HF32)");
  // Each of them rounds differently.
  const std::string error = "SELECT squared_error FROM trial WHERE number = ";
  const std::string in_fp32 = query("out", error + trial_with("000000"));
  const std::string in_hf32 = query("out", error + trial_with("000010"));
  const std::string in_fp16 = query("out", error + trial_with("010010"));
  EXPECT_LT(std::stod(in_fp32), std::stod(in_hf32));
  EXPECT_LT(std::stod(in_hf32), std::stod(in_fp16));
  // fp16 implies that its format is not fp32, whatever the search might ask.
  EXPECT_EQ(trial_with("010000"), "");
}

TEST_F(Formats, GoIntoAFileThatGivesTheSameProgram) {
  ASSERT_LE(tune("out", three_products()).exit_code, 1);
  const std::string number = trial_with("001101");  // HF32, fp32, fp16
  ASSERT_FALSE(number.empty());
  ASSERT_EQ(export_trial(number).exit_code, 0);
  EXPECT_EQ(text_of("variant", "op_precision_mode.ini"),
            "[ByNodeName]\n"
            "dense_0=enable_hi_float_32_execution\n"
            "dense_1=enable_float_32_execution\n");
  EXPECT_NE(text_of("variant", "atc.sh").find("--op_precision_mode=op_precision_mode.ini"),
            std::string::npos);
  const Finished profiled =
      run_keel({"profile", "--model", folder_ / "tiny/model.onnx", "--keep_dtype",
                folder_ / "variant/execeptionlist.cfg", "--op_precision_mode",
                folder_ / "variant/op_precision_mode.ini", "--format", "json"});
  ASSERT_EQ(profiled.exit_code, 0) << profiled.err;
  EXPECT_EQ(profiled.err.find("may not help"), std::string::npos) << profiled.err;
  const std::string latency = query("out", "SELECT latency_us FROM trial WHERE number = " + number);
  EXPECT_DOUBLE_EQ(nlohmann::json::parse(profiled.out)["latency_us"].get<double>(),
                   std::stod(latency));
}

TEST_F(Formats, OfAVariantWithoutKeptProductsAreNotWritten) {
  ASSERT_LE(tune("out", three_products()).exit_code, 1);
  ASSERT_EQ(export_trial(trial_with("001101")).exit_code, 0);
  ASSERT_EQ(export_trial(trial_with("111111")).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "variant/op_precision_mode.ini"));
  EXPECT_EQ(text_of("variant", "atc.sh").find("op_precision_mode"), std::string::npos);
}

TEST_F(Formats, AreSearchedByTheDefaultStrategyToo) {
  const Finished finished = tune("out", {"--search_hf32", "--max_trials", "60"});
  ASSERT_EQ(finished.exit_code, 0) << finished.err;
  const nlohmann::json result = nlohmann::json::parse(text_of("out", "result.json"));
  std::size_t formats = 0;
  for (const nlohmann::json& unit : result["units"]) formats += unit.contains("format") ? 1 : 0;
  EXPECT_EQ(formats, 4U);
  const Finished again = tune("out", {"--search_hf32", "--max_trials", "60"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
}

TEST_F(Formats, NeedAChipThatHasBoth) {
  const Finished finished = tune("out", {"--search_hf32", "--soc_version", "Ascend310P3"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_EQ(finished.err.substr(finished.err.find("error:")),
            "error: the cube of Ascend310P3 does not have both HF32 and fp32: there is nothing to "
            "choose\n   at: --search_hf32\n  fix: leave it out\n");
}

TEST_F(Formats, AreNotChosenWhereAllProductsHaveOne) {
  const Finished finished = tune("out", {"--search_hf32", "--allow_hf32", "true"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_NE(finished.err.find("\n   at: --allow_hf32\n  fix: leave out one of the two\n"),
            std::string::npos)
      << finished.err;
}

TEST_F(Formats, AreNotMixedWithAFileOfTheOwners) {
  write_text(folder_ / "own.ini", "[ByNodeName]\nlog=enable_float_32_execution\n");
  const Finished finished =
      tune("out", {"--search_hf32", "--op_precision_mode", folder_ / "own.ini"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_NE(finished.err.find("the vendor's compiler takes one only"), std::string::npos)
      << finished.err;
}

}  // namespace
}  // namespace keel::test
