#include "tuner/engine/profile.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "profiler/simulator/known_figures.h"
#include "profiler/simulator/memory_time.h"
#include "profiler/simulator/timing.h"
#include "tuner/engine/cached_times.h"
#include "tuner/engine/kernel_row.h"
#include "tuner/engine/operations.h"
#include "tuner/engine/roofs.h"
#include "tuner/engine/target.h"

namespace keel::engine {
namespace {

using program::Kernel;
using program::Program;

/// A variant with the times of its kernels.
struct Timed {
  Target target;
  Program program;
  simulator::Timeline timeline;
  std::vector<Error> warnings;
};

Result<Timed> predict(const ModelOptions& options) {
  KEEL_TRY(Target target, open_target(options, options.samples));
  KEEL_TRY_STATUS(simulator::check_predictable(target.soc));
  KEEL_TRY(Program program, target.prepared.compile(target.precisions(target.owners_variant())));
  CachedTimes cached(target.soc, options.kernel_cache);
  simulator::Timeline timeline = cached.times().of(program);
  CachedTimes::Remarks remarks = cached.keep();
  std::ranges::move(remarks.notes, std::back_inserter(target.notes));
  std::vector<Error> warnings = target.warnings;
  std::ranges::move(remarks.warnings, std::back_inserter(warnings));
  if (std::optional<Error> warning = simulator::extrapolation_warning(target.soc))
    warnings.push_back(*std::move(warning));
  return Timed{std::move(target), std::move(program), std::move(timeline), std::move(warnings)};
}

report::TimeInterval interval(const simulator::Interval& of) { return {of.lo_us, of.hi_us}; }

std::vector<report::TensorFacts> tensors(const ir::Graph& graph,
                                         const std::vector<ir::ValueId>& values) {
  std::vector<report::TensorFacts> facts;
  for (const ir::ValueId value : values)
    if (is_data(graph[value])) facts.push_back({graph[value].type.shape, graph[value].type.dtype});
  return facts;
}

report::ProfiledKernel profiled(const Timed& timed, std::size_t k) {
  const ir::Graph& graph = timed.program.graph;
  const Kernel& kernel = timed.program.kernels[k];
  const simulator::KernelTime& time = timed.timeline.kernels[k];
  report::ProfiledKernel result;
  result.row = kernel_row(timed.target, timed.program, kernel, time);
  result.interval = interval(time.interval);
  result.inputs = tensors(graph, kernel.reads);
  result.outputs = tensors(graph, kernel.writes);
  if (!result.is_launched()) return result;  // it renames extents where they are
  result.bytes_read = simulator::bytes_read(graph, kernel);
  result.bytes_written = simulator::bytes_written(graph, kernel);
  result.operations = operations(graph, kernel);
  return result;
}

// Rows of the kernels that the other program has no equal of.
std::vector<report::KernelRow> rows_only_in(const Timed& timed, const Program& other) {
  std::map<Digest, int> shared;
  for (const Kernel& kernel : other.kernels) ++shared[kernel.digest];
  std::vector<report::KernelRow> rows;
  for (std::size_t k = 0; k < timed.program.kernels.size(); ++k) {
    const Kernel& kernel = timed.program.kernels[k];
    if (shared[kernel.digest]-- > 0) continue;
    rows.push_back(kernel_row(timed.target, timed.program, kernel, timed.timeline.kernels[k]));
  }
  return rows;
}

report::ProfileSide side(const Timed& timed, const ModelOptions& options) {
  return {with_list(timed.target.describe(), options), timed.timeline.total_us};
}

}  // namespace

Result<View<report::Profile>> profile(const ModelOptions& options) {
  KEEL_TRY(const Timed timed, predict(options));
  const ascend::Soc& soc = timed.target.soc;
  report::Profile profile;
  profile.variant = timed.target.describe();
  profile.latency_us = timed.timeline.total_us;
  profile.execution_us = timed.timeline.execution_us;
  profile.interval = interval(timed.timeline.interval);
  for (const ir::NodeId id : timed.program.graph.nodes())
    if (is_inserted_cast(timed.program.graph[id])) ++profile.casts;
  profile.has_split_cores = soc.cube_cores != soc.vector_cores;  // as compiling tells them apart
  profile.compute_roofs = compute_roofs(soc, timed.program);
  profile.memory_roofs = memory_roofs(soc);
  for (std::size_t k = 0; k < timed.program.kernels.size(); ++k)
    profile.kernels.push_back(profiled(timed, k));
  return View<report::Profile>{std::move(profile), timed.target.notes, timed.warnings};
}

Result<View<report::ProfileDifference>> compare(const ModelOptions& options,
                                                const std::filesystem::path& other) {
  ModelOptions options_after = options;
  options_after.keep_dtype = other;
  KEEL_TRY(const Timed before, predict(options));
  KEEL_TRY(const Timed after, predict(options_after));
  const simulator::TimeDifference longer =
      simulator::difference(before.target.soc, after.program, before.program);
  View<report::ProfileDifference> result{
      report::profile_difference(side(before, options), side(after, options_after), longer.us,
                                 interval(longer.interval), rows_only_in(before, after.program),
                                 rows_only_in(after, before.program)),
      before.target.notes, before.warnings};
  add_remarks(result, after.target.notes, after.warnings);
  return result;
}

}  // namespace keel::engine
