#include "tuner/engine/front_steps.h"

#include "profiler/simulator/timing.h"

namespace keel::engine {

Result<std::vector<report::FrontStep>> front_steps(const Target& target,
                                                   std::span<const study::TrialRecord> trials,
                                                   std::span<const std::uint64_t> front) {
  std::vector<report::FrontStep> steps;
  program::Program before;
  for (std::size_t i = 0; i < front.size(); ++i) {
    const search::Assignment& assignment = trials[front[i]].trial.assignment;
    KEEL_TRY(program::Program program, target.prepared.compile(target.precisions(assignment)));
    if (i > 0) {
      const simulator::TimeDifference longer = simulator::difference(target.soc, program, before);
      steps.push_back(
          {front[i - 1], front[i], longer.us, longer.interval.lo_us, longer.interval.hi_us});
    }
    before = std::move(program);
  }
  return steps;
}

}  // namespace keel::engine
