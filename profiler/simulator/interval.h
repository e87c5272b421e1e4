#pragma once

#include <span>

#include "compiler/ascend/timing_parameters.h"
#include "profiler/simulator/kernel_work.h"

namespace keel::simulator {

/// Where a measured time lies in nine of ten cases, in microseconds.
struct Interval {
  double lo_us = 0;
  double hi_us = 0;
};

/// How far a measured time may be from a predicted one.
struct KernelError {
  TimingClass timing_class = TimingClass::Elementwise;
  double below_us = 0;  ///< the 5 % quantile is this much below the prediction
  double above_us = 0;  ///< the 95 % quantile is this much above it
  double shared = 0;    ///< share of the variance that all kernels of the class have in common
};

/// The error of a kernel that is predicted to take `total_us`. 0 where no error of the class is
/// known.
///
/// \param measured  kernels of its signature were measured
/// \par Source      quantiles of cross-validated residuals, in TimingParameters::errors: left out
///                  by cases where it was measured, by whole operators where it was not
KernelError error_of(const ascend::TimingParameters& timing, TimingClass timing_class,
                     bool measured, double total_us);

/// The interval of the sum of kernels in `added` minus the sum of those in `subtracted`, which are
/// not the same kernels. What kernels of a class have in common adds up, with its sign, and does
/// not average out over them; the rest, and different classes, are independent: their squares add.
Interval interval_of(double total_us, std::span<const KernelError> added,
                     std::span<const KernelError> subtracted = {});

}  // namespace keel::simulator
