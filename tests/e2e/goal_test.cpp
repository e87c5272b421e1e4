#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

using Json = nlohmann::json;

class GoalOfTune : public TuneFixture {
 protected:
  // `keel tune` without a requirement.
  Finished tune_free(const std::string& output, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"tune",
                                          "--model",
                                          folder_ / "tiny/model.onnx",
                                          "--data",
                                          folder_ / "tiny/samples",
                                          "--output",
                                          folder_ / output};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_keel(arguments);
  }

  Json result(const std::string& output) const {
    return Json::parse(text_of(output, "result.json"));
  }
};

// Against every trial of the study.
TEST_F(GoalOfTune, RecommendsTheLeastErrorUnderABoundOnLatency) {
  ASSERT_EQ(tune("whole").exit_code, 0);
  const double kept_us = result("whole")["all_kept"]["latency_us"].get<double>();
  const double fast_us = result("whole")["front"][0]["latency_us"].get<double>();
  const double bound = (kept_us + fast_us) / 2;
  const Finished run = tune_free("out", {"--max_latency_us", std::to_string(bound)});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json chosen = result("out")["recommendation"];
  EXPECT_LE(chosen["latency_us"].get<double>(), bound);
  const std::string least =
      query("out", "SELECT min(squared_error) FROM trial WHERE state = 0 AND latency_us <= " +
                       std::to_string(bound));
  EXPECT_LE(chosen["squared_error"].get<double>(), std::stod(least) * 1.0101);
  EXPECT_LT(chosen["squared_error"].get<double>(),
            result("whole")["recommendation"]["squared_error"].get<double>());
  EXPECT_EQ(result("out")["requirements"].size(), 1U) << "no requirement by default";
  EXPECT_NE(run.out.find("latency_us<="), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("pass"), std::string::npos) << run.out;
  EXPECT_EQ(result("out")["goal"].get<std::string>().rfind("error latency_us<=", 0), 0u);
  // The front is written whole, slower trials too.
  EXPECT_GT(result("out")["front"].back()["latency_us"].get<double>(), bound);
}

TEST_F(GoalOfTune, BoundsTheSpeedUpOverAllKept) {
  const Finished run = tune_free("out", {"--min_speedup", "1.02"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json chosen = result("out")["recommendation"];
  EXPECT_GE(chosen["speed_up"].get<double>(), 1.02);
  EXPECT_NE(run.out.find("speed_up>=1.02"), std::string::npos) << run.out;
}

TEST_F(GoalOfTune, ExitsOneWithTheFastestWhereNoneIsFastEnough) {
  const Finished run = tune_free("out", {"--max_latency_us", "1"});
  EXPECT_EQ(run.exit_code, 1) << run.err;
  EXPECT_NE(run.out.find("requirements not met"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("latency_us<=1 "), std::string::npos) << run.out;
}

TEST_F(GoalOfTune, SpendsAllTrialsOnTheFrontWhereItIsTheGoal) {
  const Finished run = tune("out", {"--whole_front"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.err.find("goal: latency whole_front"), std::string::npos) << run.err;
  EXPECT_EQ(query("out", "SELECT count(*) FROM trial WHERE phase_name = 'refine'"), "0");
  EXPECT_EQ(result("out")["goal"].get<std::string>(), "latency whole_front");
  EXPECT_TRUE(result("out")["recommendation"]["requirements_met"].get<bool>());
  const Finished other = tune("out");
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_NE(other.err.find("goal is 'latency whole_front' in the study, 'latency' now"),
            std::string::npos)
      << other.err;
}

TEST_F(GoalOfTune, IsTheWholeFrontForTheDefaultStrategyAlone) {
  const Finished run = tune("out", {"--whole_front", "--strategy", "rank"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.err.find("\n   at: --whole_front\n  fix: leave it out, or leave out --strategy\n"),
            std::string::npos)
      << run.err;
}

TEST_F(GoalOfTune, HoldsARequirementAllTheSame) {
  const Finished run = tune("out", {"--min_speedup", "1.01", "--require", "top1_accuracy>=0.99"});
  EXPECT_EQ(run.exit_code, 1) << run.err;
}

TEST_F(GoalOfTune, IsPartOfTheQuestion) {
  ASSERT_EQ(tune("out").exit_code, 0);
  const Finished other = tune("out", {"--min_speedup", "1.02"});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_NE(other.err.find("goal is 'latency' in the study, 'error speed_up>=1.02' now"),
            std::string::npos)
      << other.err;
}

TEST_F(GoalOfTune, RefusesABoundThatIsNoBound) {
  for (const char* bound : {"0", "-2", "inf", "nan"}) {
    const Finished run = tune_free("out", {std::string("--max_latency_us=") + bound});
    EXPECT_EQ(run.exit_code, 2) << bound;
    EXPECT_NE(run.err.find("is not a number above 0\n   at: --max_latency_us\n"), std::string::npos)
        << run.err;
  }
}

TEST_F(GoalOfTune, GoesWithTheExportOfItsStudy) {
  ASSERT_EQ(tune_free("out", {"--min_speedup", "1.02"}).exit_code, 0);
  const Finished run = run_keel(
      {"export", "--study", folder_ / "out", "--recommended", "--output", folder_ / "trial"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(read_text(folder_ / "trial/execeptionlist.cfg"), text_of("out", "execeptionlist.cfg"));
  EXPECT_NE(run.out.find("requirements met"), std::string::npos) << run.out;
}

}  // namespace
}  // namespace keel::test
