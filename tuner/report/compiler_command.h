#pragma once

#include "compiler/base/result.h"
#include "tuner/report/result.h"

namespace keel::report {

/// What a study keeps of a command: all but what belongs to one variant. Options that were passed
/// on have names that start with "--", files that were evaluated with "file of --".
study::Command to_record(const CompilerCommand& command);

/// The release of CANN a record was made for; that of CompilerCommand{} where it names none.
/// \error StudyCorrupt  it names one this keel does not know
Result<ascend::Cann> cann_of(const study::Command& record);

/// The inverse of to_record().
/// \error StudyCorrupt  a name is missing or unknown
Result<CompilerCommand> compiler_command_of(const study::Command& record);

}  // namespace keel::report
