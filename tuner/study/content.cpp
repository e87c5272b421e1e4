#include "tuner/study/content.h"

#include <string>
#include <system_error>

#include "tuner/study/schema.h"

namespace keel::study {
namespace {

Error corrupt(std::string what) {
  return {ErrorCode::StudyCorrupt, std::move(what), "",
          "restore the folder from a copy, or choose another output folder"};
}

// Of one moment: everything is read within one transaction.
Result<Content> read_at_once(Connection& connection, Command& command) {
  KEEL_TRY_STATUS(connection.execute("BEGIN"));
  KEEL_TRY(const bool made, has_schema(connection));
  if (!made)
    return Error{ErrorCode::InvalidConfig, "the study holds nothing yet", "",
                 "wait until keel tune has started its search"};
  KEEL_TRY(Content content, read_content(connection));
  KEEL_TRY(command, read_command(connection));
  return content;
}

Result<Snapshot> read_between_marks(const std::filesystem::path& folder) {
  const std::filesystem::path mark_path = folder / "study.mark";
  KEEL_TRY(Connection connection, Connection::open_to_read(folder / "study.db"));
  // A run may append meanwhile: the first mark bounds the snapshot from below, the last from above.
  KEEL_TRY(const std::optional<Mark> before, read_mark(mark_path));
  Snapshot snapshot;
  KEEL_TRY(Content content, read_at_once(connection, snapshot.command));
  KEEL_TRY(const std::optional<Mark> after, read_mark(mark_path));
  if (before) {
    KEEL_TRY_STATUS(check_not_shorter(before, content));
  }
  KEEL_TRY_STATUS(check_not_longer(after, content));
  snapshot.head = std::move(content.head);
  snapshot.trials = std::move(content.trials.records);
  return snapshot;
}

}  // namespace

Result<Content> read_content(Connection& connection) {
  Content content;
  KEEL_TRY(content.head, read_head(connection));
  KEEL_TRY(content.trials, read_trials(connection, digest(content.head)));
  return content;
}

Status check_not_shorter(const std::optional<Mark>& mark, const Content& content) {
  const std::uint64_t count = content.trials.chain.size();
  // A crash between making the database and its first mark leaves no mark; trials come later.
  if (!mark)
    return count == 0
               ? Status(Done{})
               : Status(corrupt("study.mark is missing: whether trials were lost after the " +
                                std::to_string(count) + " in the database is unknown"));
  if (count < mark->trials)
    return corrupt("the database holds " + std::to_string(count) + " trials, its mark promises " +
                   std::to_string(mark->trials));
  const Digest expected =
      mark->trials == 0 ? digest(content.head) : content.trials.chain[mark->trials - 1];
  if (expected != mark->chain) return corrupt("the database and its mark are of different studies");
  return Done{};
}

Status check_not_longer(const std::optional<Mark>& mark, const Content& content) {
  const std::uint64_t count = content.trials.chain.size();
  // A crash between a commit and its mark leaves the trials of one append more. The first mark is
  // written before the first trial.
  const std::uint64_t marked = mark ? mark->trials : 0;
  if (count > (mark ? marked + kMostAppended : 0))
    return corrupt("the database holds " + std::to_string(count) + " trials, its mark only " +
                   std::to_string(marked));
  return Done{};
}

Result<Snapshot> read_study(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "study.db";
  std::error_code code;
  if (!std::filesystem::exists(path, code))
    return Error{ErrorCode::InvalidConfig, "there is no study in the folder", path.string(),
                 "give the folder that keel tune wrote to (its --output)"};
  Result<Snapshot> snapshot = read_between_marks(folder);
  if (snapshot.ok()) return snapshot;
  Error error = std::move(snapshot).error();
  if (error.where.empty()) error.where = path.string();
  return error;
}

}  // namespace keel::study
