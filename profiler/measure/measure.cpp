#include "profiler/measure/measure.h"

#include <algorithm>
#include <utility>

#include "compiler/base/check.h"

namespace keel::measure {
namespace {

// The smallest sample that at least `percent` of the samples do not exceed.
double nearest_rank(std::span<const double> sorted, std::size_t percent) {
  const std::size_t rank = (sorted.size() * percent + 99) / 100;
  return sorted[rank - 1];
}

double median(std::span<const double> sorted) {
  const std::size_t middle = sorted.size() / 2;
  if (sorted.size() % 2 == 1) return sorted[middle];
  return (sorted[middle - 1] + sorted[middle]) / 2;
}

}  // namespace

Latency summarise(std::vector<double> samples_us) {
  KEEL_CHECK(!samples_us.empty());
  std::vector<double> sorted = samples_us;
  std::ranges::sort(sorted);
  return {.samples_us = std::move(samples_us),
          .median_us = median(sorted),
          .min_us = sorted.front(),
          .p99_us = nearest_rank(sorted, 99)};
}

Result<Latency> measure(const device::Device& device, device::Executable& executable,
                        std::span<const Tensor> inputs, const Options& options) {
  KEEL_CHECK(options.warm_up >= 0 && options.repeats >= 1);
  const bool once = device.capabilities().deterministic_time;
  const int warm_up = once ? 0 : options.warm_up;
  const int repeats = once ? 1 : options.repeats;

  for (int i = 0; i < warm_up; ++i) {
    KEEL_TRY_STATUS(executable.time(inputs));
  }
  std::vector<double> samples_us;
  samples_us.reserve(static_cast<std::size_t>(repeats));
  for (int i = 0; i < repeats; ++i) {
    KEEL_TRY(const device::Microseconds sample, executable.time(inputs));
    samples_us.push_back(sample.count());
  }
  return summarise(std::move(samples_us));
}

}  // namespace keel::measure
