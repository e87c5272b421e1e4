#include "profiler/simulator/kernel_times.h"

namespace keel::simulator {

Timeline KernelTimes::of(const program::Program& program) {
  std::vector<KernelTime> times;
  times.reserve(program.kernels.size());
  for (const program::Kernel& kernel : program.kernels) {
    auto found = known_.find(kernel.digest);
    if (found == known_.end())
      found = known_.emplace(kernel.digest, predict(soc_, program.graph, kernel)).first;
    times.push_back(found->second);
  }
  return in_turn(soc_, std::move(times));
}

}  // namespace keel::simulator
