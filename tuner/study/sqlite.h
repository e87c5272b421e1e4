#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "compiler/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace keel::study {

/// A prepared statement. Parameters count from 1 and columns from 0, as in SQLite.
/// Lives no longer than its Connection.
class Statement {
 public:
  /// The same parameters stay bound after reset(). NaN is bound as NULL.
  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, double value);
  Statement& bind(int parameter, std::string_view value);
  Statement& bind(int parameter, std::span<const std::byte> value);  ///< empty: NULL

  /// True: a row is there to read. False: there is none left.
  Result<bool> step();

  /// Steps to the end and resets.
  Status run();

  void reset();

  /// \pre the last step() returned true. Texts are copied; NULL reads as 0, NaN and "".
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  std::span<const std::byte> bytes(int column) const;  ///< until the next step(); of NULL none

 private:
  friend class Connection;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// A database file. Errors of SQLite become IoFailed where the disk or another process is to blame
/// and StudyCorrupt where the content is.
class Connection {
 public:
  /// Opens or makes the file with a write-ahead log, and syncs the log at every commit.
  /// \error IoFailed      it cannot be opened for writing
  /// \error StudyCorrupt  it is not a database
  static Result<Connection> open(const std::filesystem::path& path);

  /// Opens or makes the file with a journal that is gone after each commit, for a caller that keeps
  /// all others away while it is open. Where the file is write-protected it can be read.
  /// \error IoFailed  it cannot be opened
  static Result<Connection> open_alone(const std::filesystem::path& path);

  /// Opens a file that is there, beside whatever else has it open, and never changes its content;
  /// closing may fold a write-ahead log that nobody else uses into the file.
  /// \error IoFailed  it cannot be opened, or its folder is write-protected: reading beside a
  /// writer
  ///     needs a file there
  static Result<Connection> open_to_read(const std::filesystem::path& path);

  Result<Statement> prepare(const std::string& sql);

  /// One or more statements without rows.
  Status execute(const std::string& sql);

  /// The first column of the first row of a query that has one, such as a pragma.
  Result<std::string> value(const std::string& sql);

 private:
  friend class Transaction;
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  explicit Connection(sqlite3* connection) : connection_(connection) {}
  static Result<Connection> open_as(const std::filesystem::path& path, int flags);
  std::unique_ptr<sqlite3, Close> connection_;
};

/// Everything executed until commit() reaches the disk together; without commit() nothing does.
class Transaction {
 public:
  static Result<Transaction> begin(Connection& connection);
  Status commit();

 private:
  struct Rollback {
    void operator()(sqlite3* connection) const;
  };
  explicit Transaction(sqlite3* connection) : open_(connection) {}
  std::unique_ptr<sqlite3, Rollback> open_;
};

}  // namespace keel::study
