#pragma once

#include <string>

#include "tuner/report/profile.h"

namespace keel::report {

/// Three lines of summary, then aligned columns with a header; no line is longer than 120 columns
/// where names are ASCII: of several nodes or types the first is shown and how many more there are.
/// Shares of launch, cube, vector unit and memory are of the time of their kernel: the units
/// overlap, so that they may add up to more than 100 %.
std::string profile_table(const Profile& profile);
/// Header line, then one line a kernel; lists are joined by spaces.
std::string profile_csv(const Profile& profile);
/// An object: latency_us, interval_us, kernels, then the rest.
std::string profile_json(const Profile& profile);

}  // namespace keel::report
