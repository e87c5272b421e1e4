#pragma once

#include <string>
#include <string_view>

#include "compiler/base/result.h"
#include "tuner/report/range_finding.h"

namespace keel::report {

/// A finding as a study keeps it: one line of JSON with every figure, numbers bit for bit. Bytes of
/// names that are not UTF-8 are replaced, as in every report.
std::string to_record(const RangeFinding& finding);

/// The inverse of to_record().
/// \error StudyCorrupt  the text is something else
Result<RangeFinding> range_finding_of(std::string_view record);

}  // namespace keel::report
