#include <fstream>

#include "tests/tuner/study/study_fixture.h"
#include "tuner/study/sqlite.h"

namespace keel::study {
namespace {

Connection database(const std::filesystem::path& path) {
  Result<Connection> connection = Connection::open(path);
  KEEL_CHECK(connection.ok());
  return *std::move(connection);
}

std::string value(Connection& connection, const std::string& sql) {
  Result<std::string> found = connection.value(sql);
  return found.ok() ? *found : to_text(found.error());
}

TEST(Sqlite, SyncsAWriteAheadLogAtEveryCommit) {
  Connection connection = database(empty_folder() / "a.db");
  EXPECT_EQ(value(connection, "PRAGMA journal_mode"), "wal");
  EXPECT_EQ(value(connection, "PRAGMA synchronous"), "2");
  EXPECT_EQ(value(connection, "PRAGMA foreign_keys"), "1");
}

TEST(Sqlite, RollsBackWhatIsNotCommitted) {
  Connection connection = database(empty_folder() / "a.db");
  ASSERT_TRUE(connection.execute("CREATE TABLE t(x)").ok());
  {
    Result<Transaction> transaction = Transaction::begin(connection);
    ASSERT_TRUE(transaction.ok());
    ASSERT_TRUE(connection.execute("INSERT INTO t VALUES (1)").ok());
  }
  EXPECT_EQ(value(connection, "SELECT count(*) FROM t"), "0");
  {
    Result<Transaction> transaction = Transaction::begin(connection);
    ASSERT_TRUE(transaction.ok());
    ASSERT_TRUE(connection.execute("INSERT INTO t VALUES (1)").ok());
    ASSERT_TRUE(transaction->commit().ok());
  }
  EXPECT_EQ(value(connection, "SELECT count(*) FROM t"), "1");
}

TEST(Sqlite, KeepsTextsWithZeroBytesAndEmptyOnes) {
  Connection connection = database(empty_folder() / "a.db");
  ASSERT_TRUE(connection.execute("CREATE TABLE t(x TEXT NOT NULL)").ok());
  Result<Statement> insert = connection.prepare("INSERT INTO t VALUES (?)");
  ASSERT_TRUE(insert.ok());
  const std::string text("a\0b", 3);
  ASSERT_TRUE(insert->bind(1, text).run().ok());
  ASSERT_TRUE(insert->bind(1, std::string_view()).run().ok());
  Result<Statement> rows = connection.prepare("SELECT x FROM t ORDER BY rowid");
  ASSERT_TRUE(rows.ok());
  ASSERT_TRUE(*rows->step());
  EXPECT_EQ(rows->text(0), text);
  ASSERT_TRUE(*rows->step());
  EXPECT_EQ(rows->text(0), "");
  EXPECT_FALSE(*rows->step());
}

TEST(Sqlite, KeepsBytesAndTakesNoneForNull) {
  Connection connection = database(empty_folder() / "a.db");
  ASSERT_TRUE(connection.execute("CREATE TABLE t(x BLOB) STRICT").ok());
  Result<Statement> insert = connection.prepare("INSERT INTO t VALUES (?)");
  ASSERT_TRUE(insert.ok());
  const std::vector<float> floats{1.5F, 0, -2};
  ASSERT_TRUE(insert->bind(1, std::as_bytes(std::span(floats))).run().ok());
  ASSERT_TRUE(insert->bind(1, std::span<const std::byte>()).run().ok());
  EXPECT_EQ(value(connection, "SELECT count(*) FROM t WHERE x IS NULL"), "1");
  Result<Statement> rows = connection.prepare("SELECT x FROM t ORDER BY rowid");
  ASSERT_TRUE(*rows->step());
  EXPECT_TRUE(std::ranges::equal(rows->bytes(0), std::as_bytes(std::span(floats))));
  ASSERT_TRUE(*rows->step());
  EXPECT_TRUE(rows->bytes(0).empty());
}

TEST(Sqlite, SaysWhenAFileIsNoDatabase) {
  const std::filesystem::path path = empty_folder() / "a.db";
  std::ofstream(path) << std::string(5000, 'x');
  const Result<Connection> connection = Connection::open(path);
  ASSERT_FALSE(connection.ok());
  EXPECT_EQ(connection.error().code, ErrorCode::StudyCorrupt);
  EXPECT_EQ(to_text(connection.error()),
            "error: sqlite: file is not a database\n   at: " + path.string() +
                "\n  fix: restore the folder from a copy, or choose another output folder");
}

TEST(Sqlite, SaysWhenTheFileCannotBeOpened) {
  const std::filesystem::path path = empty_folder() / "missing" / "a.db";
  const Result<Connection> connection = Connection::open(path);
  ASSERT_FALSE(connection.ok());
  EXPECT_EQ(connection.error().code, ErrorCode::IoFailed);
  EXPECT_EQ(to_text(connection.error()),
            "error: sqlite: unable to open database file\n   at: " + path.string() +
                "\n  fix: choose an output folder you may write to");
}

TEST(Sqlite, SaysWhenAnotherProgramWrites) {
  const std::filesystem::path path = empty_folder() / "a.db";
  Connection first = database(path);
  Connection second = database(path);
  ASSERT_TRUE(second.execute("PRAGMA busy_timeout = 1").ok());
  Result<Transaction> writing = Transaction::begin(first);
  ASSERT_TRUE(writing.ok());
  const Result<Transaction> refused = Transaction::begin(second);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::IoFailed);
  EXPECT_EQ(refused.error().fix, "close the other program that writes to it");
}

}  // namespace
}  // namespace keel::study
