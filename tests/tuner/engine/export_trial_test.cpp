#include "tuner/engine/export_trial.h"

#include <gtest/gtest.h>

#include <limits>

#include "compiler/base/error_text.h"
#include "compiler/base/file.h"
#include "tuner/report/compiler_command.h"
#include "tuner/report/range_record.h"

namespace keel::engine {
namespace {

namespace fs = std::filesystem;
using search::TrialState;

constexpr double kInf = std::numeric_limits<double>::infinity();

report::RangeFinding overflow() {
  report::RangeFinding finding{"exp_1", "Exp", "x", report::TensorRole::Result, DType::F16, {}};
  finding.range.largest = 1e6;
  finding.range.elements = 100;
  finding.range.overflows = 25;
  finding.range.samples = 4;
  finding.range.samples_overflowing = 2;
  return finding;
}

class ExportTrial : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(root_);
    fs::create_directories(study_);
  }

  std::vector<std::string> metrics() const {
    std::vector<std::string> names;
    for (const accuracy::Metric& metric : accuracy::metrics()) names.emplace_back(metric.name);
    return names;
  }

  // A closed study of two units, one trial for each state.
  void make_study(const std::vector<TrialState>& states,
                  const std::vector<study::PoleRecord>& poles_of_conv = {}) const {
    const std::vector<study::UnitRecord> units = {
        {"conv_1", {"conv_1"}, search::UnitState::Free, "", {0}, {"Conv2D"}, {}, poles_of_conv},
        {"exp_1",
         {"exp_1"},
         search::UnitState::Free,
         "",
         {1},
         {"Exp"},
         {report::to_record(overflow())}}};
    Result<study::Study> study =
        study::Study::open(study_, {{"require", "max_abs<=0.05 cosine>=0.9"}}, units, metrics());
    ASSERT_TRUE(study.ok()) << to_text(study.error());
    report::CompilerCommand command;
    command.model = "named.onnx";
    ASSERT_TRUE(study->set_command(report::to_record(command)).ok());
    for (std::size_t i = 0; i < states.size(); ++i) {
      study::TrialRecord record;
      record.trial = {i,
                      {static_cast<std::uint8_t>(i & 1U), static_cast<std::uint8_t>(i >> 1U)},
                      search::Phase::Anchor,
                      {states[i], 100.0 - static_cast<double>(i), 0.01,
                       states[i] == TrialState::Complete ? -1.0 : kInf}};
      if (states[i] == TrialState::Failed) record.error = "no kernel for 'exp_1'";
      ASSERT_TRUE(study->append(record).ok());
    }
  }

  std::string error_of(std::optional<std::uint64_t> trial) const {
    const Result<ExportedTrial> exported = export_trial({study_, trial, output_});
    if (exported.ok()) return "";
    EXPECT_FALSE(fs::exists(output_));
    EXPECT_EQ(exported.error().where, (study_ / "study.db").string());
    return exported.error().what;
  }

  fs::path root_ =
      fs::path(testing::TempDir()) /
      (std::string("keel-export-") + testing::UnitTest::GetInstance()->current_test_info()->name());
  fs::path study_ = root_ / "study";
  fs::path output_ = root_ / "output";
};

TEST_F(ExportTrial, RecommendsNothingThatLowersAGuardOfAPole) {
  // Trial 1 keeps exp_1 only and is faster than trial 0, which keeps both.
  const std::vector<TrialState> two = {TrialState::Complete, TrialState::Complete};
  make_study(two);
  ASSERT_EQ(export_trial({study_, std::nullopt, output_})->trial, 1U);
  SetUp();
  make_study(two, {{"Log 'log_1'", true}});
  const Result<ExportedTrial> guarded = export_trial({study_, std::nullopt, output_});
  ASSERT_TRUE(guarded.ok()) << to_text(guarded.error());
  EXPECT_EQ(guarded->trial, 0U);
  EXPECT_TRUE(guarded->result.findings[0].guarded);
}

TEST_F(ExportTrial, RefusesAFailedTrialWithItsError) {
  make_study({TrialState::Complete, TrialState::Failed});
  EXPECT_EQ(error_of(1), "trial 1 failed: no kernel for 'exp_1'");
  EXPECT_EQ(error_of(2), "there is no trial 2: the study holds trials 0 to 1");
}

TEST_F(ExportTrial, WritesATrialThatIsNotFinite) {
  make_study({TrialState::Complete, TrialState::NonFinite});
  const Result<ExportedTrial> exported = export_trial({study_, 1, output_});
  ASSERT_TRUE(exported.ok()) << to_text(exported.error());
  EXPECT_EQ(*read_file(output_ / "execeptionlist.cfg"), "exp_1\n");
  EXPECT_NE(read_file(output_ / "trial.json")->find("\"state\": \"non_finite\""),
            std::string::npos);
}

TEST_F(ExportTrial, HasNothingToRecommendWithoutACompleteTrial) {
  make_study({TrialState::NonFinite, TrialState::Failed});
  EXPECT_EQ(error_of(std::nullopt),
            "none of the 2 trials is complete: there is nothing to recommend");
}

TEST_F(ExportTrial, SaysSoWhereTheStudyHoldsNoTrial) {
  make_study({});
  EXPECT_EQ(error_of(std::nullopt), "the study holds no trial yet");
  EXPECT_EQ(error_of(0), "the study holds no trial yet");
}

TEST_F(ExportTrial, PointsTheCommandToTheNamedCopyOfTheStudy) {
  make_study({TrialState::Complete});
  const Result<ExportedTrial> exported = export_trial({study_, std::nullopt, output_});
  ASSERT_TRUE(exported.ok()) << to_text(exported.error());
  EXPECT_NE(read_file(output_ / "atc.sh")->find("=" + (study_ / "named.onnx").string()),
            std::string::npos);
}

TEST_F(ExportTrial, NamesTheListForTheReleaseOfCannOfTheStudyUnlessToldOtherwise) {
  make_study({TrialState::Complete, TrialState::Complete});
  ASSERT_TRUE(export_trial({study_, 1, output_, ascend::Cann::V9}).ok());
  EXPECT_TRUE(fs::exists(output_ / "exceptionlist.cfg"));
  EXPECT_FALSE(fs::exists(output_ / "execeptionlist.cfg"));
  ASSERT_TRUE(export_trial({study_, 1, output_}).ok());
  EXPECT_FALSE(fs::exists(output_ / "exceptionlist.cfg"));
  EXPECT_TRUE(fs::exists(output_ / "execeptionlist.cfg"));
}

TEST_F(ExportTrial, ExplainsASuspectThatWasNeverLowered) {
  make_study({TrialState::Complete});
  ASSERT_TRUE(export_trial({study_, 0, output_}).ok());
  const std::string reasons = *read_file(output_ / "execeptionlist.reasons.json");
  for (const std::string& part :
       {"\"reason\": \"" + sentence(overflow()) +
            "; pinned because it is suspect and lowering it alone was not tried\"",
        std::string("\"largest\": 1000000.0"), std::string("\"pinned\": true")})
    EXPECT_NE(reasons.find(part), std::string::npos) << part << " in " << reasons;
}

TEST_F(ExportTrial, ReadsEveryRequirementOfTheQuestion) {
  make_study({TrialState::Complete});
  const Result<ExportedTrial> exported = export_trial({study_, 0, output_});
  ASSERT_TRUE(exported.ok()) << to_text(exported.error());
  ASSERT_EQ(exported->result.requirements.size(), 2U);
  EXPECT_EQ(to_text(exported->result.requirements[0]), "max_abs<=0.05");
  EXPECT_EQ(to_text(exported->result.requirements[1]), "cosine>=0.9");
}

}  // namespace
}  // namespace keel::engine
