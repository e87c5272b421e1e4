#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <ranges>
#include <string>
#include <vector>

#include "benchmarks/kernel_cases.h"
#include "benchmarks/machine_peak.h"
#include "benchmarks/ratio_table.h"
#include "compiler/base/error_text.h"
#include "compiler/base/random.h"

// keel_bench: times every kernel case in fp32, in fp16 and as the plain reference, on one thread,
// against what this machine can do. The options are those of Google Benchmark; the one of use is
// --benchmark_filter=REGEX over "CASE/VARIANT".

namespace keel::bench {
namespace {

constexpr int kRepetitions = 5;
constexpr double kSecondsOfRepetition = 0.03;

// What a call achieves in total, and how long the machine would take at its peak.
struct Work {
  const char* unit;
  double amount;
  double peak_seconds;
};

Work copied(double bytes) { return {kGigaBytes, bytes, copy_seconds(bytes)}; }

Work work_of(const KernelCall& call, double peak_operations) {
  const double count = operations(call);
  if (count == 0) return copied(bytes_moved(call));
  return {kGigaOperations, count, count / peak_operations};
}

void add(const std::string& name, Variant variant, const std::string& kernel, const Work& work,
         std::function<void()> run) {
  const std::string full = name + "/" + kVariantNames[static_cast<std::size_t>(variant)];
  const auto time = [kernel, work, run = std::move(run)](benchmark::State& state) {
    for (auto _ : state) run();
    using benchmark::Counter;
    state.counters[work.unit] = Counter(work.amount, Counter::kIsIterationInvariantRate);
    state.counters[kShare] = Counter(work.peak_seconds, Counter::kIsIterationInvariantRate);
    state.SetLabel(kernel);
  };
  benchmark::RegisterBenchmark(full.c_str(), time)
      ->Unit(benchmark::kMicrosecond)
      ->Repetitions(kRepetitions)
      ->MinTime(kSecondsOfRepetition);
}

kernels::Call call_of(const KernelCall& call) {
  return {call.node().op, call.inputs, call.outputs, call.node().compute};
}

using Calls = std::vector<std::unique_ptr<const KernelCall>>;

// The calls stay in `calls`, which must outlive the benchmarks.
Status add_case(const KernelCase& kernel_case, double peak_operations, Calls& calls) {
  KEEL_TRY(auto fp32_call, make_call(kernel_case, DType::F32));
  KEEL_TRY(auto fp16_call, make_call(kernel_case, DType::F16));
  const KernelCall& fp32 = *calls.emplace_back(std::move(fp32_call));
  const KernelCall& fp16 = *calls.emplace_back(std::move(fp16_call));
  // Fails where no kernel supports the call, before anything is timed.
  KEEL_TRY_STATUS(kernels::execute(call_of(fp32)));
  KEEL_TRY_STATUS(kernels::execute(call_of(fp16)));
  const std::string name(kernel_case.name);
  const Work work = work_of(fp32, peak_operations);
  const auto supports = [&](const kernels::Kernel& kernel) {
    return kernel.supports(call_of(fp32));
  };
  auto kernels = kernels::kernel_table() | std::views::filter(supports);
  const std::string fast(kernels.front().name), reference(kernels.back().name);
  add(name, Variant::Fp32, fast, work,
      [&fp32] { benchmark::DoNotOptimize(kernels::execute(call_of(fp32))); });
  add(name, Variant::Fp16, fast, work,
      [&fp16] { benchmark::DoNotOptimize(kernels::execute(call_of(fp16))); });
  if (fast == reference) return Done{};
  add(name, Variant::Reference, reference, work,
      [&fp32] { benchmark::DoNotOptimize(kernels::execute_reference(call_of(fp32))); });
  return Done{};
}

// The rounding that ends every lowered operator, against round_to() of each element.
void add_rounding(const std::string& name, FloatFormat format, std::vector<float>& values) {
  const Work work = copied(2.0 * static_cast<double>(values.size() * sizeof(float)));
  add(name, Variant::Fp32, "round_in_place", work, [format, &values] {
    round_in_place(format, Overflow::InfNan, values);
    benchmark::ClobberMemory();
  });
  add(name, Variant::Reference, "round_to", work, [format, &values] {
    for (float& value : values) value = round_to(format, Overflow::InfNan, value);
    benchmark::ClobberMemory();
  });
}

Status run() {
  const double peak_operations = peak_operations_per_second();
  constexpr double kLarge = 256e6;  // bytes, beyond the caches
  std::printf("one core: %.1f GFLOP/s of fp32 multiply-add; copies %.1f GB/s from memory\n",
              peak_operations / 1e9, kLarge / copy_seconds(kLarge) / 1e9);
  Calls calls;
  for (const KernelCase& kernel_case : kernel_cases()) {
    KEEL_TRY_STATUS(add_case(kernel_case, peak_operations, calls));
  }
  Rng rng(1);
  std::vector<float> values(std::size_t{64} * 56 * 56);
  std::ranges::generate(values, [&] { return static_cast<float>(2 * rng.uniform() - 1); });
  add_rounding("round to fp16", FloatFormat::F16, values);
  add_rounding("round to bf16", FloatFormat::BF16, values);
  add_rounding("round to hf32", FloatFormat::HF32, values);
  RatioTable table;
  benchmark::RunSpecifiedBenchmarks(&table);
  return Done{};
}

}  // namespace
}  // namespace keel::bench

int main(int count, char** arguments) {
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;
  const keel::Status status = keel::bench::run();
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n", keel::to_text(status.error()).c_str());
  return 2;
}
