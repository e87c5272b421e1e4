#pragma once

#include "profiler/device/device.h"

namespace keel::device {

/// A device that takes any program and any inputs, returns zeros of the declared types and takes no
/// time. What remains of a tuning run on it is the tuner's own cost.
Result<std::unique_ptr<Device>> open_null_device(const ascend::Soc& soc,
                                                 simulator::KernelTimes* times = nullptr);

}  // namespace keel::device
