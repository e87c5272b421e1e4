#pragma once

#include "profiler/device/device.h"

namespace keel::device {

/// A simulated NPU: values as the host kernels compute them under the SoC's overflow rule, time as
/// keel::simulator predicts it. Times are equal on every run and every machine.
///
/// load() refuses a program that the SoC would compute otherwise than the graph says: bf16 tensors
/// or products in a format its cube does not have.
/// \error Unsupported  the time of nothing can be predicted on this SoC: a figure of it is unknown
Result<std::unique_ptr<Device>> open_npu_sim(const ascend::Soc& soc,
                                             simulator::KernelTimes* times = nullptr);

}  // namespace keel::device
