#include "tuner/kernel_cache/database.h"

#include <string>

#include "tuner/kernel_cache/time_table.h"

namespace keel::kernel_cache {
namespace {

constexpr const char* kApplicationId = "1801809515";  // "kenk" in ASCII, for file(1)

// The file appears whole: of a process that is killed on the way another file is left, which the
// next begins anew.
Status create(const std::filesystem::path& path) {
  const std::filesystem::path unfinished = path.string() + ".new";
  std::error_code code;
  std::filesystem::remove(unfinished, code);
  std::filesystem::remove(unfinished.string() + "-journal", code);
  {
    KEEL_TRY(study::Connection connection, study::Connection::open_alone(unfinished));
    KEEL_TRY(study::Transaction transaction, study::Transaction::begin(connection));
    KEEL_TRY_STATUS(
        connection.execute(time_table() + std::string("PRAGMA application_id = ") + kApplicationId +
                           "; PRAGMA user_version = " + std::to_string(kFormatVersion) + ";"));
    KEEL_TRY_STATUS(transaction.commit());
  }
  std::filesystem::rename(unfinished, path, code);
  if (code) return Error{ErrorCode::IoFailed, code.message(), path.string(), ""};
  return Done{};
}

}  // namespace

std::filesystem::path database_path(const std::filesystem::path& folder) {
  return folder / ("kernel_times-" + std::to_string(kFormatVersion) + ".db");
}

Result<study::Connection> open_database(const std::filesystem::path& folder) {
  const std::filesystem::path path = database_path(folder);
  std::error_code code;
  if (!std::filesystem::exists(path, code)) {
    KEEL_TRY_STATUS(create(path));
  }
  // SQLite takes an empty file for a new database; here it is one that lost its content.
  if (std::filesystem::file_size(path, code) == 0 && !code)
    return Error{ErrorCode::StudyCorrupt, "the file is empty", path.string(), ""};
  KEEL_TRY(study::Connection connection, study::Connection::open_alone(path));
  KEEL_TRY(const std::string id, connection.value("PRAGMA application_id"));
  if (id != kApplicationId)
    return Error{ErrorCode::StudyCorrupt, "the file was not made by keel", path.string(), ""};
  KEEL_TRY(const std::string version, connection.value("PRAGMA user_version"));
  if (version != std::to_string(kFormatVersion))
    return Error{ErrorCode::StudyCorrupt, "the file has format version " + version, path.string(),
                 ""};
  return connection;
}

}  // namespace keel::kernel_cache
