#include "tuner/engine/loop.h"

#include <tbb/task_arena.h>
#include <unistd.h>

#include <filesystem>

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
    return search::Proposal{std::move(x), search::Phase::Fill};
  }
  void tell(const search::Trial& trial) override {
    EXPECT_EQ(trial.number, told_.size());
    told_.push_back(trial);
  }

  std::vector<std::size_t> told_at_ask;

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

std::vector<std::size_t> told_at_each_ask(int threads) {
  const BenchFixture fixture(kChain, {0.1f, 0.2f, 0.3f, 0.4f}, accuracy::split_samples(4, 0));
  const Target& target = fixture.target();
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("keel-loop-" + std::to_string(::getpid()));
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  Counting strategy(target.units.size());
  tbb::task_arena arena(threads);
  arena.execute([&] {
    std::vector<study::UnitRecord> units(target.units.size());
    std::vector<std::string> metrics;
    for (const accuracy::Metric& metric : accuracy::metrics()) metrics.emplace_back(metric.name);
    study::Study study = must(study::Study::open(folder, {}, units, metrics));
    EXPECT_TRUE(run_loop(fixture.bench(), strategy, study, {}, {}).ok());
  });
  std::filesystem::remove_all(folder);
  return strategy.told_at_ask;
}

TEST(Loop, AsksAfterTheSameTrialsWhateverTheNumberOfThreads) {
  for (const int threads : {1, 2, 4}) {
    const std::vector<std::size_t> told = told_at_each_ask(threads);
    ASSERT_EQ(told.size(), kTrials);
    for (std::size_t k = 0; k < told.size(); ++k)
      EXPECT_EQ(told[k], k < kLookAhead ? 0 : k - kLookAhead + 1) << "ask " << k;
  }
}

}  // namespace
}  // namespace keel::engine
