#include <fstream>
#include <set>

#include "compiler/base/file.h"
#include "tests/tuner/study/study_fixture.h"
#include "tuner/study/content.h"

namespace keel::study {
namespace {

namespace fs = std::filesystem;

bool holds(const Snapshot& snapshot, std::uint64_t count) {
  if (snapshot.trials.size() != count) return false;
  for (std::uint64_t i = 0; i < count; ++i)
    if (!same(snapshot.trials[i], record(i))) return false;
  return true;
}

// Every file with its bytes.
std::vector<std::pair<std::string, std::string>> content(const fs::path& folder) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    files.emplace_back(entry.path().filename(), *read_file(entry.path()));
  std::ranges::sort(files);
  return files;
}

TEST(StudySnapshot, HoldsTheHeadTheTrialsAndTheCommand) {
  const fs::path folder = empty_folder();
  const Command command = {{"model", "/m.onnx"}, {"--log", "info"}, {"--log", "debug"}};
  {
    Result<Study> study = open(folder);
    ASSERT_TRUE(study.ok());
    ASSERT_TRUE(study->set_command({{"model", "/old.onnx"}}).ok());
    ASSERT_TRUE(study->set_command(command).ok());
    for (std::uint64_t i = 0; i < 3; ++i) ASSERT_TRUE(study->append(record(i)).ok());
  }
  const Result<Snapshot> snapshot = read_study(folder);
  ASSERT_TRUE(snapshot.ok()) << to_text(snapshot.error());
  EXPECT_TRUE(holds(*snapshot, 3));
  EXPECT_EQ(snapshot->head.question, question());
  EXPECT_EQ(digest(snapshot->head), digest({question(), units(), metric_names()}));
  EXPECT_EQ(snapshot->command, command);
}

TEST(StudySnapshot, IsTakenBesideTheRunThatHoldsTheLock) {
  const fs::path folder = empty_folder();
  Result<Study> study = open(folder);
  ASSERT_TRUE(study.ok());
  for (std::uint64_t i = 0; i < 5; ++i) {
    const Result<Snapshot> snapshot = read_study(folder);
    ASSERT_TRUE(snapshot.ok()) << to_text(snapshot.error());
    EXPECT_TRUE(holds(*snapshot, i));
    ASSERT_TRUE(study->append(record(i)).ok());
  }
}

TEST(StudySnapshot, LeavesEveryByteOfAClosedStudyAsItIs) {
  const fs::path folder = empty_folder();
  make_study(folder, 3);
  const auto before = content(folder);
  ASSERT_TRUE(read_study(folder).ok());
  EXPECT_TRUE(content(folder) == before) << content(folder).size() << " files";
}

TEST(StudySnapshot, QuotesTheReasonsOfTheLastRun) {
  const fs::path folder = empty_folder();
  make_study(folder, 2);
  std::vector<UnitRecord> moved = units();
  moved[1].reason = "kept by the owner's list (moved.cfg:9 'OpType::Log')";
  {
    const Result<Study> study = Study::open(folder, question(), moved, metric_names());
    ASSERT_TRUE(study.ok()) << to_text(study.error());
  }
  const Result<Snapshot> snapshot = read_study(folder);
  ASSERT_TRUE(snapshot.ok()) << to_text(snapshot.error());
  EXPECT_EQ(snapshot->head.units[1].reason, moved[1].reason);
}

TEST(StudySnapshot, NeedsAStudyAndMakesNone) {
  const fs::path folder = empty_folder();
  const Result<Snapshot> none = read_study(folder);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(to_text(none.error()),
            "error: there is no study in the folder\n   at: " + (folder / "study.db").string() +
                "\n  fix: give the folder that keel tune wrote to (its --output)");
  EXPECT_EQ(none.error().code, ErrorCode::InvalidConfig);
  EXPECT_TRUE(fs::is_empty(folder));
}

TEST(StudySnapshot, IsRefusedWhereTrialsAreMissingOrChanged) {
  const fs::path folder = empty_folder();
  make_study(folder, 3);
  const auto damaged = [&](const std::string& sql) {
    const fs::path copy = empty_folder("copy");
    fs::copy(folder, copy, fs::copy_options::recursive);
    {
      Result<Connection> connection = Connection::open(copy / "study.db");
      EXPECT_TRUE(connection->execute("PRAGMA foreign_keys = OFF; " + sql).ok()) << sql;
    }
    const Result<Snapshot> snapshot = read_study(copy);
    return snapshot.ok() ? "ok" : snapshot.error().what;
  };
  EXPECT_EQ(damaged("SELECT 1"), "ok");
  EXPECT_EQ(damaged("DELETE FROM trial WHERE number = 2"),
            "the database holds 2 trials, its mark promises 3");
  EXPECT_EQ(damaged("UPDATE trial SET latency_us = 1 WHERE number = 1"), "trial 1 was changed");
  EXPECT_EQ(damaged("UPDATE unit_node SET ascend_type = 'Exp' WHERE node = 'log_1'"),
            "trial 0 was changed");
  fs::remove(folder / "study.mark");
  EXPECT_NE(damaged("SELECT 1"), "ok");
}

}  // namespace
}  // namespace keel::study
