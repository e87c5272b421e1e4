#include "benchmarks/machine_peak.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <ctime>
#include <span>

#include "compiler/base/tensor.h"

namespace keel::bench {
namespace {

// More chains than two units of a latency of 4 or 5 cycles need, and few enough for 16 registers.
constexpr std::size_t kChains = 12;
constexpr int kTrials = 7;
constexpr double kTrialSeconds = 5e-3;  // thousands of ticks of std::clock

// Each element is a chain of its own, so a turn of the outer loop is kChains vector instructions.
template <std::size_t Lanes, class MultiplyAdd>
[[gnu::always_inline]] inline float chains(std::size_t turns, MultiplyAdd multiply_add) {
  std::array<float, kChains * Lanes> sums;
  // Equal chains would be computed once.
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] = static_cast<float>(i + turns);
  for (std::size_t turn = 0; turn < turns; ++turn)
#pragma GCC unroll 256
    for (std::size_t i = 0; i < kChains * Lanes; ++i) sums[i] = multiply_add(sums[i]);
  float total = 0;
  for (const float sum : sums) total += sum;
  return total;
}

struct Loop {
  std::size_t lanes;
  float (*run)(std::size_t turns);
};

#if defined(__x86_64__)
[[gnu::target("avx512f")]] float chains_of_16(std::size_t turns) {
  return chains<16>(turns, [](float sum) { return std::fma(sum, 0.5f, 1.0f); });
}

[[gnu::target("avx2,fma")]] float chains_of_8(std::size_t turns) {
  return chains<8>(turns, [](float sum) { return std::fma(sum, 0.5f, 1.0f); });
}
#endif

// A fused std::fma may be a call of the library here.
float chains_of_4(std::size_t turns) {
  return chains<4>(turns, [](float sum) { return sum * 0.5f + 1.0f; });
}

Loop widest_loop() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return {16, chains_of_16};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return {8, chains_of_8};
#endif
  return {4, chains_of_4};
}

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// The least seconds a call of `run` took, on average over a trial.
template <class Run>
double fastest(Run run) {
  double least = INFINITY;
  for (int trial = 0; trial < kTrials; ++trial) {
    const double start = processor_seconds();
    double seconds = 0;
    int calls = 0;
    for (; seconds < kTrialSeconds; ++calls) {
      run();
      seconds = processor_seconds() - start;
    }
    least = std::min(least, seconds / calls);
  }
  return least;
}

}  // namespace

double peak_operations_per_second() {
  constexpr std::size_t kTurns = 100'000;
  const Loop loop = widest_loop();
  volatile float total = 0;  // so that the loop is not dropped
  const double seconds = fastest([&] { total = loop.run(kTurns); });
  return 2.0 * static_cast<double>(kTurns * kChains * loop.lanes) / seconds;
}

double copy_seconds(double bytes) {
  const auto half = std::max<std::size_t>(static_cast<std::size_t>(bytes / 2), 1);
  // Some processors copy twenty times slower where the target is a few bytes further into its page
  // than the source: here it is half a page further, and both are aligned as tensors are.
  constexpr std::size_t kPage = 4096;
  const std::size_t distance = (half / kPage + 1) * kPage + kPage / 2;
  Tensor memory(DType::U8, {static_cast<std::int64_t>(distance + half)});
  const std::span<std::uint8_t> bytes_of_both = memory.fill<std::uint8_t>();
  std::ranges::fill(bytes_of_both, std::uint8_t{1});
  const std::uint8_t* from = bytes_of_both.data();
  std::uint8_t* to = bytes_of_both.data() + distance;
  // The clock costs as much as a copy of some kilobytes.
  const std::size_t copies = 1 + (std::size_t{1} << 20) / half;
  const double seconds = fastest([&] {
    for (std::size_t i = 0; i < copies; ++i) {
      std::memcpy(to, from, half);
      asm volatile("" : : "r"(to) : "memory");  // each copy is made
    }
  });
  return seconds / static_cast<double>(copies);
}

}  // namespace keel::bench
