#pragma once

#include <span>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/base/tensor.h"
#include "profiler/device/device.h"

namespace keel::measure {

struct Options {
  int warm_up = 20;   ///< executions not counted, unless the device's time is deterministic
  int repeats = 100;  ///< executions counted, unless the device's time is deterministic
};

/// Latency samples of one program and their summary, in microseconds.
struct Latency {
  std::vector<double> samples_us;  ///< in order of measurement
  double median_us = 0;
  double min_us = 0;
  double p99_us = 0;
};

/// Median, minimum and 99th percentile (nearest rank). \pre samples is not empty
Latency summarise(std::vector<double> samples_us);

/// Times an executable: warm-up, then repeats; once and without warm-up on a deterministic device.
/// \pre options.warm_up >= 0, options.repeats >= 1
/// \error DeviceFailed  as Executable::time
Result<Latency> measure(const device::Device& device, device::Executable& executable,
                        std::span<const Tensor> inputs, const Options& options);

}  // namespace keel::measure
