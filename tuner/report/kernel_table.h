#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tuner/report/kernel_row.h"

namespace keel::report {

/// A compiled variant and where its time goes.
struct Profile {
  std::string variant;    ///< "force_fp16 on Ascend910B3, 3 of 95 nodes kept"
  double latency_us = 0;  ///< of all kernels, one after the other
  std::size_t casts = 0;  ///< that the compiler inserted, those inside other kernels included
  std::vector<KernelRow> kernels;  ///< in launch order
};

/// Two lines of summary, then aligned columns with a header; no line is longer than 120 columns
/// where names are ASCII: of several nodes or types the first is shown and how many more there are.
std::string profile_table(const Profile& profile);
/// Header line, then one line a kernel; lists are joined by spaces.
std::string profile_csv(const Profile& profile);
/// An object: latency_us, kernels, then the rest.
std::string profile_json(const Profile& profile);

}  // namespace keel::report
