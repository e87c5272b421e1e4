#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "compiler/base/result.h"
#include "tuner/report/result.h"

namespace keel::engine {

struct ExportOptions {
  std::filesystem::path study;         ///< the folder keel tune wrote to
  std::optional<std::uint64_t> trial;  ///< none: the recommended one
  std::filesystem::path output;
};

struct ExportedTrial {
  report::TuneResult result;
  std::uint64_t trial = 0;  ///< its number
};

/// Writes the files of one trial of a study: report::write_trial(). Reads nothing but the study,
/// and may run beside the keel tune that fills it.
/// \error InvalidConfig  no study there; no such trial, or one that failed; nothing to recommend
///     yet; the output is the study's own folder
/// \error StudyCorrupt, IoFailed  as study::read_study()
Result<ExportedTrial> export_trial(const ExportOptions& options);

}  // namespace keel::engine
