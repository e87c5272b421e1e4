#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "compiler/base/result.h"
#include "tuner/report/profile.h"

namespace keel::report {

/// `op_summary.csv`: a line a launched kernel, in the columns that the vendor's profiler writes
/// for the chip, one set where cube and vector unit are cores of their own and one where they are
/// not. What the timing model does not know is N/A, as the profiler writes it; times and ratios
/// have its three decimals.
/// \par Source  op_summary of msprof, --aic-metrics=PipeUtilization (CANN 8)
std::string op_summary_csv(const Profile& profile);

/// `trace.json`: Chrome's trace event format, which Perfetto reads too. Complete events in
/// microseconds on four rows: launch, then side by side cube, vector unit and memory.
std::string trace_json(const Profile& profile);

/// `roofline.svg`: operations a second against operations a byte, both logarithmic; a dot a kernel
/// that computes, its area the time. Its colours follow the browser's scheme, light or dark.
std::string roofline_svg(const Profile& profile);

/// A file about a profile.
struct ProfileFile {
  std::string_view name;
  std::string (*text)(const Profile& profile);
};
std::span<const ProfileFile> profile_files();

/// Writes all of them into `folder`, each atomically.
/// \error IoFailed  the folder cannot be made or written
Status write_profile(const std::filesystem::path& folder, const Profile& profile);

}  // namespace keel::report
