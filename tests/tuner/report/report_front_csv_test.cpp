#include <gtest/gtest.h>

#include "tests/tuner/report/example_result.h"
#include "tuner/report/report.h"

namespace keel::report {
namespace {

TEST(FrontCsv, ListsTheFrontThenAnchorsThatAreNotOnIt) {
  EXPECT_EQ(front_csv(example_result()),
            "trial,latency_us,relative_l2,cosine,max_abs,top1_agreement,top1_accuracy,"
            "kept_units,kept_nodes,to_next_lo_us,to_next_hi_us\n"
            "5,119.5,0.0325,1,0.315,1,nan,1,2,,\n"
            "2,122.9,0.001,1,0.025,1,nan,2,3,,\n"
            "1,129,0.00025,1,0.001,1,nan,3,5,,\n"
            "0,98.1,inf,1,inf,1,nan,0,1,,\n");
}

TEST(FrontCsv, HasTheIntervalToTheNextWhereTimesArePredicted) {
  TuneResult result = example_result();
  result.front_steps = {{5, 2, 3.4, -1.5, 8}, {2, 1, 6.1, 0.5, 11.25}};
  const std::string text = front_csv(result);
  EXPECT_NE(text.find(",1,2,-1.5,8\n"), std::string::npos) << text;
  EXPECT_NE(text.find(",2,3,0.5,11.25\n"), std::string::npos) << text;
  EXPECT_NE(text.find(",3,5,,\n"), std::string::npos) << "the last has no next: " << text;
}

// A format of exp_1, HF32 in trial 2 and, where that counts for nothing, in trial 0, which lowers
// it.
TEST(FrontCsv, CountsWhatIsKeptInHf32WhereThatIsSearched) {
  TuneResult result = example_result();
  result.question.emplace_back("search_hf32", "true");
  UnitRow format;
  format.record.state = search::UnitState::Free;
  result.units.push_back(format);
  result.units[2].record.follows = result.units.size() - 1;
  for (study::TrialRecord& record : result.trials)
    record.trial.assignment.push_back(record.trial.number % 2 == 0 ? 1 : 0);
  const std::string text = front_csv(result);
  EXPECT_NE(text.find(",kept_units,kept_nodes,hf32_units,to_next_lo_us,"), std::string::npos);
  EXPECT_NE(text.find("\n2,122.9,0.001,1,0.025,1,nan,2,3,1,,\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\n1,129,0.00025,1,0.001,1,nan,3,5,0,,\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\n0,98.1,inf,1,inf,1,nan,0,1,0,,\n"), std::string::npos) << text;
  const std::string reasons = reasons_json(result, 2);
  EXPECT_NE(reasons.find("\"unit\": \"exp_1\",\n      \"format\": \"hf32\""), std::string::npos)
      << reasons;
}

// Iterations of a loop are units of one node, which agree.
TEST(FormatFiles, NameANodeOnce) {
  TuneResult result = example_result();
  result.question.emplace_back("search_bf16", "true");
  for (const std::size_t unit : {1u, 2u}) {
    UnitRow format;
    format.record.state = search::UnitState::Free;
    result.units.push_back(format);
    result.units[unit].record.follows = result.units.size() - 1;
    result.units[unit].record.nodes = {"twice"};
  }
  search::Assignment& assignment = result.trials[2].trial.assignment;
  assignment[1] = assignment[2] = 0;
  assignment.insert(assignment.end(), {1, 1});
  EXPECT_EQ(bf16_dtypes(result, 2), "twice::InputDtype:bfloat16,OutputDtype:bfloat16\n");
  EXPECT_EQ(execution_modes(result, 2), "");
}

TEST(FrontCsv, LeavesFieldsOfFailedTrialsEmpty) {
  TuneResult result = example_result();
  result.front = {};
  result.all_kept.reset();
  result.recommended.reset();
  study::TrialRecord& failed = result.trials[0];
  failed.trial.outcome.state = search::TrialState::Failed;
  failed.validation.clear();
  EXPECT_TRUE(front_csv(result).ends_with("\n0,,,,,,,0,1,,\n")) << front_csv(result);
}

TEST(FrontCsv, HoldsARecommendationThatIsNotOnTheFront) {
  TuneResult result = example_result();
  result.front = {5, 1};
  EXPECT_TRUE(
      front_csv(result).ends_with("1,129,0.00025,1,0.001,1,nan,3,5,,\n"
                                  "2,122.9,0.001,1,0.025,1,nan,2,3,,\n"
                                  "0,98.1,inf,1,inf,1,nan,0,1,,\n"))
      << front_csv(result);
}

}  // namespace
}  // namespace keel::report
