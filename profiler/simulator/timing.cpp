#include "profiler/simulator/timing.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "compiler/base/check.h"
#include "profiler/simulator/known_figures.h"
#include "profiler/simulator/memory_time.h"

namespace keel::simulator {
namespace {

using program::Kernel;
using program::KernelClass;

// The terms of the model that depend on the class of a kernel.
struct ClassTerms {
  double launch_us;
  double overlap;
  double l2_efficiency;
};

ClassTerms terms_of(const ascend::TimingParameters& t, TimingClass timing_class) {
  switch (timing_class) {
    case TimingClass::Elementwise:
    case TimingClass::Cast:
      return {t.vector_launch_us, t.vector_overlap, t.l2_efficiency};
    case TimingClass::Rows:
    case TimingClass::Window:
      return {t.row_launch_us, t.row_overlap, t.l2_efficiency};
    case TimingClass::Layout:
      return {t.layout_launch_us, t.vector_overlap, t.l2_efficiency};
    case TimingClass::Index:
      return {t.index_launch_us, t.vector_overlap, t.l2_efficiency};
    case TimingClass::Cube:
    case TimingClass::Depthwise:
    case TimingClass::Recurrent:
      return {t.launch_us, t.cube_overlap, t.cube_l2_efficiency};
    case TimingClass::Mixed:
      return {t.mixed_launch_us, t.cube_overlap, t.cube_l2_efficiency};
  }
  KEEL_CHECK(false);
}

double cube_efficiency_of(const ascend::TimingParameters& t, const KernelWork& work) {
  if (work.timing_class == TimingClass::Depthwise) return t.depthwise_efficiency;
  return t.cube_efficiency * (work.conv.grouped ? t.grouped_efficiency : 1) *
         (work.conv.along_a_line ? t.line_efficiency : 1) *
         (work.conv.of_few_channels ? t.few_channels_efficiency : 1);
}

double vector_cycles_of(const ascend::TimingParameters& t, const VectorWork& work) {
  return work.plain / t.vector_efficiency + work.activation / t.activation_efficiency +
         work.softmax / t.softmax_efficiency + work.norm / t.norm_efficiency +
         work.channel_norm / t.channel_norm_efficiency;
}

// The (1 + overlap)-norm; scaled by the largest, as the powers would overflow.
double norm(double a, double b, double c, double overlap) {
  const double largest = std::max({a, b, c});
  if (largest == 0) return 0;
  const double p = 1 + overlap;
  return largest *
         std::pow(std::pow(a / largest, p) + std::pow(b / largest, p) + std::pow(c / largest, p),
                  1 / p);
}

Bound bound_of(const KernelTime& time, double busy_us) {
  if (time.launch_us >= busy_us) return Bound::Launch;
  if (time.memory_us >= std::max(time.cube_us, time.vector_us)) return Bound::Memory;
  return time.cube_us >= time.vector_us ? Bound::Cube : Bound::Vector;
}

KernelTime corrected(const ascend::Soc& soc, const KernelWork& work, std::string_view signature) {
  KernelTime time = time_of(soc, work);
  const auto found =
      std::ranges::find(soc.timing.corrections, signature, &ascend::TimingCorrection::signature);
  const bool measured = found != soc.timing.corrections.end();
  if (measured) {
    const double factor = std::exp(found->log_factor);
    for (double* us : {&time.launch_us, &time.cube_us, &time.vector_us, &time.memory_us,
                       &time.relayout_us, &time.total_us})
      *us *= factor;
  }
  time.error = error_of(soc.timing, work.timing_class, measured, time.total_us);
  time.interval = interval_of(time.total_us, {&time.error, 1});
  return time;
}

double memory_us_of(const ascend::Soc& soc, const KernelWork& work, double l2_efficiency) {
  const ascend::TimingParameters& t = soc.timing;
  const double far = far_bytes(soc, work.bytes, work.weight_bytes);
  const bool in_rows =
      work.timing_class == TimingClass::Rows || work.timing_class == TimingClass::Window;
  const double far_us = far_transfer_us(soc, far) / (in_rows ? t.row_memory_gain : 1);
  const double near = static_cast<double>(work.bytes) + work.bytes_again - far;
  const double moved_us =
      norm(cached_transfer_us(soc, near, l2_efficiency), far_us, 0, t.memory_overlap);
  return moved_us / (work.strided ? t.transpose_share : 1) +
         (work.gathered * t.gather_cycles + work.copied * t.copy_cycles) / soc.vector_mhz;
}

}  // namespace

std::string_view name(Bound bound) {
  switch (bound) {
    case Bound::Cube:
      return "cube";
    case Bound::Vector:
      return "vector";
    case Bound::Memory:
      return "memory";
    case Bound::Launch:
      return "launch";
  }
  KEEL_CHECK(false);
}

KernelTime time_of(const ascend::Soc& soc, const KernelWork& work) {
  const ascend::TimingParameters& t = soc.timing;
  const ClassTerms terms = terms_of(t, work.timing_class);
  const double cube_efficiency = cube_efficiency_of(t, work);
  const bool fused =
      work.timing_class == TimingClass::Cube || work.timing_class == TimingClass::Depthwise;
  KernelTime time;
  time.launch_us = terms.launch_us + t.tensor_us * work.streams + t.step_us * work.steps;
  time.cube_us = ((work.cube_cycles + t.fill_share * work.fill_cycles) / cube_efficiency +
                  work.blocks * t.block_cycles) /
                 soc.cube_mhz;
  time.vector_us = (vector_cycles_of(t, work.vector) / (fused ? t.fused_efficiency : 1) +
                    work.rows * t.row_cycles) /
                   soc.vector_mhz;
  time.memory_us = memory_us_of(soc, work, terms.l2_efficiency);
  time.relayout_us = work.relayouts * t.layout_launch_us +
                     cached_transfer_us(soc, 2 * work.relayout_bytes, t.l2_efficiency);
  const double busy_us = work.timing_class == TimingClass::Recurrent
                             ? norm(time.cube_us + time.vector_us, 0, time.memory_us, terms.overlap)
                             : norm(time.cube_us, time.vector_us, time.memory_us, terms.overlap);
  time.total_us = time.launch_us + busy_us + time.relayout_us;
  time.bound = bound_of(time, busy_us);
  return time;
}

KernelTime predict(const ascend::Soc& soc, const ir::Graph& graph, const Kernel& kernel) {
  KEEL_CHECK(missing_figure(soc) == nullptr);
  if (kernel.kind == KernelClass::None) return {};
  return corrected(soc, work_of(soc, graph, kernel), signature_of(graph, kernel));
}

Timeline predict(const ascend::Soc& soc, const program::Program& program) {
  std::vector<KernelTime> kernels;
  kernels.reserve(program.kernels.size());
  for (const Kernel& kernel : program.kernels)
    kernels.push_back(predict(soc, program.graph, kernel));
  return in_turn(soc, std::move(kernels));
}

Timeline in_turn(const ascend::Soc& soc, std::vector<KernelTime> kernels) {
  Timeline timeline;
  timeline.total_us = timeline.execution_us = soc.timing.execution_us;
  std::vector<KernelError> errors;
  errors.reserve(kernels.size());
  for (const KernelTime& kernel : kernels) {
    timeline.total_us += kernel.total_us;
    errors.push_back(kernel.error);
  }
  timeline.interval = interval_of(timeline.total_us, errors);
  timeline.kernels = std::move(kernels);
  return timeline;
}

double cast_us(const ascend::Soc& soc, std::int64_t elements, DType from, DType to) {
  KEEL_CHECK(missing_figure(soc) == nullptr);
  return corrected(soc, cast_work(soc, elements, from, to), "Cast").total_us;
}

TimeDifference difference(const ascend::Soc& soc, const program::Program& first,
                          const program::Program& second) {
  std::map<Digest, int> only_in_first;  // negative: only in second
  for (const Kernel& kernel : first.kernels) ++only_in_first[kernel.digest];
  for (const Kernel& kernel : second.kernels) --only_in_first[kernel.digest];
  TimeDifference result;
  std::vector<KernelError> added;
  std::vector<KernelError> subtracted;
  for (const Kernel& kernel : first.kernels) {
    int& left = only_in_first[kernel.digest];
    if (left <= 0) continue;
    --left;
    const KernelTime time = predict(soc, first.graph, kernel);
    result.us += time.total_us;
    added.push_back(time.error);
  }
  for (const Kernel& kernel : second.kernels) {
    int& left = only_in_first[kernel.digest];
    if (left >= 0) continue;
    ++left;
    const KernelTime time = predict(soc, second.graph, kernel);
    result.us -= time.total_us;
    subtracted.push_back(time.error);
  }
  result.interval = interval_of(result.us, added, subtracted);
  return result;
}

}  // namespace keel::simulator
