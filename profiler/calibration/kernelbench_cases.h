#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "profiler/calibration/measured_case.h"

namespace keel::calibration {

/// A task of KernelBench's level 1 that is one ONNX operator. The measurements name the task, not
/// its shapes: those here are of the benchmark's first release. Tasks that an eager framework runs
/// as a sequence of kernels that is not known are left out.
struct KernelBenchCase {
  std::string_view name;             ///< "level1/19_ReLU"
  std::vector<std::string> kernels;  ///< texts of graphs
};
std::vector<KernelBenchCase> kernelbench_graphs();

/// Cases of the rows whose graph is known, grouped by what their kernels compute.
/// \param text  of kernelbench_level1_*.json: rows of model and latency_us
/// \error InvalidConfig  it is not JSON of that form
Result<std::vector<MeasuredCase>> kernelbench_cases(const ascend::Soc& soc, std::string_view text,
                                                    const std::string& file);

}  // namespace keel::calibration
