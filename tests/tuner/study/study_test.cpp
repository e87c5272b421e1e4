#include "tuner/study/study.h"

#include <sys/stat.h>
#include <unistd.h>

#include "compiler/base/file.h"
#include "tests/tuner/study/study_fixture.h"
#include "tuner/study/mark.h"

namespace keel::study {
namespace {

TEST(Study, IsEmptyWhenMade) {
  const std::filesystem::path folder = empty_folder() / "new" / "one";
  const Result<Study> study = open(folder);
  ASSERT_TRUE(study.ok()) << to_text(study.error());
  EXPECT_TRUE(study->trials().empty());
}

TEST(Study, BringsBackEveryTrial) {
  const std::filesystem::path folder = empty_folder();
  make_study(folder, 7);
  Result<Study> study = open(folder);
  ASSERT_TRUE(study.ok()) << to_text(study.error());
  EXPECT_TRUE(holds(*study, 7));
  ASSERT_TRUE(study->append(record(7)).ok());
  EXPECT_TRUE(holds(*study, 8));
}

TEST(Study, KeepsNumbersBitForBit) {
  const std::filesystem::path folder = empty_folder();
  TrialRecord odd = record(0);
  odd.trial.outcome = {search::TrialState::NonFinite, 0x1.23456789abcdep-300, kInf, -kInf};
  odd.ranking = {kNan, std::numeric_limits<double>::denorm_min()};
  odd.validation = {std::numeric_limits<double>::max(), 0.1 + 0.2};
  TrialRecord failed = record(1);
  failed.trial.outcome = {search::TrialState::Failed, kNan, 3, kInf};
  failed.ranking.clear();
  failed.validation.clear();
  failed.error = "no kernel of 'Log' for fp32\nin two lines";
  {
    Result<Study> study = open(folder);
    ASSERT_TRUE(study.ok());
    ASSERT_TRUE(study->append(odd).ok());
    ASSERT_TRUE(study->append(failed).ok());
  }
  const Result<Study> study = open(folder);
  ASSERT_TRUE(study.ok()) << to_text(study.error());
  ASSERT_EQ(study->trials().size(), 2U);
  EXPECT_TRUE(same(study->trials()[0], odd));
  EXPECT_TRUE(same(study->trials()[1], failed));
}

TEST(Study, ShowsATrialAsItWillComeBack) {
  const std::filesystem::path folder = empty_folder();
  TrialRecord odd = record(0);
  odd.trial.outcome.violation = -0.0;
  odd.validation = {-0.0, std::copysign(kNan, -1.0)};
  TrialRecord shown;
  {
    Result<Study> study = open(folder);
    ASSERT_TRUE(study.ok());
    ASSERT_TRUE(study->append(odd).ok());
    shown = study->trials()[0];
  }
  const Result<Study> study = open(folder);
  ASSERT_TRUE(study.ok()) << to_text(study.error());
  EXPECT_TRUE(same(study->trials()[0], shown));
  EXPECT_FALSE(std::signbit(shown.trial.outcome.violation));
}

TEST(Study, MarksEachTrialItAppends) {
  const std::filesystem::path folder = empty_folder();
  Result<Study> study = open(folder);
  ASSERT_TRUE(study.ok());
  std::optional<Mark> before = *read_mark(folder / "study.mark");
  EXPECT_EQ(before->trials, 0U);
  for (std::uint64_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(study->append(record(i)).ok());
    const std::optional<Mark> after = *read_mark(folder / "study.mark");
    EXPECT_EQ(after->trials, i + 1);
    EXPECT_NE(after->chain, before->chain);
    before = after;
  }
}

TEST(Study, AppendsTrialsTogetherAsOneByOne) {
  const std::filesystem::path together = empty_folder("together");
  const std::filesystem::path apart = empty_folder("apart");
  {
    Result<Study> study = open(together);
    ASSERT_TRUE(study.ok());
    ASSERT_TRUE(study->append(std::vector{record(0), record(1), record(2)}).ok());
    EXPECT_TRUE(holds(*study, 3));
  }
  make_study(apart, 3);
  EXPECT_EQ(*read_mark(together / "study.mark"), *read_mark(apart / "study.mark"));
  const Result<Study> study = open(together);
  ASSERT_TRUE(study.ok());
  EXPECT_TRUE(holds(*study, 3));
}

TEST(Study, RefusesAnotherQuestion) {
  const std::filesystem::path folder = empty_folder();
  make_study(folder, 2);
  Question other = question();
  other[1].second = "allow_mix_precision";
  other[2].second = "2";
  const std::vector<UnitRecord> about = units();
  const std::vector<std::string> metrics = metric_names();
  const Result<Study> study = Study::open(folder, other, about, metrics);
  ASSERT_FALSE(study.ok());
  EXPECT_EQ(study.error().code, ErrorCode::InvalidConfig);
  EXPECT_EQ(to_text(study.error()),
            "error: the study answers another question: "
            "precision_mode is 'force_fp16' in the study, 'allow_mix_precision' now; "
            "seed is '1' in the study, '2' now\n   at: " +
                (folder / "study.db").string() +
                "\n  fix: choose another output folder, or repeat the study's values");
  EXPECT_TRUE(open(folder).ok()) << "the refusal changed it";
}

TEST(Study, IsOpenOnlyOnce) {
  const std::filesystem::path folder = empty_folder();
  {
    const Result<Study> first = open(folder);
    ASSERT_TRUE(first.ok());
    const Result<Study> second = open(folder);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, ErrorCode::IoFailed);
  }
  EXPECT_TRUE(open(folder).ok());
}

// A folder at the place of the mark's temporary file: the mark cannot be written, the commit can.
TEST(Study, AddsNothingMoreAfterAFailedAppend) {
  const std::filesystem::path folder = empty_folder();
  {
    Result<Study> study = open(folder);
    ASSERT_TRUE(study.ok());
    ASSERT_TRUE(study->append(record(0)).ok());
    const std::filesystem::path in_the_way =
        folder / ("study.mark.tmp" + std::to_string(::getpid()));
    std::filesystem::create_directory(in_the_way);
    const Status first = study->append(record(1));
    ASSERT_FALSE(first.ok());
    EXPECT_EQ(first.error().code, ErrorCode::IoFailed);
    EXPECT_TRUE(holds(*study, 1));
    std::filesystem::remove(in_the_way);
    const Status second = study->append(record(1));
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(to_text(second.error()), to_text(first.error()));
    EXPECT_TRUE(holds(*study, 1));
  }
  Result<Study> study = open(folder);
  ASSERT_TRUE(study.ok()) << to_text(study.error());
  EXPECT_TRUE(holds(*study, 2)) << "the commit had succeeded";
  EXPECT_TRUE(study->append(record(2)).ok());
}

TEST(Study, SaysWhenTheFolderIsAFile) {
  const std::filesystem::path file = empty_folder() / "file";
  ASSERT_TRUE(write_file(file, "").ok());
  const Result<Study> study = open(file);
  ASSERT_FALSE(study.ok());
  EXPECT_EQ(study.error().code, ErrorCode::IoFailed);
}

// Permissions do not bind root: it steps down for the test.
class WriteProtected : public testing::Test {
 protected:
  static constexpr uid_t kNobody = 65534;
  void SetUp() override {
    make_study(folder_, 1);
    if (::geteuid() == 0) {
      for (const auto& entry : std::filesystem::directory_iterator(folder_))
        ASSERT_EQ(::chown(entry.path().c_str(), kNobody, kNobody), 0);
      ASSERT_EQ(::chown(folder_.c_str(), kNobody, kNobody), 0);
      ASSERT_EQ(::seteuid(kNobody), 0);
    }
  }
  void TearDown() override {
    ::chmod(folder_.c_str(), 0755);
    ASSERT_EQ(::seteuid(::getuid()), 0);
  }
  std::filesystem::path folder_ = empty_folder();
};

TEST_F(WriteProtected, FolderIsReported) {
  ASSERT_EQ(::chmod(folder_.c_str(), 0555), 0);
  const Result<Study> study = open(folder_);
  ASSERT_FALSE(study.ok());
  EXPECT_EQ(study.error().code, ErrorCode::IoFailed) << to_text(study.error());
  EXPECT_EQ(study.error().fix, "choose a folder you may write to");
}

TEST_F(WriteProtected, DatabaseIsReported) {
  const std::filesystem::path path = folder_ / "study.db";
  ASSERT_EQ(::chmod(path.c_str(), 0444), 0);
  const Result<Study> study = open(folder_);
  ASSERT_FALSE(study.ok());
  EXPECT_EQ(to_text(study.error()),
            "error: the study database is write-protected\n   at: " + path.string() +
                "\n  fix: make it writable, or choose an output folder you may write to");
}

}  // namespace
}  // namespace keel::study
