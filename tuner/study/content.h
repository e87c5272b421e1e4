#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "tuner/study/head.h"
#include "tuner/study/mark.h"
#include "tuner/study/sqlite.h"
#include "tuner/study/trial_table.h"

namespace keel::study {

/// What a database holds, every hash checked.
struct Content {
  Head head;
  TrialRows trials;
};

/// \pre has_schema()
/// \error StudyCorrupt  rows are missing or changed
Result<Content> read_content(Connection& connection);

/// \error StudyCorrupt  the content is shorter than the mark promises, or of another study
Status check_not_shorter(const std::optional<Mark>& mark, const Content& content);

/// \error StudyCorrupt  the content is longer than a crash between a commit and its mark explains
Status check_not_longer(const std::optional<Mark>& mark, const Content& content);

/// A study as it was at one moment.
struct Snapshot {
  Head head;
  std::vector<TrialRecord> trials;
  Command command;
};

/// Reads the study in `folder` and changes nothing of its content; also while a run has it open.
/// \error InvalidConfig  there is none, or one of another schema version
/// \error StudyCorrupt   as Study::open
/// \error IoFailed       the disk failed
Result<Snapshot> read_study(const std::filesystem::path& folder);

}  // namespace keel::study
