#include "profiler/calibration/measured_case.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "compiler/ir/text.h"
#include "profiler/simulator/timing.h"

namespace keel::calibration {
namespace {

double factor_of(const ascend::TimingParameters& timing, const std::string& signature) {
  const auto found =
      std::ranges::find(timing.corrections, signature, &ascend::TimingCorrection::signature);
  return found != timing.corrections.end() ? std::exp(found->log_factor) : 1;
}

double kernel_us(const ascend::Soc& soc, const CaseKernel& kernel) {
  return kernel.count * simulator::time_of(soc, kernel.work).total_us *
         factor_of(soc.timing, kernel.signature);
}

}  // namespace

Result<MeasuredCase> case_of(const ascend::Soc& soc, std::string id, std::string group,
                             double measured_us, const std::vector<std::string>& kernels) {
  MeasuredCase measured{std::move(id), std::move(group), measured_us, {}};
  for (const std::string& text : kernels) {
    Result<ir::Graph> graph = ir::parse(text);
    if (!graph.ok()) {
      Error error = graph.error();
      error.where = measured.id + ", " + error.where + " of\n" + text;
      return error;
    }
    KEEL_TRY(const program::Program program, program::lower(*std::move(graph)));
    MeasuredCase one = case_of(soc, "", "", 0, program);
    const int launches =
        std::accumulate(one.kernels.begin(), one.kernels.end(), 0,
                        [](int sum, const CaseKernel& kernel) { return sum + kernel.count; });
    if (launches != 1)
      return Error{ErrorCode::InvalidModel,
                   "a kernel of the case is " + std::to_string(launches) + " kernels", measured.id,
                   "put its nodes into one kernel_group"};
    measured.kernels.push_back(std::move(one.kernels[0]));
  }
  return measured;
}

MeasuredCase case_of(const ascend::Soc& soc, std::string id, std::string group, double measured_us,
                     const program::Program& program) {
  MeasuredCase measured{std::move(id), std::move(group), measured_us, {}, true};
  std::map<Digest, std::size_t> places;
  for (const program::Kernel& kernel : program.kernels) {
    if (kernel.kind == program::KernelClass::None) continue;
    const auto [place, is_new] = places.emplace(kernel.digest, measured.kernels.size());
    if (is_new) {
      measured.kernels.push_back({simulator::work_of(soc, program.graph, kernel),
                                  simulator::signature_of(program.graph, kernel)});
    } else {
      ++measured.kernels[place->second].count;
    }
  }
  return measured;
}

double predicted_us(const ascend::Soc& soc, const MeasuredCase& measured) {
  double us = measured.whole ? soc.timing.execution_us : 0;
  for (const CaseKernel& kernel : measured.kernels) us += kernel_us(soc, kernel);
  return us;
}

double roofline_us(const ascend::Soc& soc, const MeasuredCase& measured) {
  constexpr double kBytesPerMicrosecond = 1e3;  // of 1 GB/s
  double us = 0;
  for (const CaseKernel& kernel : measured.kernels)
    us += kernel.count *
          std::max(
              {kernel.work.cube_cycles / soc.cube_mhz, kernel.work.vector.total() / soc.vector_mhz,
               static_cast<double>(kernel.work.bytes) / soc.memory_gbs / kBytesPerMicrosecond});
  return us;
}

simulator::TimingClass main_class(const ascend::Soc& soc, const MeasuredCase& measured) {
  const auto longest = std::ranges::max_element(
      measured.kernels, {}, [&](const CaseKernel& kernel) { return kernel_us(soc, kernel); });
  return longest->work.timing_class;
}

std::vector<double> shares_of(const ascend::Soc& soc, const MeasuredCase& measured,
                              const std::vector<std::string>& signatures) {
  std::vector<double> shares(signatures.size());
  const double total_us = predicted_us(soc, measured);
  for (const CaseKernel& kernel : measured.kernels) {
    const auto place = std::ranges::lower_bound(signatures, kernel.signature);
    if (place != signatures.end() && *place == kernel.signature)
      shares[static_cast<std::size_t>(place - signatures.begin())] +=
          kernel_us(soc, kernel) / total_us;
  }
  return shares;
}

}  // namespace keel::calibration
