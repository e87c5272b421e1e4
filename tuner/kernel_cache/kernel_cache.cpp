#include "tuner/kernel_cache/kernel_cache.h"

#include <string>

#include "tuner/kernel_cache/database.h"
#include "tuner/kernel_cache/file_lock.h"
#include "tuner/kernel_cache/time_table.h"

namespace keel::kernel_cache {
namespace {

namespace fs = std::filesystem;
using simulator::KnownTime;

constexpr std::chrono::seconds kPatience{10};  // others hold the lock for milliseconds

Error not_cached(const Error& why, const fs::path& path) {
  return {ErrorCode::IoFailed, "kernel times are not cached: " + why.what, path.string(),
          "choose a folder with free space that you may write to, or leave out --kernel_cache"};
}

// Renames what cannot be believed, and says so. \pre nobody has it open
Error set_aside(const fs::path& path, const Error& why) {
  const fs::path aside = path.string() + ".damaged";
  Error warning{ErrorCode::StudyCorrupt, "the kernel cache is damaged: " + why.what, path.string(),
                "delete " + aside.string() + " once you know why; a new cache is made"};
  std::error_code code;
  fs::rename(path, aside, code);
  if (code) warning.fix = "delete the file, or choose another folder: it cannot be renamed";
  fs::remove(path.string() + "-journal", code);  // of the old file
  return warning;
}

// Opens the database of a locked folder and hands it to `use`.
template <class Use>
Status with_database(const fs::path& folder, Use use) {
  KEEL_TRY(study::Connection connection, open_database(folder));
  return use(connection);
}

template <class Use>
std::vector<Error> use_cache(const fs::path& folder, Use use) {
  const fs::path path = database_path(folder);
  std::error_code code;
  fs::create_directories(folder, code);  // where it fails, so does the lock
  const Result<FileLock> lock = FileLock::take(folder / "kernel_times.lock", kPatience);
  if (!lock.ok()) return {not_cached(lock.error(), path)};
  const Status first = with_database(folder, use);
  if (first.ok()) return {};
  if (first.error().code != ErrorCode::StudyCorrupt) return {not_cached(first.error(), path)};
  std::vector<Error> warnings = {set_aside(path, first.error())};
  const Status second = with_database(folder, use);
  if (!second.ok()) warnings.push_back(not_cached(second.error(), path));
  return warnings;
}

}  // namespace

Cached read(const fs::path& folder, const Digest& model) {
  Cached cached;
  cached.warnings = use_cache(folder, [&](study::Connection& connection) -> Status {
    KEEL_TRY(cached.times, read_times(connection, model));
    return Done{};
  });
  return cached;
}

std::vector<Error> add(const fs::path& folder, const Digest& model,
                       std::span<const KnownTime> times) {
  return use_cache(
      folder, [&](study::Connection& connection) { return add_times(connection, model, times); });
}

}  // namespace keel::kernel_cache
