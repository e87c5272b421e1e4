#include "profiler/simulator/interval.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace keel::simulator {
namespace {

// One class: sums with sign of what its kernels have in common, sums of squares of the rest.
struct ClassSum {
  double above = 0;
  double below = 0;
  double squares_up = 0;
  double squares_down = 0;

  void add(const KernelError& error, double sign) {
    const double in_common = sign * std::sqrt(error.shared);
    above += in_common * error.above_us;
    below += in_common * error.below_us;
    const double alone = 1 - error.shared;
    const double up = sign > 0 ? error.above_us : error.below_us;
    const double down = sign > 0 ? error.below_us : error.above_us;
    squares_up += alone * up * up;
    squares_down += alone * down * down;
  }
  // All kernels of the class slower moves the total by `above`, all faster by -`below`.
  double up() const { return std::max({above, -below, 0.0}); }
  double down() const { return std::max({below, -above, 0.0}); }
};

}  // namespace

KernelError error_of(const ascend::TimingParameters& timing, TimingClass timing_class,
                     bool measured, double total_us) {
  const auto found =
      std::ranges::find(timing.errors, name(timing_class), &ascend::TimingError::kernel_class);
  if (found == timing.errors.end()) return {.timing_class = timing_class};
  const auto [lo, hi] = measured ? found->measured : found->unmeasured;
  return {.timing_class = timing_class,
          .below_us = std::max(0.0, total_us * (1 - std::exp(lo))),
          .above_us = std::max(0.0, total_us * (std::exp(hi) - 1)),
          .shared = found->shared};
}

Interval interval_of(double total_us, std::span<const KernelError> added,
                     std::span<const KernelError> subtracted) {
  std::array<ClassSum, kTimingClasses> sums{};
  for (const KernelError& error : added)
    sums[static_cast<std::size_t>(error.timing_class)].add(error, 1);
  for (const KernelError& error : subtracted)
    sums[static_cast<std::size_t>(error.timing_class)].add(error, -1);
  double up = 0;
  double down = 0;
  for (const ClassSum& sum : sums) {
    up += sum.up() * sum.up() + sum.squares_up;
    down += sum.down() * sum.down() + sum.squares_down;
  }
  return {total_us - std::sqrt(down), total_us + std::sqrt(up)};
}

}  // namespace keel::simulator
