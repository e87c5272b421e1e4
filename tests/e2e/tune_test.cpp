#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

class Tune : public TuneFixture {};

TEST_F(Tune, WritesEveryFileOfAReport) {
  const Finished run = tune("out");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  for (const char* file : {"execeptionlist.cfg", "execeptionlist.reasons.json", "front.csv",
                           "result.json", "run.json", "atc.sh", "study.db"})
    EXPECT_TRUE(std::filesystem::exists(folder_ / (std::string("out/") + file))) << file;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out/named.onnx"));
  EXPECT_EQ(text_of("out", "front.csv")
                .rfind("trial,latency_us,relative_l2,cosine,max_abs,top1_agreement,top1_accuracy,"
                       "kept_units,kept_nodes,to_next_lo_us,to_next_hi_us\n",
                       0),
            0u);
  EXPECT_NE(run.out.find("all lowered"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("keep list"), std::string::npos) << run.out;
}

TEST_F(Tune, RecommendsAListThatMeetsTheBoundWhenTheModelRunsWithIt) {
  ASSERT_EQ(tune("out").exit_code, 0);
  const Finished run =
      run_keel({"run", "--model", folder_ / "tiny/model.onnx", "--data", folder_ / "tiny/samples",
                "--precision_mode", "force_fp16", "--keep_dtype",
                folder_ / "out/execeptionlist.cfg", "--output", folder_ / "kept"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const std::size_t at = run.out.find("relative_l2");
  ASSERT_NE(at, std::string::npos) << run.out;
  EXPECT_LE(std::stod(run.out.substr(at + 16)), 0.02) << run.out;
  EXPECT_EQ(run.err, "");  // every line of the list names a node
}

// Against `keel run` on nothing but those samples.
TEST_F(Tune, ScoresTheRecommendationOnTheHoldOut) {
  ASSERT_EQ(tune("out").exit_code, 0);
  const nlohmann::json result = nlohmann::json::parse(text_of("out", "result.json"));
  const auto held_out = result["split"]["hold_out"].get<std::vector<int>>();
  ASSERT_FALSE(held_out.empty());
  std::filesystem::create_directories(folder_ / "held_out");
  for (const int sample : held_out) {
    const std::string file = fmt::format("{:03}.npy", sample);
    std::filesystem::copy_file(folder_ / ("tiny/samples/" + file), folder_ / ("held_out/" + file));
  }
  const Finished run =
      run_keel({"run", "--model", folder_ / "tiny/model.onnx", "--data", folder_ / "held_out",
                "--precision_mode", "force_fp16", "--keep_dtype",
                folder_ / "out/execeptionlist.cfg", "--output", folder_ / "kept"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const double scored = result["recommendation"]["hold_out"]["relative_l2"].get<double>();
  EXPECT_NE(run.out.find(fmt::format("relative_l2      {:.6g}\n", scored)), std::string::npos)
      << scored << "\n"
      << run.out;
}

TEST_F(Tune, PlainFp16BreaksTheSameModel) {
  const Finished run =
      run_keel({"run", "--model", folder_ / "tiny/model.onnx", "--data", folder_ / "tiny/samples",
                "--precision_mode", "force_fp16", "--output", folder_ / "fp16"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("relative_l2      inf"), std::string::npos) << run.out;
}

TEST_F(Tune, HonoursTheOwnersListInEveryTrialTheAnchorsIncluded) {
  write_text(folder_ / "keep.cfg", "tanh\nOpType::Sqrt\n");
  const Finished run = tune("out", {"--keep_dtype", folder_ / "keep.cfg"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const std::string trials = query("out", "SELECT count(*) FROM trial");
  EXPECT_GT(std::stoi(trials), 10);
  for (const char* node : {"tanh", "root"})
    EXPECT_EQ(query("out", "SELECT count(DISTINCT trial) FROM kept_node WHERE node = '" +
                               std::string(node) + "'"),
              trials);
  EXPECT_EQ(query("out",
                  "SELECT count(*) FROM trial WHERE phase_name = 'anchor' AND number NOT IN "
                  "(SELECT trial FROM kept_node WHERE node = 'tanh')"),
            "0");
  const std::string list = "\n" + text_of("out", "execeptionlist.cfg");
  EXPECT_NE(list.find("\ntanh\n"), std::string::npos);
  EXPECT_NE(list.find("\nroot\n"), std::string::npos);
  EXPECT_NE(text_of("out", "execeptionlist.reasons.json").find("keep.cfg:2 'OpType::Sqrt'"),
            std::string::npos);
}

TEST_F(Tune, GivesTheSameBytesWhateverTheNumberOfThreads) {
  ASSERT_EQ(tune("one", {"--jobs", "1"}).exit_code, 0);
  ASSERT_EQ(tune("two", {"--jobs", "2"}).exit_code, 0);
  ASSERT_EQ(tune("four", {"--jobs", "4"}).exit_code, 0);
  for (const std::string& file : kDeterministicFiles) {
    EXPECT_EQ(text_of("one", file), text_of("two", file)) << file;
    EXPECT_EQ(text_of("one", file), text_of("four", file)) << file;
  }
}

TEST_F(Tune, SaysSoAndExitsZeroWhereTheModeLeavesNothingToSearch) {
  const Finished run = tune("out", {"--precision_mode", "must_keep_origin_dtype"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("nothing to search"), std::string::npos) << run.out;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out/study.db"));
}

TEST_F(Tune, WritesTheBestFoundAndExitsOneWhereNothingMeetsTheBounds) {
  const Finished run = tune("out", {"--require", "top1_accuracy>=0.99"});
  EXPECT_EQ(run.exit_code, 1) << run.err;
  EXPECT_NE(run.out.find("requirements not met"), std::string::npos) << run.out;
  EXPECT_TRUE(std::filesystem::exists(folder_ / "out/execeptionlist.cfg"));
}

TEST_F(Tune, DoesNotFreeTheCubeWhereItHasNoFp32) {
  ASSERT_EQ(tune("out", {"--soc_version", "Ascend310P3"}).exit_code, 0);
  EXPECT_EQ(query("out",
                  "SELECT DISTINCT state FROM unit WHERE name IN ('dense_0', 'dense_1', "
                  "'logits')"),
            "lowered");
}

// Against the difference of the latencies in the study, and what the terminal says of it.
TEST_F(Tune, SaysHowFarNeighboursOnTheFrontAreApartInPredictedTime) {
  const Finished run = tune("out");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const nlohmann::json front = nlohmann::json::parse(text_of("out", "result.json"))["front"];
  ASSERT_GE(front.size(), 2U);
  bool all_told_apart = true;
  for (std::size_t i = 0; i + 1 < front.size(); ++i) {
    const nlohmann::json& step = front[i]["to_next"];
    EXPECT_NEAR(step["difference_us"].get<double>(),
                front[i + 1]["latency_us"].get<double>() - front[i]["latency_us"].get<double>(),
                1e-6);
    EXPECT_LT(step["interval_us"][0], step["interval_us"][1]);
    EXPECT_EQ(step["told_apart"], step["interval_us"][0] > 0);
    all_told_apart = all_told_apart && step["told_apart"];
  }
  EXPECT_FALSE(front.back().contains("to_next"));
  EXPECT_EQ(run.out.find("predicted times do not tell apart neighbours") == std::string::npos,
            all_told_apart)
      << run.out;
}

TEST_F(Tune, RunsOnTheNullDevice) {
  const Finished run = tune("out", {"--device", "null"});
  EXPECT_EQ(run.exit_code, 1) << run.err;  // zeros agree with nothing
  EXPECT_EQ(text_of("out", "result.json").find("to_next"), std::string::npos)
      << "its times are no predictions";
}

TEST_F(Tune, SearchesTheModesThatLeaveOnlyTheCubeFree) {
  for (const char* mode : {"force_fp32", "allow_fp32_to_fp16"}) {
    ASSERT_EQ(tune(mode, {"--precision_mode", mode}).exit_code, 0) << mode;
    EXPECT_EQ(query(mode, "SELECT name FROM unit WHERE state = 'free' ORDER BY unit"),
              "dense_0 dense_1 dense_2 logits")
        << mode;
  }
}

}  // namespace
}  // namespace keel::test
