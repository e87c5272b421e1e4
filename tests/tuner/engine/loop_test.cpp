#include "tuner/engine/loop.h"

#include <tbb/task_arena.h>
#include <unistd.h>

#include <filesystem>

#include "compiler/ir/text.h"
#include "tests/tuner/engine/bench_fixture.h"

namespace keel::engine {
namespace {

constexpr std::uint64_t kTrials = 40;

// Proposes every assignment in turn and notes how many trials it had been told of at each ask.
class Counting final : public search::Strategy {
 public:
  explicit Counting(std::size_t units) : units_(units) {}

  std::optional<search::Proposal> ask() override {
    if (told_at_ask.size() == kTrials) return std::nullopt;
    search::Assignment x(units_);
    for (std::size_t u = 0; u < units_; ++u)
      x[u] = static_cast<std::uint8_t>(told_at_ask.size() >> u & 1U);
    told_at_ask.push_back(told_.size());
    asked.push_back(x);
    return search::Proposal{std::move(x), search::Phase::Fill};
  }
  void tell(const search::Trial& trial) override {
    EXPECT_EQ(trial.number, told_.size());
    told_.push_back(trial);
  }

  std::vector<std::size_t> told_at_ask;
  std::vector<search::Assignment> asked;

 private:
  std::size_t units_;
  std::vector<search::Trial> told_;
};

// Six units.
constexpr std::string_view kChain =
    "x: f32[4] = input\n"
    "a = Exp(x)\n"
    "b = Tanh(a)\n"
    "c = Sigmoid(b)\n"
    "d = Exp(c)\n"
    "e = Tanh(d)\n"
    "f = Sigmoid(e)\n"
    "return f\n";

// npu-sim, noting which program each run is of.
class Watched final : public device::Device {
 public:
  explicit Watched(device::Device& inner) : inner_(inner) {}

  const device::Capabilities& capabilities() const override { return inner_.capabilities(); }
  Result<std::unique_ptr<device::Executable>> load(
      std::shared_ptr<const program::Program> program) override {
    KEEL_TRY(std::unique_ptr<device::Executable> executable, inner_.load(program));
    return std::unique_ptr<device::Executable>(
        new Run(std::move(executable), ir::print(program->graph), runs));
  }

  std::vector<std::string> runs;  ///< of one thread

 private:
  class Run final : public device::Executable {
   public:
    Run(std::unique_ptr<device::Executable> inner, std::string text, std::vector<std::string>& runs)
        : inner_(std::move(inner)), text_(std::move(text)), runs_(runs) {}
    Result<std::vector<Tensor>> run(std::span<const Tensor> inputs,
                                    const program::Sharing& sharing) override {
      if (runs_.empty() || runs_.back() != text_) runs_.push_back(text_);
      return inner_->run(inputs, sharing);
    }
    Result<device::Microseconds> time(std::span<const Tensor> inputs) override {
      return inner_->time(inputs);
    }

   private:
    std::unique_ptr<device::Executable> inner_;
    std::string text_;
    std::vector<std::string>& runs_;
  };

  device::Device& inner_;
};

BenchFixture chain_fixture() {
  return {kChain, {0.1f, 0.2f, 0.3f, 0.4f}, accuracy::split_samples(4, 0)};
}

void run_counting(const Bench& bench, Counting& strategy, int threads) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("keel-loop-" + std::to_string(::getpid()));
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  tbb::task_arena arena(threads);
  arena.execute([&] {
    std::vector<study::UnitRecord> units(bench.target->units.size());
    std::vector<std::string> metrics;
    for (const accuracy::Metric& metric : accuracy::metrics()) metrics.emplace_back(metric.name);
    study::Study study = must(study::Study::open(folder, {}, units, metrics));
    EXPECT_TRUE(run_loop(bench, strategy, study, {}, {}).ok());
  });
  std::filesystem::remove_all(folder);
}

TEST(Loop, AsksAfterTheSameTrialsWhateverTheNumberOfThreads) {
  for (const int threads : {1, 2, 4}) {
    const BenchFixture fixture = chain_fixture();
    Counting strategy(fixture.target().units.size());
    run_counting(fixture.bench(), strategy, threads);
    const std::vector<std::size_t>& told = strategy.told_at_ask;
    ASSERT_EQ(told.size(), kTrials);
    for (std::size_t k = 0; k < told.size(); ++k)
      EXPECT_EQ(told[k], k < kLookAhead ? 0 : k - kLookAhead + 1) << "ask " << k;
  }
}

// The first of a batch is waited for: it must not be the last to run.
TEST(Loop, RunsTrialsInTheOrderAsked) {
  const BenchFixture fixture = chain_fixture();
  const Target& target = fixture.target();
  Counting strategy(target.units.size());
  Bench bench = fixture.bench();
  Watched device(*bench.device);
  bench.device = &device;
  run_counting(bench, strategy, 1);
  std::vector<std::string> asked;
  for (const search::Assignment& x : strategy.asked)
    asked.push_back(ir::print(must(target.prepared.compile(target.precisions(x))).graph));
  EXPECT_EQ(device.runs, asked);
}

}  // namespace
}  // namespace keel::engine
