#include <gtest/gtest.h>

#include "tests/tuner/report/example_result.h"
#include "tuner/report/evidence.h"
#include "tuner/report/report.h"

namespace keel::report {
namespace {

// What every reason of exp_1 starts with: its probe.
const std::string kExpAlone =
    "lowering it alone costs 3.1e-2 relative L2: max_abs 0.31 misses max_abs<=0.05; ";

std::string reason(const TuneResult& result, std::size_t unit) {
  return evidence(result, *result.recommended)[unit].reason;
}

constexpr std::size_t kLog = 1;
constexpr std::size_t kExp = 2;
constexpr std::size_t kPow = 4;
constexpr std::size_t kExpFromBest = 5;  // the trial that lowers exp_1 from the recommendation

TEST(Reasons, ExplainEveryLineOfTheKeepList) {
  EXPECT_EQ(reasons_json(example_result(), 2), R"json({
  "recommended_trial": 2,
  "kept": [
    {
      "node": "log_1",
      "type": "Log",
      "unit": "log_1",
      "reason": "kept by the owner's list (keep.cfg:3 'OpType::Log'); Log input underflows to 0 on 31 of 48 samples (12.5 % of its elements in f16)",
      "pinned": false,
      "lone_error": null,
      "range": {
        "tensor": "floor",
        "node": "log_1",
        "role": "input",
        "dtype": "f16",
        "largest": 2.5,
        "smallest_nonzero": 1e-10,
        "overflow_share": 0.0,
        "underflow_share": 0.125,
        "elements": 4800,
        "non_finite": 0,
        "samples": 48,
        "samples_overflowing": 0,
        "samples_underflowing": 31
      },
      "suspicions": [
        "Log input underflows to 0 on 31 of 48 samples (12.5 % of its elements in f16)"
      ]
    },
    {
      "node": "exp_1",
      "type": "Exp",
      "unit": "exp_1",
      "reason": "lowering it alone costs 3.1e-2 relative L2: max_abs 0.31 misses max_abs<=0.05; from the recommendation, trial 5 lowers only it: max_abs 0.315 misses max_abs<=0.05",
      "trial": 5,
      "pinned": false,
      "lone_error": 0.031,
      "range": null,
      "suspicions": []
    },
    {
      "node": "pow_1",
      "type": "Pow",
      "unit": "pow_1",
      "reason": "Pow result overflows on 3 of 48 samples (0.25 % of its elements in f16) and underflows to 0 on 20 of 48 samples (10 % of its elements in f16); pinned because lowering it alone gives Inf or NaN",
      "trial": 4,
      "pinned": true,
      "lone_error": "inf",
      "range": {
        "tensor": "square",
        "node": "pow_1",
        "role": "result",
        "dtype": "f16",
        "largest": 1000000.0,
        "smallest_nonzero": 1e-10,
        "overflow_share": 0.0025,
        "underflow_share": 0.1,
        "elements": 4800,
        "non_finite": 0,
        "samples": 48,
        "samples_overflowing": 3,
        "samples_underflowing": 20
      },
      "suspicions": [
        "Pow constant underflows to 0 (100 % of its elements in f16)",
        "Pow result overflows on 3 of 48 samples (0.25 % of its elements in f16) and underflows to 0 on 20 of 48 samples (10 % of its elements in f16)"
      ]
    }
  ]
}
)json");
}

TEST(Reasons, OfAnotherTrialStartFromThatTrial) {
  const TuneResult result = example_result();
  EXPECT_EQ(evidence(result, 1)[0].reason,
            "lowering it alone costs 1.0e-3 relative L2; from trial 1, trial 2 lowers only it and "
            "gains next to nothing (122.9 us against 129.0 us)");
  EXPECT_EQ(evidence(result, 3)[0].reason,
            "lowering it alone costs 1.0e-3 relative L2; from trial 3, trial 5 lowers only it: "
            "max_abs 0.315 misses max_abs<=0.05");
  const std::string json = reasons_json(result, 1);
  EXPECT_EQ(json.rfind("{\n  \"trial\": 1,\n  \"kept\": [", 0), 0U) << json;
}

TEST(Reasons, SayThatTheOwnersLayoutIsNoUnit) {
  TuneResult result = example_result();
  result.owners_layout = {"perm_1"};
  const std::string json = reasons_json(result, 2);
  EXPECT_NE(json.find(R"({
      "node": "perm_1",
      "reason": "kept by the owner's list; it moves elements only, and what makes its data is lowered"
    })"),
            std::string::npos)
      << json;
}

TEST(Reasons, AreEmptyForLoweredUnits) { EXPECT_EQ(reason(example_result(), 0), ""); }

TEST(Reasons, SayWhenANeighbourIsNotFaster) {
  TuneResult result = example_result();
  study::TrialRecord& neighbour = result.trials[kExpFromBest];
  neighbour.trial.outcome.violation = -0.1;
  neighbour.validation[2] = 0.045;  // max_abs
  neighbour.trial.outcome.latency_us = 123.4;
  EXPECT_EQ(
      reason(result, kExp),
      kExpAlone +
          "from the recommendation, trial 5 lowers only it and is not faster (123.4 us against "
          "122.9 us)");
  neighbour.trial.outcome.latency_us = 122.8;
  EXPECT_EQ(
      reason(result, kExp),
      kExpAlone +
          "from the recommendation, trial 5 lowers only it and gains next to nothing (122.8 us "
          "against 122.9 us)");
}

TEST(Reasons, SayWhenANeighbourDoesNotRun) {
  TuneResult result = example_result();
  study::TrialRecord& neighbour = result.trials[kExpFromBest];
  neighbour.trial.outcome.state = search::TrialState::NonFinite;
  EXPECT_EQ(
      reason(result, kExp),
      kExpAlone + "from the recommendation, trial 5 lowers only it: an output holds Inf or NaN");
  neighbour.trial.outcome.state = search::TrialState::Failed;
  neighbour.error = "no kernel for 'exp_1'";
  EXPECT_EQ(reason(result, kExp),
            kExpAlone +
                "from the recommendation, trial 5 lowers only it and fails: no kernel for 'exp_1'");
}

TEST(Reasons, SayWhatARejectedNeighbourWas) {
  TuneResult result = example_result();
  search::Outcome& outcome = result.trials[kExpFromBest].trial.outcome;
  outcome.state = search::TrialState::Rejected;
  EXPECT_EQ(reason(result, 2), kExpAlone +
                                   "from the recommendation, trial 5 lowers only it: max_abs "
                                   "0.315 misses max_abs<=0.05");
  outcome.latency_us = 123.4;
  outcome.violation = std::numeric_limits<double>::quiet_NaN();
  result.trials[kExpFromBest].validation.clear();
  EXPECT_EQ(reason(result, 2), kExpAlone +
                                   "from the recommendation, trial 5 lowers only it and is not "
                                   "faster (123.4 us against 122.9 us)");
}

TEST(Reasons, TakeAProbeInFullBeforeAPartialOne) {
  TuneResult result = example_result();
  study::TrialRecord full = result.trials[3];
  full.trial.number = result.trials.size();
  result.trials.push_back(full);
  result.trials[3].validation.clear();
  search::Outcome& outcome = result.trials[3].trial.outcome;
  outcome.state = search::TrialState::Partial;
  outcome.violation = std::numeric_limits<double>::quiet_NaN();
  result.recommended = 1;
  result.findings[2].probe = full.trial.number;
  EXPECT_EQ(reason(result, 2), kExpAlone.substr(0, kExpAlone.size() - 2));
  result.trials.pop_back();
  result.findings[2].probe = 3;
  result.findings[2].lone_violation = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(reason(result, 2), "lowering it alone costs 3.1e-2 relative L2");
  EXPECT_EQ(proof(result).tried, 2u);
}

TEST(Reasons, NameTheRequirementThatIsMissedByMost) {
  TuneResult result = example_result();
  result.requirements.push_back({accuracy::find_metric("relative_l2"), true, 0.0001});
  EXPECT_EQ(reason(result, kExp),
            "lowering it alone costs 3.1e-2 relative L2: relative_l2 0.031 misses "
            "relative_l2<=1e-04; from the recommendation, trial 5 lowers only it: relative_l2 "
            "0.0325 misses relative_l2<=1e-04");
}

TEST(Reasons, NameTheFigureOfTheSamplesThatMissByMost) {
  TuneResult result = example_result();
  result.split = {{0, 1}, {2, 3}, {4, 5}};
  for (const auto& [ranking, named] : {std::pair{0.42, "0.42"}, {0.3, "0.31"}}) {
    result.trials[3].ranking[2] = ranking;
    const std::string start = std::string("lowering it alone costs 3.1e-2 relative L2: max_abs ") +
                              named + " misses max_abs<=0.05; ";
    EXPECT_TRUE(reason(result, kExp).starts_with(start)) << reason(result, kExp);
  }
}

TEST(Reasons, FallBackOnTheProbe) {
  TuneResult result = example_result();
  result.trials.resize(5);
  EXPECT_EQ(reason(result, kExp),
            "lowering it alone costs 3.1e-2 relative L2: max_abs 0.31 misses max_abs<=0.05");
  result.findings[kExp].lone_violation = -0.2;
  EXPECT_EQ(reason(result, kExp), "lowering it alone costs 3.1e-2 relative L2");
}

TEST(Reasons, SayWhenAProbeFailed) {
  TuneResult result = example_result();
  result.trials[4].trial.outcome.state = search::TrialState::Failed;
  result.trials[4].error = "no fp16 kernel for 'pow_1'";
  EXPECT_EQ(reason(result, kPow),
            sentence(*worst(result.units[kPow].suspicions)) +
                "; pinned because lowering it alone fails: no fp16 kernel for 'pow_1'");
}

TEST(Reasons, SayWhatLoweringItWithOthersGave) {
  TuneResult result = example_result();
  result.trials.resize(3);
  result.findings[kExp] = result.findings[kPow] = {};
  result.findings[kExp].group = {2, 8, 7.5e-4};
  EXPECT_EQ(reason(result, kExp),
            "trial 2 lowers it with 7 other units, which costs 7.5e-4 relative L2 together");
  result.findings[kExp].group = {2, 2, std::numeric_limits<double>::infinity()};
  EXPECT_EQ(reason(result, kExp),
            "trial 2 lowers it with 1 other unit, which fails or gives Inf or NaN");
  result.findings[kExp].probed = true;
  EXPECT_TRUE(reason(result, kExp).starts_with("lowering it alone costs ")) << "says more";
}

TEST(Reasons, AdmitWhatWasNotTried) {
  TuneResult result = example_result();
  result.trials.resize(3);
  result.findings[kExp] = result.findings[kPow] = {};
  EXPECT_EQ(reason(result, kExp), "lowering it was not tried");
  result.findings[kExp].pinned = true;
  EXPECT_EQ(reason(result, kExp),
            "pinned because it is suspect and lowering it alone was not tried");
}

TEST(Reasons, SayWhichLostFloorAUnitIsKeptFor) {
  TuneResult result = example_result();
  result.units[kExp].record.poles = {{"Div 'div_9'", false}, {"Log 'log_9'", true}};
  result.findings[kExp].guarded = result.findings[kExp].pinned = true;
  EXPECT_TRUE(reason(result, kExp)
                  .starts_with("pinned because the floor under Log 'log_9' is lost when it is "
                               "lowered; lowering it alone "
                               "costs 3.1e-2 relative L2"))
      << reason(result, kExp);
}

// Trial 6 lowers conv_1 and pow_1, so it is the probe of log_9 and not of div_9.
TEST(Reasons, SayWhatLoweringAllThatFeedsAPoleGives) {
  TuneResult result = example_result();
  result.units[0].record.poles = {{"Log 'log_9'", false}};
  result.units[kPow].record.poles = {{"Div 'div_9'", false}, {"Log 'log_9'", false}};
  result.findings[kPow].guarded = result.findings[kPow].pinned = true;
  result.findings[kPow].guard_trial = 6;
  const std::string start = "pinned because trial 6 lowers just what feeds Log 'log_9'";
  const auto names = [&](const std::string& clause) {
    EXPECT_NE(reason(result, kPow).find(start + clause), std::string::npos) << reason(result, kPow);
  };
  names(": an output holds Inf or NaN");
  result.trials[6].trial.outcome = {search::TrialState::Complete, 120, 0.04, 1};
  names(": relative L2 2.0e-1");
  result.trials[6].trial.outcome.state = search::TrialState::Failed;
  result.trials[6].error = "no kernel";
  names(" and fails: no kernel");
  result.start = {0, 0, 1, 1, 0};
  result.trials[6].trial.assignment[kExp] = 1;
  names(" and fails: no kernel");
}

TEST(Reasons, SayThatAPinCostsALargeError) {
  TuneResult result = example_result();
  result.units[kPow].suspicions.pop_back();
  result.findings[kPow] = {.probed = true, .pinned = true, .lone_error = 0.71, .lone_violation = 3};
  result.findings[kPow].probe = 4;
  result.trials[4].trial.outcome.state = search::TrialState::Complete;
  result.trials.pop_back();
  EXPECT_EQ(reason(result, kPow),
            "Pow constant underflows to 0 (100 % of its elements in f16); pinned because lowering "
            "it alone costs 7.1e-1 relative L2: max_abs inf misses max_abs<=0.05");
}

TEST(Reasons, SayThatLoweringCostsNothing) {
  TuneResult result = example_result();
  result.trials.resize(5);
  result.findings[kExp] = {.probed = true, .lone_violation = -1, .probe = 3};
  EXPECT_EQ(reason(result, kExp), "lowering it alone costs no relative L2");
}

// The probe of trial 3 lowers unit 0 too.
TEST(Reasons, NameWhatAProbeStartedFrom) {
  TuneResult result = example_result();
  result.trials[3].trial.assignment[0] = 1;
  EXPECT_TRUE(
      reason(result, kExp)
          .starts_with("lowering it beside '" + result.units[0].record.name + "' costs 3.1e-2"))
      << reason(result, kExp);
}

TEST(Reasons, TellAProbeOnceWhereAllIsRecommendedKept) {
  TuneResult result = example_result();
  result.recommended = result.all_kept;
  EXPECT_EQ(reason(result, kExp) + "; ", kExpAlone);
}

TEST(Reasons, RepeatTheOwnersLine) {
  EXPECT_EQ(reason(example_result(), kLog),
            "kept by the owner's list (keep.cfg:3 'OpType::Log'); " +
                sentence(example_result().units[kLog].suspicions[0]));
}

TEST(RangeFinding, ThatExplainsMostIsAnOverflowThenTheOneOfMostSamplesThenOfMostElements) {
  const RangeFinding constant{"n", "Pow", "c", TensorRole::Constant, DType::F16, constant_range()};
  const RangeFinding overflow{"n", "Pow", "o", TensorRole::Result, DType::F16, overflowing_range()};
  const RangeFinding few{"n", "Pow", "f", TensorRole::Input, DType::F16, underflowing_range()};
  RangeFinding many = few;
  many.range.samples_underflowing = 32;
  RangeFinding wide = few;
  wide.range.underflows = 601;
  const auto worst_of = [](std::vector<RangeFinding> findings) {
    return sentence(*worst(findings));
  };
  EXPECT_EQ(worst_of({constant, overflow, few}), sentence(overflow));
  EXPECT_EQ(worst_of({few, many, wide}), sentence(many));
  EXPECT_EQ(worst_of({few, wide}), sentence(wide));
  EXPECT_EQ(worst_of({few, constant}), sentence(constant));
  EXPECT_EQ(worst({}), nullptr);
}

TEST(RangeFinding, NamesTheLoweredDtype) {
  const RangeFinding finding{"n", "Exp", "y", TensorRole::Result, DType::BF16, overflowing_range()};
  EXPECT_NE(sentence(finding).find("(0.25 % of its elements in bf16)"), std::string::npos);
}

TEST(Reasons, SurviveNamesThatAreNotUtf8) {
  TuneResult result = example_result();
  result.units[kLog].record.nodes[0] = "log\xff";
  EXPECT_NE(reasons_json(result, 2).find("log\xef\xbf\xbd"), std::string::npos);
  EXPECT_EQ(keep_list(result, 2), "log\xff\nexp_1\npow_1\n") << "the list keeps the bytes";
}

}  // namespace
}  // namespace keel::report
