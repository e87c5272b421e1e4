#pragma once

#include <string>
#include <vector>

#include "tuner/report/kernel_row.h"
#include "tuner/report/profile.h"
#include "tuner/report/program_diff.h"

namespace keel::report {

/// One of two variants of a model.
struct ProfileSide {
  std::string variant;  ///< "force_fp16 on Ascend910B3, 3 of 95 nodes kept (keep.cfg)"
  double latency_us = 0;
};

/// Where two variants of a model differ in time. Differences are after - before, in microseconds.
struct ProfileDifference {
  ProfileSide before, after;
  double us = 0;
  TimeInterval interval;              ///< of `us`: what both have in common cancels
  std::vector<KernelChange> kernels;  ///< that have no equal in the other, the largest difference
                                      ///< first; casts that stand alone are among them

  /// Whether both are one program.
  bool is_empty() const { return kernels.empty(); }
  /// Whether which of them is faster is known in nine of ten cases.
  bool is_told_apart() const { return interval.lo_us > 0 || interval.hi_us < 0; }
};

/// Matches kernels that only one of the variants has, by their nodes.
ProfileDifference profile_difference(ProfileSide before, ProfileSide after, double us,
                                     TimeInterval interval,
                                     const std::vector<KernelRow>& only_before,
                                     const std::vector<KernelRow>& only_after);

/// How much longer the variant after takes on one kernel; less than 0: shorter.
double more_us(const KernelChange& change);

/// "the second list takes 4.0 us longer, in nine of ten cases 1.0 to 7.5 us" and whether that tells
/// them apart.
std::string verdict(const ProfileDifference& difference);

/// Both variants, the verdict, then aligned columns, and below a kernel what of it changes; no line
/// is longer than 120 columns where names are ASCII.
std::string difference_table(const ProfileDifference& difference);
/// Header line, a line of the total, which alone has an interval, then one line a kernel.
std::string difference_csv(const ProfileDifference& difference);
/// An object: difference_us, interval_us, told_apart, before, after, kernels.
std::string difference_json(const ProfileDifference& difference);

}  // namespace keel::report
