#include "profiler/simulator/kernel_times.h"

#include <tbb/parallel_for.h>

#include <algorithm>

namespace keel::simulator {

KernelTimes::KernelTimes(ascend::Soc soc, std::span<const KnownTime> known) : soc_(std::move(soc)) {
  for (const KnownTime& one : known) known_.emplace(one.kernel, Entry{one.time, true});
}

Timeline KernelTimes::of(const program::Program& program) {
  std::vector<KernelTime> times;
  times.reserve(program.kernels.size());
  for (const program::Kernel& kernel : program.kernels) {
    auto found = known_.find(kernel.digest);
    if (found == known_.end()) {
      predict_unknown(program);
      found = known_.find(kernel.digest);
    }
    times.push_back(found->second.time);
  }
  return in_turn(soc_, std::move(times));
}

// Each of the different kernels once; which thread is first does not matter, as a prediction
// depends on the kernel alone.
void KernelTimes::predict_unknown(const program::Program& program) {
  std::vector<const program::Kernel*> unknown;
  for (const program::Kernel& kernel : program.kernels)
    if (!known_.contains(kernel.digest)) unknown.push_back(&kernel);
  std::ranges::sort(unknown, {}, &program::Kernel::digest);
  const auto repeated = std::ranges::unique(unknown, {}, &program::Kernel::digest);
  unknown.erase(repeated.begin(), repeated.end());
  tbb::parallel_for(std::size_t{0}, unknown.size(), [&](std::size_t i) {
    known_.emplace(unknown[i]->digest, Entry{predict(soc_, program.graph, *unknown[i])});
  });
}

std::vector<KnownTime> KernelTimes::predicted() const {
  std::vector<KnownTime> result;
  for (const auto& [digest, entry] : known_)
    if (!entry.given) result.push_back({digest, entry.time});
  std::ranges::sort(result, {}, &KnownTime::kernel);
  return result;
}

}  // namespace keel::simulator
