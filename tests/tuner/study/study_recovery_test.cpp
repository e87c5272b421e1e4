// What becomes of a study whose files were cut, changed, lost or mixed up: it opens with every
// trial or not at all.

#include <fstream>

#include "compiler/base/file.h"
#include "compiler/base/random.h"
#include "tests/tuner/study/study_fixture.h"
#include "tuner/study/mark.h"
#include "tuner/study/sqlite.h"

namespace keel::study {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kTrials = 6;

void put(const fs::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

/// One append of trials first .. last - 1.
void append_together(const fs::path& folder, std::uint64_t first, std::uint64_t last) {
  Result<Study> study = open(folder);
  ASSERT_TRUE(study.ok());
  std::vector<TrialRecord> records;
  for (std::uint64_t i = first; i < last; ++i) records.push_back(record(i));
  ASSERT_TRUE(study->append(std::move(records)).ok());
}

/// The files of a folder but the lock, to be laid out again for each damage.
struct Files {
  std::string database, log, mark;

  static Files of(const fs::path& folder) {
    const auto content = [&](const char* name) {
      return fs::exists(folder / name) ? *read_file(folder / name) : std::string();
    };
    return {content("study.db"), content("study.db-wal"), content("study.mark")};
  }

  void lay_out(const fs::path& folder) const {
    fs::remove_all(folder);
    fs::create_directories(folder);
    put(folder / "study.db", database);
    if (!log.empty()) put(folder / "study.db-wal", log);
    put(folder / "study.mark", mark);
  }
};

Files closed_study() {
  const fs::path folder = empty_folder("source");
  make_study(folder, kTrials);
  return Files::of(folder);
}

/// As a killed process leaves it: every trial in the write-ahead log, none in the database.
Files killed_study() {
  const fs::path folder = empty_folder("source");
  Result<Study> study = open(folder);
  KEEL_CHECK(study.ok());
  for (std::uint64_t i = 0; i < kTrials; ++i) KEEL_CHECK(study->append(record(i)).ok());
  return Files::of(folder);
}

void execute(const fs::path& folder, const std::string& sql) {
  Result<Connection> connection = Connection::open(folder / "study.db");
  ASSERT_TRUE(connection.ok());
  const Status done = connection->execute(sql);
  ASSERT_TRUE(done.ok()) << to_text(done.error());
}

std::string what_of_opening(const fs::path& folder) {
  const Result<Study> study = open(folder);
  if (study.ok()) return "opened with " + std::to_string(study->trials().size()) + " trials";
  EXPECT_EQ(study.error().code, ErrorCode::StudyCorrupt);
  return study.error().what;
}

void expect_whole_or_refused(const fs::path& folder, std::size_t damage) {
  const Result<Study> study = open(folder);
  if (study.ok()) {
    EXPECT_TRUE(holds(*study, kTrials)) << "damage at " << damage;
  }
}

TEST(StudyRecovery, NeedsNoClosing) {
  const fs::path folder = empty_folder();
  killed_study().lay_out(folder);
  EXPECT_EQ(what_of_opening(folder), "opened with 6 trials");
}

TEST(StudyRecovery, NeverShortensADatabaseCutAnywhere) {
  const Files files = closed_study();
  const fs::path folder = empty_folder();
  ASSERT_GT(files.database.size(), 4096U);
  for (std::size_t length = 0; length < files.database.size(); length += 509) {
    Files cut = files;
    cut.database.resize(length);
    cut.lay_out(folder);
    const Result<Study> study = open(folder);
    EXPECT_FALSE(study.ok()) << "cut to " << length;
  }
}

TEST(StudyRecovery, NeverShortensALogCutAnywhere) {
  const Files files = killed_study();
  const fs::path folder = empty_folder();
  ASSERT_GT(files.log.size(), 4096U);
  for (std::size_t length = 0; length < files.log.size(); length += 1021) {
    Files cut = files;
    cut.log.resize(length);
    cut.lay_out(folder);
    expect_whole_or_refused(folder, length);
  }
}

TEST(StudyRecovery, NeverBelievesAChangedDatabase) {
  const Files files = closed_study();
  const fs::path folder = empty_folder();
  Rng rng(5);
  for (int i = 0; i < 150; ++i) {
    Files changed = files;
    const std::size_t start = rng.below(changed.database.size());
    for (std::size_t k = start; k < std::min(start + 40, changed.database.size()); ++k)
      changed.database[k] = static_cast<char>(rng.next());
    changed.lay_out(folder);
    expect_whole_or_refused(folder, start);
  }
}

TEST(StudyRecovery, SaysHowManyTrialsAreMissing) {
  const fs::path folder = empty_folder();
  make_study(folder, kTrials);
  execute(folder, "DELETE FROM trial_metric WHERE trial = 5; DELETE FROM trial WHERE number = 5");
  const Result<Study> study = open(folder);
  ASSERT_FALSE(study.ok());
  EXPECT_EQ(to_text(study.error()),
            "error: the database holds 5 trials, its mark promises 6\n   at: " +
                (folder / "study.db").string() +
                "\n  fix: restore the folder from a copy, or choose another output folder");
}

TEST(StudyRecovery, NamesTheChangedTrial) {
  const fs::path folder = empty_folder();
  for (const char* change : {
           "UPDATE trial SET latency_us = latency_us * 0.5 WHERE number = 3",
           "UPDATE trial SET squared_error = NULL WHERE number = 3",
           "UPDATE trial SET violation = 9e999 WHERE number = 3",
           "UPDATE trial SET probing_squared_error = 0 WHERE number = 3",
           "UPDATE trial SET error_sketch = NULL WHERE number = 3",
           "UPDATE trial SET error_sketch = x'0000' WHERE number = 3",
           "UPDATE trial SET error_sketch = zeroblob(length(error_sketch)) WHERE number = 3",
           "UPDATE trial SET assignment = '00000' WHERE number = 3",
           "UPDATE trial SET phase = 0 WHERE number = 3",
           "UPDATE trial SET state = 2 WHERE number = 3",
           "UPDATE trial SET kept_units = 0 WHERE number = 3",
           "UPDATE trial SET kept_nodes = 0 WHERE number = 3",
           "UPDATE trial SET error = 'x' WHERE number = 3",
           "UPDATE trial SET chain = (SELECT chain FROM trial WHERE number = 2) WHERE number = 3",
           "UPDATE trial_metric SET value = 7 WHERE trial = 3 AND samples = 'ranking'",
           "DELETE FROM trial_metric WHERE trial = 3 AND samples = 'validation' AND metric = 1",
       }) {
    fs::remove_all(folder);
    make_study(folder, kTrials);
    execute(folder, change);
    EXPECT_EQ(what_of_opening(folder), "trial 3 was changed") << change;
  }
}

TEST(StudyRecovery, NamesTheMissingTrial) {
  const fs::path folder = empty_folder();
  make_study(folder, kTrials);
  execute(folder, "DELETE FROM trial_metric WHERE trial = 2; DELETE FROM trial WHERE number = 2");
  EXPECT_EQ(what_of_opening(folder), "trial 2 is missing");
}

TEST(StudyRecovery, NoticesAChangedQuestion) {
  const fs::path folder = empty_folder();
  make_study(folder, kTrials);
  execute(folder, "UPDATE question SET value = '2' WHERE name = 'seed'");
  EXPECT_EQ(what_of_opening(folder), "trial 0 was changed");
}

TEST(StudyRecovery, NoticesAMissingUnit) {
  const fs::path folder = empty_folder();
  make_study(folder, 1);
  execute(folder, "DELETE FROM unit_node WHERE unit = 3; DELETE FROM unit WHERE unit = 3");
  EXPECT_EQ(what_of_opening(folder), "unit 3 is missing or was changed");
}

TEST(StudyRecovery, AcceptsOneTrialMoreThanTheMarkAndMarksIt) {
  const fs::path folder = empty_folder();
  make_study(folder, kTrials - 1);
  const std::string mark = *read_file(folder / "study.mark");
  {
    Result<Study> study = open(folder);
    ASSERT_TRUE(study.ok());
    ASSERT_TRUE(study->append(record(kTrials - 1)).ok());
  }
  put(folder / "study.mark", mark);
  EXPECT_EQ(what_of_opening(folder), "opened with 6 trials");
  EXPECT_EQ((*read_mark(folder / "study.mark"))->trials, 6U);
}

TEST(StudyRecovery, AcceptsTheTrialsOfOneAppendMoreThanTheMark) {
  const fs::path folder = empty_folder();
  make_study(folder, 1);
  const std::string mark = *read_file(folder / "study.mark");
  append_together(folder, 1, 1 + kMostAppended);
  put(folder / "study.mark", mark);
  EXPECT_EQ(what_of_opening(folder), "opened with 65 trials");
  EXPECT_EQ((*read_mark(folder / "study.mark"))->trials, 65U);
}

TEST(StudyRecovery, RefusesAMarkThatIsTooOld) {
  const fs::path folder = empty_folder();
  make_study(folder, 1);
  const std::string mark = *read_file(folder / "study.mark");
  append_together(folder, 1, 1 + kMostAppended);
  append_together(folder, 1 + kMostAppended, 2 + kMostAppended);
  put(folder / "study.mark", mark);
  EXPECT_EQ(what_of_opening(folder), "the database holds 66 trials, its mark only 1");
}

TEST(StudyRecovery, RefusesTheMarkOfAnotherStudy) {
  const fs::path folder = empty_folder();
  make_study(folder, 2);
  put(folder / "study.mark", "keel study mark 1\ntrials 2\nchain " + std::string(32, '7') + "\n");
  EXPECT_EQ(what_of_opening(folder), "the database and its mark are of different studies");
}

TEST(StudyRecovery, RefusesTrialsWithoutAMark) {
  const fs::path folder = empty_folder();
  make_study(folder, 2);
  fs::remove(folder / "study.mark");
  EXPECT_EQ(what_of_opening(folder),
            "study.mark is missing: whether trials were lost after the 2 in the database is "
            "unknown");
}

TEST(StudyRecovery, RefusesAMarkWithoutItsDatabase) {
  const fs::path folder = empty_folder();
  make_study(folder, 2);
  fs::remove(folder / "study.db");
  EXPECT_EQ(what_of_opening(folder), "the database is empty, its mark promises 2 trials");
}

// The crash came between making the database and its first mark.
TEST(StudyRecovery, GoesOnFromADatabaseWithoutTrialsOrMark) {
  const fs::path folder = empty_folder();
  make_study(folder, 0);
  fs::remove(folder / "study.mark");
  EXPECT_EQ(what_of_opening(folder), "opened with 0 trials");
  EXPECT_EQ((*read_mark(folder / "study.mark"))->trials, 0U);
}

}  // namespace
}  // namespace keel::study
