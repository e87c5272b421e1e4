#include <nlohmann/json.hpp>

#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

using Json = nlohmann::json;

class ConfidenceOfTune : public TuneFixture {
 protected:
  Json result(const std::string& output) const {
    return Json::parse(text_of(output, "result.json"));
  }
};

TEST_F(ConfidenceOfTune, IsMetByTheEndOfTheInterval) {
  const Finished plain = tune("plain");
  ASSERT_EQ(plain.exit_code, 0) << plain.err;
  const Json shown = result("plain")["requirements"][0];
  EXPECT_LT(shown["validation_interval"][0], shown["validation"]);
  EXPECT_GT(shown["validation_interval"][1], shown["validation"]);
  EXPECT_NE(plain.out.find(" to "), std::string::npos) << plain.out;

  ASSERT_EQ(tune("sure", {"--confidence", "0.95"}).exit_code, 0);
  const Json sure = result("sure")["requirements"][0];
  EXPECT_LE(sure["validation_interval"][1].get<double>(), 0.01);
  EXPECT_EQ(result("sure")["confidence"], 0.95);
  EXPECT_EQ(query("sure",
                  "SELECT count(*) FROM trial JOIN metric_value ON trial = number WHERE samples = "
                  "'validation_hi' AND name = 'relative_l2' AND state = 0 AND "
                  "(violation <= 0) != (value <= 0.01)"),
            "0");
}

TEST_F(ConfidenceOfTune, CannotBeShownByFewSamplesAndSaysSo) {
  const Finished run = tune(
      "out", {"--confidence", "0.95", "--require", "top1_agreement>=0.99", "--max_trials", "4"});
  EXPECT_EQ(run.exit_code, 1) << run.err;
  EXPECT_NE(run.err.find("warning: top1_agreement>=0.99 at 95 % takes 299 perfect samples; 8 "
                         "validate, which show 0.688 at most\n"),
            std::string::npos)
      << run.err;
  EXPECT_NE(run.err.find("  fix: give 1196 samples or more, a quarter of which validate\n"),
            std::string::npos)
      << run.err;
}

TEST_F(ConfidenceOfTune, IsPartOfTheQuestion) {
  ASSERT_LE(tune("out", {"--max_trials", "4"}).exit_code, 1);
  const Finished other = tune("out", {"--max_trials", "4", "--confidence", "0.9"});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_NE(other.err.find("confidence is '' in the study, '0.9' now"), std::string::npos)
      << other.err;
}

TEST_F(ConfidenceOfTune, LiesBetweenAHalfAndOne) {
  for (const char* confidence : {"0.5", "1", "95", "nan"}) {
    const Finished run = tune("out", {"--confidence", confidence});
    EXPECT_EQ(run.exit_code, 2) << confidence;
    EXPECT_NE(run.err.find(std::string(" is not between 0.5 and 1\n   at: --confidence\n")),
              std::string::npos)
        << run.err;
  }
}

TEST_F(ConfidenceOfTune, GoesWithThePresetsTrialsAndTheirTime) {
  const Finished run = tune("out", {"--preset", "quick"});
  ASSERT_LE(run.exit_code, 1) << run.err;
  EXPECT_NE(run.err.find("preset quick: at most "), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("one full evaluation takes "), std::string::npos) << run.err;
  const int free = std::stoi(query("out", "SELECT count(*) FROM unit WHERE state = 'free'"));
  EXPECT_EQ(query("out", "SELECT value FROM question WHERE name = 'max_trials'"),
            std::to_string(free / 2 + 30));
  const Finished both = tune("both", {"--preset", "quick", "--max_trials", "7"});
  EXPECT_EQ(both.exit_code, 2);
  EXPECT_EQ(both.err,
            "error: both the preset 'quick' and 7 trials are asked for\n   at: --preset\n"
            "  fix: give one of --preset and --max_trials\n");
  EXPECT_EQ(tune("none", {"--preset", "fast"}).exit_code, 2);
}

}  // namespace
}  // namespace keel::test
