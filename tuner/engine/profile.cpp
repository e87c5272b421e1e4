#include "tuner/engine/profile.h"

#include "profiler/simulator/known_figures.h"
#include "profiler/simulator/timing.h"
#include "tuner/engine/kernel_row.h"
#include "tuner/engine/target.h"

namespace keel::engine {

Result<ProfiledModel> profile(const ModelOptions& options) {
  KEEL_TRY(const Target target, open_target(options, std::nullopt));
  KEEL_TRY_STATUS(simulator::check_predictable(target.soc));
  KEEL_TRY(const program::Program program,
           target.prepared.compile(target.precisions(target.owners_variant())));
  const simulator::Timeline timeline = simulator::predict(target.soc, program);

  ProfiledModel result;
  result.notes = target.notes;
  result.warnings = target.warnings;
  if (std::optional<Error> warning = simulator::extrapolation_warning(target.soc))
    result.warnings.push_back(*std::move(warning));
  result.profile.variant = target.describe();
  result.profile.latency_us = timeline.total_us;
  for (const ir::NodeId id : program.graph.nodes())
    if (is_inserted_cast(program.graph[id])) ++result.profile.casts;
  for (std::size_t k = 0; k < program.kernels.size(); ++k)
    result.profile.kernels.push_back(
        kernel_row(target, program, program.kernels[k], timeline.kernels[k]));
  return result;
}

}  // namespace keel::engine
