#pragma once

#include <span>
#include <vector>

#include "compiler/base/hash.h"
#include "compiler/base/result.h"
#include "profiler/simulator/kernel_times.h"
#include "tuner/study/sqlite.h"

namespace keel::kernel_cache {

/// The statement that makes the table.
const char* time_table();

/// All times of `model` (simulator::model_digest).
/// \error StudyCorrupt  a record does not have its checksum; what SQLite finds
/// \error IoFailed      the disk
Result<std::vector<simulator::KnownTime>> read_times(study::Connection& connection,
                                                     const Digest& model);

/// Adds times in one transaction; of kernels that are there, the first time stays.
/// \error StudyCorrupt, IoFailed  as above
Status add_times(study::Connection& connection, const Digest& model,
                 std::span<const simulator::KnownTime> times);

}  // namespace keel::kernel_cache
