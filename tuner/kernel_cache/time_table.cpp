#include "tuner/kernel_cache/time_table.h"

#include <array>
#include <bit>
#include <string>

namespace keel::kernel_cache {
namespace {

using simulator::KernelTime;
using simulator::KnownTime;

// A time as the table has it. The enumerators' numbers hold within one model, whose digest covers
// the code.
struct Row {
  std::array<double, 11> numbers{};
  std::int64_t bound = 0;
  std::int64_t timing_class = 0;
};

Row row_of(const KernelTime& time) {
  // Names every member, so that one more stops the build here.
  const auto& [launch, cube, vector, memory, relayout, total, bound, interval, error] = time;
  const auto& [timing_class, below, above, shared] = error;
  return {{launch, cube, vector, memory, relayout, total, interval.lo_us, interval.hi_us, below,
           above, shared},
          static_cast<std::int64_t>(bound),
          static_cast<std::int64_t>(timing_class)};
}

KernelTime time_of(const Row& row) {
  const auto& [launch, cube, vector, memory, relayout, total, lo, hi, below, above, shared] =
      row.numbers;
  return {launch,
          cube,
          vector,
          memory,
          relayout,
          total,
          static_cast<simulator::Bound>(row.bound),
          {lo, hi},
          {static_cast<simulator::TimingClass>(row.timing_class), below, above, shared}};
}

std::int64_t checksum(const Digest& model, const Digest& kernel, const Row& row) {
  Hasher hasher;
  hasher.add(model);
  hasher.add(kernel);
  // SQLite keeps -0.0 as 0.
  for (const double number : row.numbers) hasher.add(number == 0 ? 0.0 : number);
  hasher.add(static_cast<std::uint64_t>(row.bound));
  hasher.add(static_cast<std::uint64_t>(row.timing_class));
  return std::bit_cast<std::int64_t>(hasher.digest().low);
}

}  // namespace

const char* time_table() {
  return R"(
CREATE TABLE kernel_time(
  model TEXT NOT NULL, kernel_high INTEGER NOT NULL, kernel_low INTEGER NOT NULL,
  launch_us REAL NOT NULL, cube_us REAL NOT NULL, vector_us REAL NOT NULL, memory_us REAL NOT NULL,
  relayout_us REAL NOT NULL, total_us REAL NOT NULL, lo_us REAL NOT NULL, hi_us REAL NOT NULL,
  below_us REAL NOT NULL, above_us REAL NOT NULL, shared REAL NOT NULL,
  bound INTEGER NOT NULL, timing_class INTEGER NOT NULL, checksum INTEGER NOT NULL,
  PRIMARY KEY (model, kernel_high, kernel_low)) STRICT, WITHOUT ROWID;)";
}

Result<std::vector<KnownTime>> read_times(study::Connection& connection, const Digest& model) {
  KEEL_TRY(study::Statement rows,
           connection.prepare("SELECT kernel_high, kernel_low, launch_us, cube_us, vector_us, "
                              "memory_us, relayout_us, total_us, lo_us, hi_us, below_us, above_us, "
                              "shared, bound, timing_class, checksum "
                              "FROM kernel_time WHERE model = ?"));
  rows.bind(1, to_text(model));
  std::vector<KnownTime> times;
  std::size_t wrong = 0;
  while (true) {
    KEEL_TRY(const bool has_row, rows.step());
    if (!has_row) break;
    const Digest kernel{std::bit_cast<std::uint64_t>(rows.integer(0)),
                        std::bit_cast<std::uint64_t>(rows.integer(1))};
    Row row;
    int column = 2;
    for (double& number : row.numbers) number = rows.real(column++);
    row.bound = rows.integer(column++);
    row.timing_class = rows.integer(column++);
    if (rows.integer(column) == checksum(model, kernel, row)) {
      times.push_back({kernel, time_of(row)});
    } else {
      ++wrong;
    }
  }
  if (wrong == 0) return times;
  return Error{ErrorCode::StudyCorrupt,
               std::to_string(wrong) + " of " + std::to_string(wrong + times.size()) +
                   " records do not have their checksum",
               "", ""};
}

Status add_times(study::Connection& connection, const Digest& model,
                 std::span<const KnownTime> times) {
  KEEL_TRY(study::Transaction transaction, study::Transaction::begin(connection));
  KEEL_TRY(study::Statement insert,
           connection.prepare("INSERT OR IGNORE INTO kernel_time VALUES "
                              "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  insert.bind(1, to_text(model));
  for (const auto& [kernel, time] : times) {
    const Row row = row_of(time);
    insert.bind(2, std::bit_cast<std::int64_t>(kernel.high));
    insert.bind(3, std::bit_cast<std::int64_t>(kernel.low));
    int parameter = 4;
    for (const double number : row.numbers) insert.bind(parameter++, number);
    insert.bind(parameter++, row.bound);
    insert.bind(parameter++, row.timing_class);
    insert.bind(parameter, checksum(model, kernel, row));
    KEEL_TRY_STATUS(insert.run());
  }
  return transaction.commit();
}

}  // namespace keel::kernel_cache
