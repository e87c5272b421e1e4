#pragma once

#include <filesystem>

#include "compiler/base/result.h"
#include "compiler/program/result_memo.h"
#include "tuner/engine/options.h"
#include "tuner/engine/progress.h"
#include "tuner/report/result.h"
#include "tuner/search/rivals.h"

namespace keel::engine {

/// How a run ended; each has an exit code of its own.
enum class Ending { Done, RequirementsNotMet, NothingToSearch, Interrupted };

struct TuneReport {
  Ending ending = Ending::Done;
  report::TuneResult result;
  std::string why_nothing;          ///< for NothingToSearch
  report::CompilerCommand command;  ///< that the files are for
};

/// What a run knows of others of the same job.
struct Beside {
  program::ResultMemo* memo = nullptr;  ///< that they share; null: one of its own
  search::Rivals rivals = {};
};

/// What results that trials share may take, in bytes; 0: none are kept.
std::size_t memo_budget(const TuneOptions& options);

/// The whole job: load, reference, search, and every file of the report in options.output. The
/// same call resumes a study it finds there.
/// \error bad input, a study of another question, a device or disk failure
Result<TuneReport> tune(TuneOptions options, Progress& progress, const Beside& beside = {});

}  // namespace keel::engine
