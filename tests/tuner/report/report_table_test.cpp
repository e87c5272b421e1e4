#include <gtest/gtest.h>

#include "tests/tuner/report/example_result.h"
#include "tuner/report/evidence.h"
#include "tuner/report/report.h"

namespace keel::report {
namespace {

TEST(ReportTable, ShowsAnchorsFrontAndRequirements) {
  EXPECT_EQ(
      table(example_result()),
      "   trial               latency us  speed-up  max_abs  relative_l2  kept units  kept nodes\n"
      "       0  all lowered        98.1     1.31x      inf          inf           0           1\n"
      "       1  all kept          129.0     1.00x    0.001      0.00025           3           5\n"
      "       5                    119.5     1.08x    0.315       0.0325           1           2\n"
      "*      2                    122.9     1.05x    0.025        0.001           2           3\n"
      "\n"
      "requirement    validation        hold-out\n"
      "max_abs<=0.05       0.025  pass      0.03  pass\n");
}

TEST(ReportTable, SaysWhatIsWrongWithARecommendation) {
  TuneResult result = example_result();
  result.recommended = 5;
  result.requirements_met = false;
  result.hold_out.clear();
  result.finished = false;
  const std::string text = table(result);
  EXPECT_TRUE(
      text.ends_with("requirement    validation        hold-out\n"
                     "max_abs<=0.05       0.315  fail         -  -\n"
                     "\n"
                     "requirements not met: best found is trial 5\n"
                     "not validated: too few samples to hold some out\n"
                     "interrupted after 7 trials: the same command goes on from here\n"))
      << text;
}

// It missed on the samples that ranked it, which the validation samples do not show.
TEST(ReportTable, ShowsWhatRanksWhereThatIsNotWhatValidates) {
  TuneResult result = example_result();
  result.split = {{0, 1}, {2, 3}, {4, 5}};
  result.trials[2].ranking[2] = 0.075;
  EXPECT_NE(table(result).find("requirement    ranking  validation        hold-out\n"
                               "max_abs<=0.05    0.075       0.025  fail      0.03  pass\n"),
            std::string::npos)
      << table(result);
  result.trials[2].ranking[2] = 0.01;
  EXPECT_NE(table(result).find("max_abs<=0.05     0.01       0.025  pass      0.03  pass\n"),
            std::string::npos)
      << table(result);
}

TEST(ReportTable, SaysWhenTheHoldOutMisses) {
  TuneResult result = example_result();
  result.hold_out[2] = 0.06;
  result.hold_out_met = false;
  const std::string text = table(result);
  EXPECT_NE(text.find("max_abs<=0.05       0.025  pass      0.06  fail\n"), std::string::npos)
      << text;
  EXPECT_TRUE(
      text.ends_with("hold-out missed: the recommendation may miss a requirement on new samples\n"))
      << text;
}

TEST(ReportTable, SaysHowFarFromTheBestTheRecommendationMayBe) {
  TuneResult result = example_result();
  search::Certificate certificate;
  certificate.verified_us = 122.9;
  certificate.bound_us = 120;
  certificate.ratio = 2;
  certificate.least_ratio = 1.5;
  certificate.largest_ratio = 3;
  certificate.verified = 7;
  result.certificates = {certificate};
  EXPECT_NE(
      table(result).find(
          "max_abs<=0.05: within 2.4 % of the optimum of the error model, which lets nothing "
          "faster than 120.0 us meet it, even if\n"
          "  it is off as far as it was: true over predicted squared error in [0.75, 1.5] on 7 "
          "verified variants\n"),
      std::string::npos)
      << table(result);
  result.certificates = {std::nullopt};
  EXPECT_EQ(table(result).find("optimum"), std::string::npos);
}

TEST(ReportTable, SaysWhenLoweringGainsLessThanPredictedTimesAreOff) {
  TuneResult result = example_result();
  result.time_error = 0.04;
  EXPECT_EQ(table(result).find("not worth it"), std::string::npos) << table(result);
  result.time_error = 0.05;
  EXPECT_TRUE(
      table(result).ends_with("lowering is not worth it: all kept takes 1.05 times as long, within "
                              "the 5 % by which predicted times are off\n"))
      << table(result);
}

TEST(ReportTable, SaysWhichNeighboursOnTheFrontPredictedTimesDoNotTellApart) {
  TuneResult result = example_result();
  const auto text_with = [&](std::vector<FrontStep> steps) {
    result.front_steps = std::move(steps);
    return table(result);
  };
  const std::string quiet = text_with({});
  EXPECT_EQ(text_with({{5, 2, 3.4, 0.5, 8}, {2, 1, 6.1, 0.25, 9}}), quiet) << "both are told apart";
  EXPECT_TRUE(text_with({{5, 2, 3.4, -1, 8}, {2, 1, 6.1, 0, 9}})
                  .ends_with("predicted times do not tell apart neighbours on the front: "
                             "5 ~ 2 ~ 1\n"));
  EXPECT_TRUE(text_with({{5, 2, 3, -1, 8}, {2, 1, 6, 1, 9}, {1, 3, 1, -1, 2}, {3, 4, 1, -1, 2}})
                  .ends_with(" front: 5 ~ 2, 1 ~ 3 ~ 4\n"));
}

TEST(ReportTable, SaysWhereTheProofHasHoles) {
  TuneResult result = example_result();
  result.trials.pop_back();
  EXPECT_TRUE(table(result).ends_with(
      "not proved: 1 of 2 kept units were not tried without; give more --max_trials\n"))
      << table(result);
  result.goal.whole_front = true;
  EXPECT_TRUE(table(result).ends_with("; that takes trials without --whole_front\n"))
      << table(result);
}

// One that chooses between HF32 and fp32 is no kept unit.
TEST(ReportTable, LeavesFormatsOutOfTheProof) {
  TuneResult result = example_result();
  for (UnitRow& unit : result.units) unit.record.nodes.clear();
  EXPECT_EQ(proof(result).units, 0u);
}

TEST(ReportTable, ShowsTheBoundsOfAGoalBesideTheRequirements) {
  TuneResult result = example_result();
  result.goal = {search::Aim::Error, 125, 1.2};
  result.requirements_met = false;
  result.time_error = 0.2;
  const std::string text = table(result);
  EXPECT_NE(text.find("requirement      validation        hold-out\n"
                      "max_abs<=0.05         0.025  pass      0.03  pass\n"
                      "latency_us<=125       122.9  pass         -  -\n"
                      "speed_up>=1.2          1.05  fail         -  -\n"),
            std::string::npos)
      << text;
  EXPECT_TRUE(text.ends_with(
      "requirements not met: best found is trial 2\n"
      "the bound on latency is met or missed by predicted times, which are off by 20 %\n"))
      << text;
}

// Trial 5 lowers conv_1 and exp_1; 3 keeps conv_1 from there, 2 keeps exp_1.
TEST(ReportTable, ProvesTheLeastErrorByWhatKeepsEachLoweredUnit) {
  TuneResult result = example_result();
  result.goal = {search::Aim::Error, 125, {}};
  result.recommended = 5;
  EXPECT_EQ(table(result).find("not proved"), std::string::npos) << table(result);
  result.trials[3].trial.assignment = {0, 0, 1, 1, 1};
  EXPECT_TRUE(table(result).ends_with(
      "not proved: 1 of 2 lowered units were not tried kept; give more --max_trials\n"))
      << table(result);
}

TEST(ReportTable, ShowsIntervalsAndJudgesTheirEndsWhereAskedTo) {
  TuneResult result = example_result();
  study::TrialRecord& chosen = result.trials[2];
  const double nan = std::numeric_limits<double>::quiet_NaN();
  chosen.validation_lo = {nan, nan, 0.02, nan, nan};
  chosen.validation_hi = {nan, nan, 0.06, nan, nan};
  EXPECT_NE(table(result).find("max_abs<=0.05  0.025 (0.02 to 0.06)  pass      0.03  pass\n"),
            std::string::npos)
      << table(result);
  result.confidence = 0.95;
  EXPECT_NE(table(result).find("0.025 (0.02 to 0.06)  fail      0.03  pass\n"), std::string::npos)
      << table(result);
}

TEST(ReportTable, SaysWhenThereIsNothingToRecommend) {
  TuneResult result;
  result.finished = false;
  EXPECT_EQ(table(result),
            "  trial    latency us  speed-up  relative_l2  kept units  kept nodes\n"
            "\n"
            "nothing to recommend: no variant ran to the end with finite outputs\n"
            "interrupted after 0 trials: the same command goes on from here\n");
}

TEST(ReportTable, ShowsFailedAnchors) {
  TuneResult result = example_result();
  study::TrialRecord& lowered = result.trials[0];
  lowered.trial.outcome.state = search::TrialState::Failed;
  lowered.validation.clear();
  EXPECT_NE(table(result).find(
                "\n       0  all lowered      failed         -        -            -           0 "
                "          1\n"),
            std::string::npos)
      << table(result);
}

TEST(ReportTable, PicksTwelveOfALongFrontWithTheRecommendation) {
  for (const std::uint64_t recommended : {0U, 1U, 7U, 49U, 98U, 99U}) {
    TuneResult result;
    for (std::uint64_t i = 0; i < 100; ++i) {
      study::TrialRecord record;
      record.trial.number = i;
      record.trial.outcome.latency_us = static_cast<double>(1000 + i);
      result.trials.push_back(record);
      result.front.push_back(i);
    }
    result.recommended = recommended;
    const std::string text = table(result);
    int rows = 0;
    double last = 0;
    for (std::size_t at = text.find("10"); at != std::string::npos; at = text.find("\n", at + 1)) {
      const std::size_t latency = text.find("10", at);
      if (latency == std::string::npos || text.find(".0", latency) != latency + 4) break;
      const double value = std::stod(text.substr(latency, 6));
      EXPECT_GT(value, last) << text;
      last = value;
      ++rows;
    }
    EXPECT_EQ(rows, 12) << text;
    EXPECT_NE(text.find("\n*"), std::string::npos) << text;
    EXPECT_NE(text.find("88 more in front.csv\n"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace keel::report
