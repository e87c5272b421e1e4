#include <tbb/global_control.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "compiler/base/error_text.h"
#include "compiler/base/random.h"
#include "profiler/simulator/kernel_times.h"
#include "profiler/simulator/model_digest.h"
#include "tuner/engine/target.h"
#include "tuner/kernel_cache/kernel_cache.h"

// variant_rate MODEL...: how many variants a second are compiled and timed by the model of the
// chip. Every variant keeps each free unit with a probability of its own, so that neighbours differ
// in many kernels. Each figure is the best of several rounds; within a round one thread and two
// take turns, so that their ratio holds on a machine that others use too.

namespace keel {
namespace {

constexpr std::size_t kVariants = 400;
constexpr int kRounds = 5;
constexpr std::array kThreads = {1, 2};

search::Assignment random_variant(const engine::Target& target, Rng& rng) {
  search::Assignment x = target.owners_variant();
  const std::uint64_t share = 1 + rng.below(9);
  for (std::size_t u = 0; u < x.size(); ++u)
    if (target.units[u].state == search::UnitState::Free) x[u] = rng.below(10) < share ? 1 : 0;
  return x;
}

// Seconds of a clock, or of the processors that the process had.
struct Seconds {
  double wall = 0;
  double processor = 0;
};

template <class Work>
Seconds seconds_of(const Work& work) {
  const auto processor_now = [] {
    std::timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
  };
  const auto start = std::chrono::steady_clock::now();
  const double processor_start = processor_now();
  work();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
          processor_now() - processor_start};
}

// The best rounds of one number of threads.
struct Best {
  double cold = 0, disk = 0, warm = 0;  // variants a second
  double warm_processor = 0;            // variants a second of processor time
  double first_seconds = 1e9;           // times of one variant's kernels, none of them known
};

class Measurement {
 public:
  explicit Measurement(const engine::Target& target)
      : target_(target), cache_(std::filesystem::temp_directory_path() / "variant_rate-XXXXXX") {
    std::string pattern = cache_.string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    cache_ = pattern;
    Rng rng(1);
    for (std::size_t i = 0; i < kVariants; ++i) variants_.push_back(random_variant(target, rng));
  }
  ~Measurement() { std::filesystem::remove_all(cache_); }
  Measurement(const Measurement&) = delete;
  Measurement& operator=(const Measurement&) = delete;

  void round(int threads, Best& best) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(threads));
    simulator::KernelTimes times(target_.soc);
    keep_best(best.cold, seconds_of([&] { compile_all(times); }).wall);
    const Digest model = simulator::model_digest(target_.soc);
    kernel_cache::add(cache_, model, times.predicted());

    const Seconds warm = seconds_of([&] { compile_all(times); });
    keep_best(best.warm, warm.wall);
    keep_best(best.warm_processor, warm.processor);
    keep_best(best.disk, seconds_of([&] {
                           simulator::KernelTimes read(target_.soc,
                                                       kernel_cache::read(cache_, model).times);
                           compile_all(read);
                         }).wall);

    const Result<program::Program> first =
        target_.prepared.compile(target_.precisions(variants_[0]));
    if (!first.ok()) std::abort();
    simulator::KernelTimes none(target_.soc);
    best.first_seconds = std::min(best.first_seconds, seconds_of([&] { none.of(*first); }).wall);
  }

 private:
  void compile_all(simulator::KernelTimes& times) const {
    tbb::parallel_for(std::size_t{0}, variants_.size(), [&](std::size_t i) {
      const Result<program::Program> program =
          target_.prepared.compile(target_.precisions(variants_[i]));
      if (!program.ok() || !(times.of(*program).total_us > 0)) std::abort();
    });
  }

  static void keep_best(double& rate, double seconds) {
    rate = std::max(rate, static_cast<double>(kVariants) / seconds);
  }

  const engine::Target& target_;
  std::filesystem::path cache_;
  std::vector<search::Assignment> variants_;
};

Status measure(const std::filesystem::path& model) {
  engine::ModelOptions options;
  options.model = model;
  KEEL_TRY(const engine::Target target, engine::open_target(options, std::nullopt));
  Measurement measurement(target);
  std::array<Best, kThreads.size()> best;
  for (int round = 0; round < kRounds; ++round)
    for (std::size_t i = 0; i < kThreads.size(); ++i) measurement.round(kThreads[i], best[i]);
  for (std::size_t i = 0; i < kThreads.size(); ++i)
    std::printf("%-40s %7d %8.0f %8.0f %8.0f %12.0f %12.2f %9.2f\n", model.string().c_str(),
                kThreads[i], best[i].cold, best[i].disk, best[i].warm, best[i].warm_processor,
                best[i].first_seconds * 1e3, best[0].first_seconds / best[i].first_seconds);
  std::fflush(stdout);
  return Done{};
}

}  // namespace
}  // namespace keel

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: variant_rate MODEL...\n");
    return 2;
  }
  std::printf("%-40s %7s %8s %8s %8s %12s %12s %9s\n", "", "", "variants", "a", "second",
              "a processor", "ms of cold", "as fast");
  std::printf("%-40s %7s %8s %8s %8s %12s %12s %9s\n", "model", "threads", "cold", "disk", "warm",
              "s, warm", "kernel times", "as one");
  for (int i = 1; i < count; ++i) {
    const keel::Status measured = keel::measure(arguments[i]);
    if (measured.ok()) continue;
    std::fprintf(stderr, "%s\n", keel::to_text(measured.error()).c_str());
    return 2;
  }
  return 0;
}
