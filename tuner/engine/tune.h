#pragma once

#include <filesystem>

#include "compiler/base/result.h"
#include "tuner/engine/options.h"
#include "tuner/engine/progress.h"
#include "tuner/report/result.h"

namespace keel::engine {

/// How a run ended; each has an exit code of its own.
enum class Ending { Done, RequirementsNotMet, NothingToSearch, Interrupted };

struct TuneReport {
  Ending ending = Ending::Done;
  report::TuneResult result;
  std::string why_nothing;               ///< for NothingToSearch
  ascend::Cann cann = ascend::Cann::V8;  ///< that the files are for
};

/// The whole job: load, reference, search, and every file of the report in options.output. The
/// same call resumes a study it finds there.
/// \error bad input, a study of another question, a device or disk failure
Result<TuneReport> tune(TuneOptions options, Progress& progress);

}  // namespace keel::engine
