#include "tests/tuner/study/study_fixture.h"
#include "tuner/study/schema.h"

namespace keel::study {
namespace {

/// All rows of a query, columns by '|'.
std::vector<std::string> rows(const std::filesystem::path& folder, const std::string& sql,
                              int column_count) {
  Result<Connection> connection = Connection::open(folder / "study.db");
  KEEL_CHECK(connection.ok());
  Result<Statement> statement = connection->prepare(sql);
  if (!statement.ok()) return {to_text(statement.error())};
  std::vector<std::string> found;
  while (*statement->step()) {
    std::string text = statement->text(0);
    for (int i = 1; i < column_count; ++i) text += "|" + statement->text(i);
    found.push_back(text);
  }
  return found;
}

TEST(Schema, BringsBackTheHead) {
  Result<Connection> connection = Connection::open(empty_folder() / "study.db");
  ASSERT_TRUE(connection.ok());
  EXPECT_FALSE(*has_schema(*connection));
  const Head head{question(), units(), metric_names()};
  ASSERT_TRUE(create_schema(*connection, head).ok());
  EXPECT_TRUE(*has_schema(*connection));
  const Result<Head> back = read_head(*connection);
  ASSERT_TRUE(back.ok()) << to_text(back.error());
  EXPECT_EQ(back->question, head.question);
  EXPECT_EQ(back->units[0].ascend_types, head.units[0].ascend_types);
  EXPECT_EQ(back->units[1].suspicions, head.units[1].suspicions);
  EXPECT_EQ(back->units[1].poles, head.units[1].poles);
  EXPECT_EQ(back->units[1].reason, head.units[1].reason);
  EXPECT_EQ(digest(*back), digest(head));
}

TEST(Schema, SpellsPhasesAndStatesForPeople) {
  const std::filesystem::path folder = empty_folder();
  make_study(folder, 5);
  EXPECT_EQ(rows(folder, "SELECT number, phase, phase_name, state, state_name FROM trial", 5),
            (std::vector<std::string>{"0|0|anchor|0|complete", "1|1|probe|0|complete",
                                      "2|2|front|0|complete", "3|3|fill|0|complete",
                                      "4|4|refine|0|complete"}));
}

TEST(Schema, NamesTheNodesATrialKeeps) {
  const std::filesystem::path folder = empty_folder();
  make_study(folder, 4);
  EXPECT_EQ(rows(folder, "SELECT trial, node FROM kept_node ORDER BY trial, node", 2),
            (std::vector<std::string>{"0|conv_1", "0|exp_1", "0|log_1", "0|pow_1", "0|relu_1",
                                      "1|exp_1", "1|log_1", "1|pow_1", "2|conv_1", "2|log_1",
                                      "2|pow_1", "2|relu_1", "3|log_1", "3|pow_1"}));
}

TEST(Schema, NamesNoNodeThatIsFixedAsLowered) {
  const std::filesystem::path folder = empty_folder();
  {
    Result<Study> study = open(folder);
    ASSERT_TRUE(study.ok());
    TrialRecord all_zero = record(0);
    all_zero.trial.assignment.assign(units().size(), 0);
    ASSERT_TRUE(study->append(all_zero).ok());
  }
  EXPECT_EQ(rows(folder, "SELECT count(*) FROM kept_node WHERE node = 'conv_2'", 1),
            std::vector<std::string>{"0"});
}

TEST(Schema, NamesTheMetricsOfATrial) {
  const std::filesystem::path folder = empty_folder();
  make_study(folder, 1);
  EXPECT_EQ(rows(folder, "SELECT trial, samples, name, value FROM metric_value", 4),
            (std::vector<std::string>{
                "0|ranking|relative_l2|0.0316227766016838", "0|ranking|max_abs|0.1",
                "0|validation|relative_l2|0.0447213595499958", "0|validation|max_abs|0.2"}));
}

TEST(Schema, RefusesAnotherVersion) {
  const std::filesystem::path folder = empty_folder();
  make_study(folder, 1);
  rows(folder, "PRAGMA user_version = 9", 1);
  const Result<Study> study = open(folder);
  ASSERT_FALSE(study.ok());
  EXPECT_EQ(study.error().code, ErrorCode::InvalidConfig);
  EXPECT_EQ(to_text(study.error()),
            "error: the study has schema version 9, this keel reads version 8\n   at: " +
                (folder / "study.db").string() +
                "\n  fix: use the keel that made it, or choose another output folder");
}

TEST(Schema, RefusesADatabaseOfAnotherProgram) {
  const std::filesystem::path folder = empty_folder();
  rows(folder, "CREATE TABLE photographs(x)", 1);
  const Result<Study> study = open(folder);
  ASSERT_FALSE(study.ok());
  EXPECT_EQ(study.error().what, "the database was not made by keel");
}

}  // namespace
}  // namespace keel::study
