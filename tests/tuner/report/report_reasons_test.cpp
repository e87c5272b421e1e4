#include <gtest/gtest.h>

#include "tests/tuner/report/example_result.h"
#include "tuner/report/evidence.h"
#include "tuner/report/report.h"

namespace keel::report {
namespace {

std::string reason(const TuneResult& result, std::size_t unit) {
  return evidence(result)[unit].reason;
}

constexpr std::size_t kLog = 1;
constexpr std::size_t kExp = 2;
constexpr std::size_t kPow = 4;
constexpr std::size_t kExpFromBest = 5;  // the trial that lowers exp_1 from the recommendation

TEST(Reasons, ExplainEveryLineOfTheKeepList) {
  EXPECT_EQ(reasons_json(example_result()), R"json({
  "recommended_trial": 2,
  "kept": [
    {
      "node": "log_1",
      "type": "Log",
      "unit": "log_1",
      "reason": "kept by the owner's list (keep.cfg:3 'OpType::Log')",
      "suspicions": [
        "input of 'log_1' underflows to 0 in f16 on 31 of 48 samples"
      ]
    },
    {
      "node": "exp_1",
      "type": "Exp",
      "unit": "exp_1",
      "reason": "from the recommendation, trial 5 lowers only it: max_abs 0.315 misses max_abs<=0.05",
      "trial": 5,
      "suspicions": []
    },
    {
      "node": "pow_1",
      "type": "Pow",
      "unit": "pow_1",
      "reason": "lowering it alone gives Inf or NaN",
      "trial": 4,
      "suspicions": []
    }
  ]
}
)json");
  ;
}

TEST(Reasons, AreEmptyForLoweredUnits) { EXPECT_EQ(reason(example_result(), 0), ""); }

TEST(Reasons, SayWhenANeighbourIsNotFaster) {
  TuneResult result = example_result();
  study::TrialRecord& neighbour = result.trials[kExpFromBest];
  neighbour.trial.outcome.violation = -0.1;
  neighbour.trial.outcome.latency_us = 123.4;
  EXPECT_EQ(reason(result, kExp),
            "from the recommendation, trial 5 lowers only it and is not faster (123.4 us against "
            "122.9 us)");
  neighbour.trial.outcome.latency_us = 122.8;
  EXPECT_EQ(reason(result, kExp),
            "from the recommendation, trial 5 lowers only it and gains next to nothing (122.8 us "
            "against 122.9 us)");
}

TEST(Reasons, SayWhenANeighbourDoesNotRun) {
  TuneResult result = example_result();
  study::TrialRecord& neighbour = result.trials[kExpFromBest];
  neighbour.trial.outcome.state = search::TrialState::NonFinite;
  EXPECT_EQ(reason(result, kExp),
            "from the recommendation, trial 5 lowers only it: an output holds Inf or NaN");
  neighbour.trial.outcome.state = search::TrialState::Failed;
  neighbour.error = "no kernel for 'exp_1'";
  EXPECT_EQ(reason(result, kExp),
            "from the recommendation, trial 5 lowers only it and fails: no kernel for 'exp_1'");
}

TEST(Reasons, NameTheRequirementThatIsMissedByMost) {
  TuneResult result = example_result();
  result.requirements.push_back({accuracy::find_metric("relative_l2"), true, 0.0001});
  EXPECT_EQ(reason(result, kExp),
            "from the recommendation, trial 5 lowers only it: relative_l2 0.0325 misses "
            "relative_l2<=1e-04");
}

TEST(Reasons, FallBackOnTheProbe) {
  TuneResult result = example_result();
  result.trials.resize(5);
  EXPECT_EQ(reason(result, kExp),
            "lowering it alone costs 3.1e-02 relative L2: max_abs 0.31 misses max_abs<=0.05");
  result.findings[kExp].lone_violation = -0.2;
  EXPECT_EQ(reason(result, kExp), "lowering it alone costs 3.1e-02 relative L2");
}

TEST(Reasons, SayWhenAProbeFailed) {
  TuneResult result = example_result();
  result.trials[4].trial.outcome.state = search::TrialState::Failed;
  result.trials[4].error = "no fp16 kernel for 'pow_1'";
  EXPECT_EQ(reason(result, kPow), "lowering it alone fails: no fp16 kernel for 'pow_1'");
}

TEST(Reasons, AdmitWhatWasNotTried) {
  TuneResult result = example_result();
  result.trials.resize(3);
  result.findings[kExp] = {};
  EXPECT_EQ(reason(result, kExp), "lowering it from the recommendation was not tried");
  result.findings[kExp].pinned = true;
  EXPECT_EQ(reason(result, kExp), "it is suspected of a large error and lowering it was not tried");
}

TEST(Reasons, RepeatTheOwnersLine) {
  EXPECT_EQ(reason(example_result(), kLog), "kept by the owner's list (keep.cfg:3 'OpType::Log')");
}

TEST(Reasons, SurviveNamesThatAreNotUtf8) {
  TuneResult result = example_result();
  result.units[kLog].record.nodes[0] = "log\xff";
  EXPECT_NE(reasons_json(result).find("log\xef\xbf\xbd"), std::string::npos);
  EXPECT_EQ(keep_list(result), "log\xff\nexp_1\npow_1\n") << "the list keeps the bytes";
}

}  // namespace
}  // namespace keel::report
