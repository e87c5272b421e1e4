#pragma once

#include <string>
#include <vector>

#include "compiler/ascend/soc.h"
#include "compiler/base/result.h"
#include "compiler/program/program.h"
#include "profiler/simulator/kernel_work.h"

namespace keel::calibration {

/// One kernel of a case, as the predictor sees it.
struct CaseKernel {
  simulator::KernelWork work;
  std::string signature;
  int count = 1;  ///< of equal ones
};

/// A measured time and the kernels that took it: an operator of the vendor's library, or a whole
/// compiled model.
struct MeasuredCase {
  std::string id;     ///< unique among all cases
  std::string group;  ///< what is left out together: the operator, the model
  double measured_us = 0;
  std::vector<CaseKernel> kernels;  ///< in the order of their first launch
  bool whole = false;  ///< a program: the time of one execution, not of its kernels alone
};

/// A case of kernels that are each the text of a graph.
/// \error InvalidModel  a text is no graph, or is more than one kernel
Result<MeasuredCase> case_of(const ascend::Soc& soc, std::string id, std::string group,
                             double measured_us, const std::vector<std::string>& kernels);

/// A case of a whole compiled program: what a row of a measured model becomes.
MeasuredCase case_of(const ascend::Soc& soc, std::string id, std::string group, double measured_us,
                     const program::Program& program);

/// What the predictor gives for a case, in microseconds: the sum over its kernels of time_of() and
/// the correction of their signature, and what an execution costs of a whole program.
double predicted_us(const ascend::Soc& soc, const MeasuredCase& measured);

/// The same of a plain roofline: the larger of products at the peak rate and bytes at that of the
/// memory, nothing fitted.
double roofline_us(const ascend::Soc& soc, const MeasuredCase& measured);

/// The class of the kernel that takes most of a case.
simulator::TimingClass main_class(const ascend::Soc& soc, const MeasuredCase& measured);

/// Share of the predicted time that kernels of each signature take, in the order of `signatures`.
std::vector<double> shares_of(const ascend::Soc& soc, const MeasuredCase& measured,
                              const std::vector<std::string>& signatures);

}  // namespace keel::calibration
