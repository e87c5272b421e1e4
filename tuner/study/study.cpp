#include "tuner/study/study.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>

#include "compiler/base/file.h"
#include "tuner/study/content.h"
#include "tuner/study/folder_lock.h"
#include "tuner/study/head.h"
#include "tuner/study/mark.h"
#include "tuner/study/schema.h"
#include "tuner/study/sqlite.h"
#include "tuner/study/trial_table.h"

namespace keel::study {

struct Study::State {
  FolderLock lock;  // first, so that it is released last
  std::filesystem::path mark_path;
  Connection connection;
  TrialWriter writer;
  std::size_t units;
  std::size_t metrics;
  std::vector<TrialRecord> trials;
  Digest chain;
  std::optional<Error> failure;  ///< of an append
};

namespace {

constexpr const char* kRestore = "restore the folder from a copy, or choose another output folder";

Error corrupt(std::string what) { return {ErrorCode::StudyCorrupt, std::move(what), "", kRestore}; }

Result<Content> load(Connection& connection, const std::optional<Mark>& mark, const Head& now) {
  KEEL_TRY(const bool made, has_schema(connection));
  if (!made && mark)
    return corrupt("the database is empty, its mark promises " + std::to_string(mark->trials) +
                   " trials");
  if (!made) {
    KEEL_TRY_STATUS(create_schema(connection, now));
  }
  KEEL_TRY(Content content, read_content(connection));
  KEEL_TRY_STATUS(check_not_shorter(mark, content));
  KEEL_TRY_STATUS(check_not_longer(mark, content));
  // Last: a damaged value must not be reported as another question.
  if (const std::string what = difference(content.head, now); !what.empty())
    return Error{ErrorCode::InvalidConfig, "the study answers another question: " + what, "",
                 "choose another output folder, or repeat the study's values"};
  KEEL_TRY_STATUS(update_reasons(connection, now.units));
  return content;
}

}  // namespace

Result<Study> Study::open(const std::filesystem::path& folder, const Question& question,
                          std::span<const UnitRecord> units,
                          std::span<const std::string> metric_names) {
  const std::filesystem::path path = folder / "study.db";
  const std::filesystem::path mark_path = folder / "study.mark";
  KEEL_TRY_STATUS(make_writable_folder(folder));
  KEEL_TRY(FolderLock lock, FolderLock::take(folder));
  KEEL_TRY(const std::optional<Mark> mark, read_mark(mark_path));
  KEEL_TRY(Connection connection, Connection::open(path));

  const Head now{
      question, {units.begin(), units.end()}, {metric_names.begin(), metric_names.end()}};
  Result<Content> loaded = load(connection, mark, now);
  if (!loaded.ok()) {
    Error error = std::move(loaded).error();
    if (error.where.empty()) error.where = path.string();
    return error;
  }
  Content content = *std::move(loaded);
  KEEL_TRY(TrialWriter writer, TrialWriter::make(connection));

  const TrialRows& rows = content.trials;
  const Digest chain = rows.chain.empty() ? digest(content.head) : rows.chain.back();
  const Mark current{rows.chain.size(), chain};
  if (mark != current) {
    KEEL_TRY_STATUS(write_mark(mark_path, current));
  }
  return Study(std::make_unique<State>(State{
      .lock = std::move(lock),
      .mark_path = mark_path,
      .connection = std::move(connection),
      .writer = std::move(writer),
      .units = units.size(),
      .metrics = metric_names.size(),
      .trials = std::move(content.trials.records),
      .chain = chain,
      .failure = std::nullopt,
  }));
}

Study::Study(std::unique_ptr<State> state) : state_(std::move(state)) {}
Study::~Study() = default;
Study::Study(Study&&) noexcept = default;
Study& Study::operator=(Study&&) noexcept = default;

std::span<const TrialRecord> Study::trials() const { return state_->trials; }

Status Study::set_command(const Command& command) {
  return write_command(state_->connection, command);
}

Result<Command> Study::command() const { return read_command(state_->connection); }

Status Study::append(TrialRecord record) {
  std::vector<TrialRecord> records;
  records.push_back(std::move(record));
  return append(std::move(records));
}

Status Study::append(std::vector<TrialRecord> records) {
  State& state = *state_;
  KEEL_CHECK(records.size() <= kMostAppended);
  if (state.failure) return *state.failure;

  Digest chain = state.chain;
  std::uint64_t count = state.trials.size();
  // The mark follows the commit: it must never promise what the database may not hold.
  const auto store = [&]() -> Status {
    KEEL_TRY(Transaction transaction, Transaction::begin(state.connection));
    for (TrialRecord& record : records) {
      KEEL_CHECK(record.trial.number == count);
      KEEL_CHECK(record.trial.assignment.size() == state.units);
      KEEL_CHECK(record.ranking.empty() || record.ranking.size() == state.metrics);
      KEEL_CHECK(record.validation.empty() || record.validation.size() == state.metrics);
      for (const MetricValues* ends : {&record.validation_lo, &record.validation_hi})
        KEEL_CHECK(ends->empty() || ends->size() == state.metrics);
      record = normalised(std::move(record));
      chain = chained(chain, record);
      KEEL_TRY_STATUS(state.writer.insert(record, chain));
      ++count;
    }
    KEEL_TRY_STATUS(transaction.commit());
    return write_mark(state.mark_path, {count, chain});
  };
  if (Status stored = store(); !stored.ok()) {
    state.failure = std::move(stored).error();
    return *state.failure;
  }
  std::move(records.begin(), records.end(), std::back_inserter(state.trials));
  state.chain = chain;
  return Done{};
}

}  // namespace keel::study
