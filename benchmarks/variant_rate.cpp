#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "compiler/base/error_text.h"
#include "compiler/base/random.h"
#include "profiler/simulator/kernel_times.h"
#include "tuner/engine/target.h"

// variant_rate MODEL...: how many variants a second are compiled and timed by the model of the
// chip. Every variant keeps each free unit with a probability of its own, so that neighbours differ
// in many kernels; the first turn is cold, the later ones are warm.

namespace keel {
namespace {

constexpr std::size_t kVariants = 400;
constexpr int kWarmTurns = 3;

search::Assignment random_variant(const engine::Target& target, Rng& rng) {
  search::Assignment x = target.owners_variant();
  const std::uint64_t share = 1 + rng.below(9);
  for (std::size_t u = 0; u < x.size(); ++u)
    if (target.units[u].state == search::UnitState::Free) x[u] = rng.below(10) < share ? 1 : 0;
  return x;
}

double variants_a_second(const engine::Target& target,
                         const std::vector<search::Assignment>& variants,
                         simulator::KernelTimes& times) {
  const auto start = std::chrono::steady_clock::now();
  tbb::parallel_for(std::size_t{0}, variants.size(), [&](std::size_t i) {
    const Result<program::Program> program =
        target.prepared.compile(target.precisions(variants[i]));
    if (!program.ok() || !(times.of(*program).total_us > 0)) std::abort();
  });
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return static_cast<double>(variants.size()) / seconds;
}

Status measure(const std::filesystem::path& model) {
  engine::ModelOptions options;
  options.model = model;
  for (const int threads : {1, 2}) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(threads));
    KEEL_TRY(const engine::Target target, engine::open_target(options, std::nullopt));
    Rng rng(1);
    std::vector<search::Assignment> variants;
    for (std::size_t i = 0; i < kVariants; ++i) variants.push_back(random_variant(target, rng));
    simulator::KernelTimes times(target.soc);
    const double cold = variants_a_second(target, variants, times);
    double warm = 0;
    for (int turn = 0; turn < kWarmTurns; ++turn)
      warm = std::max(warm, variants_a_second(target, variants, times));
    std::printf("%-40s %7d %10.0f %10.0f\n", model.string().c_str(), threads, cold, warm);
    std::fflush(stdout);
  }
  return Done{};
}

}  // namespace
}  // namespace keel

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: variant_rate MODEL...\n");
    return 2;
  }
  std::printf("%-40s %7s %10s %10s   variants a second\n", "model", "threads", "cold", "warm");
  for (int i = 1; i < count; ++i) {
    const keel::Status measured = keel::measure(arguments[i]);
    if (measured.ok()) continue;
    std::fprintf(stderr, "%s\n", keel::to_text(measured.error()).c_str());
    return 2;
  }
  return 0;
}
