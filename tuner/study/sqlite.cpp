#include "tuner/study/sqlite.h"

#include <sqlite3.h>

#include <limits>

namespace keel::study {
namespace {

// A reader outside keel may hold the database for a moment; a checkpoint of 1000 pages takes less.
constexpr int kBusyMilliseconds = 10'000;

Error error_of(sqlite3* connection) {
  const int extended = sqlite3_extended_errcode(connection);
  const char* file = sqlite3_db_filename(connection, "main");
  Error error{ErrorCode::IoFailed, std::string("sqlite: ") + sqlite3_errmsg(connection),
              file == nullptr ? "" : file,
              "free space on the disk or choose another output folder"};
  switch (extended & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
      return error;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      error.fix = "close the other program that writes to it";
      return error;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
      error.fix = "choose an output folder you may write to";
      return error;
    default:  // codes of SQLite, an open set: what is left says that the content is wrong
      error.code = ErrorCode::StudyCorrupt;
      error.fix = "restore the folder from a copy, or choose another output folder";
      return error;
  }
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement& Statement::bind(int parameter, std::int64_t value) {
  KEEL_CHECK(sqlite3_bind_int64(statement_.get(), parameter, value) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind(int parameter, double value) {
  KEEL_CHECK(sqlite3_bind_double(statement_.get(), parameter, value) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view value) {
  // A null pointer would bind NULL.
  const char* text = value.empty() ? "" : value.data();
  KEEL_CHECK(sqlite3_bind_text64(statement_.get(), parameter, text, value.size(), SQLITE_TRANSIENT,
                                 SQLITE_UTF8) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind(int parameter, std::span<const std::byte> value) {
  // A null pointer binds NULL.
  KEEL_CHECK(sqlite3_bind_blob64(statement_.get(), parameter, value.data(), value.size(),
                                 SQLITE_TRANSIENT) == SQLITE_OK);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return error_of(sqlite3_db_handle(statement_.get()));
}

Status Statement::run() {
  while (true) {
    Result<bool> row = step();
    if (row.ok() && *row) continue;
    reset();
    if (!row.ok()) return std::move(row).error();
    return Done{};
  }
}

// The code it returns repeats the failure of the last step.
void Statement::reset() { sqlite3_reset(statement_.get()); }

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL)
    return std::numeric_limits<double>::quiet_NaN();
  return sqlite3_column_double(statement_.get(), column);
}

std::string Statement::text(int column) const {
  const unsigned char* text = sqlite3_column_text(statement_.get(), column);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::span<const std::byte> Statement::bytes(int column) const {
  const void* blob = sqlite3_column_blob(statement_.get(), column);
  if (blob == nullptr) return {};
  return {static_cast<const std::byte*>(blob),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void Connection::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Result<Connection> Connection::open_as(const std::filesystem::path& path, int flags) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  Connection connection(handle);
  if (code != SQLITE_OK) {
    Error error = error_of(handle);
    error.where = path.string();
    return error;
  }
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  return connection;
}

Result<Connection> Connection::open_alone(const std::filesystem::path& path) {
  return open_as(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

Result<Connection> Connection::open_to_read(const std::filesystem::path& path) {
  // Not SQLITE_OPEN_READONLY: such a connection leaves the files of a write-ahead log behind.
  KEEL_TRY(Connection connection, open_as(path, SQLITE_OPEN_READWRITE));
  KEEL_TRY_STATUS(connection.execute("PRAGMA query_only = ON"));
  return connection;
}

Result<Connection> Connection::open(const std::filesystem::path& path) {
  KEEL_TRY(Connection connection, open_as(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
  // Where the file is write-protected SQLite falls back to reading.
  if (sqlite3_db_readonly(connection.connection_.get(), "main") == 1)
    return Error{ErrorCode::IoFailed, "the study database is write-protected", path.string(),
                 "make it writable, or choose an output folder you may write to"};
  KEEL_TRY(const std::string journal, connection.value("PRAGMA journal_mode = WAL"));
  if (journal != "wal")
    return Error{ErrorCode::IoFailed,
                 "the file system refuses a write-ahead log (journal mode '" + journal + "')",
                 path.string(), "choose an output folder on a local disk"};
  KEEL_TRY_STATUS(connection.execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON"));
  return connection;
}

Result<Statement> Connection::prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(connection_.get(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
    return error_of(connection_.get());
  return Statement(statement);
}

Status Connection::execute(const std::string& sql) {
  if (sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return error_of(connection_.get());
  return Done{};
}

Result<std::string> Connection::value(const std::string& sql) {
  KEEL_TRY(Statement statement, prepare(sql));
  KEEL_TRY(const bool row, statement.step());
  return row ? statement.text(0) : std::string();
}

void Transaction::Rollback::operator()(sqlite3* connection) const {
  // Fails only where SQLite has rolled back by itself.
  sqlite3_exec(connection, "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<Transaction> Transaction::begin(Connection& connection) {
  KEEL_TRY_STATUS(connection.execute("BEGIN IMMEDIATE"));
  return Transaction(connection.connection_.get());
}

Status Transaction::commit() {
  if (sqlite3_exec(open_.get(), "COMMIT", nullptr, nullptr, nullptr) != SQLITE_OK)
    return error_of(open_.get());
  static_cast<void>(open_.release());
  return Done{};
}

}  // namespace keel::study
