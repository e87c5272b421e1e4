#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <ostream>

#include "tests/tuner/engine/target_fixture.h"
#include "tuner/engine/cost_terms.h"
#include "tuner/engine/evaluator.h"
#include "tuner/engine/poles.h"
#include "tuner/search/additive_cut.h"
#include "tuner/search/exhaustive.h"
#include "tuner/search/free_units.h"
#include "tuner/search/hypervolume.h"

namespace keel::engine {
namespace {

// Weights that take as long to read as a launch takes, so that a unit's dtype costs time; a row of
// them, so that every assignment can be executed.

// Attention over itself, gated, with a residual.
constexpr std::string_view kGated =
    "x: f32[1,1024] = input\n"
    "w: f32[1024,1024] = constant random(1)\n"
    "v: f32[1024,1024] = constant random(2)\n"
    "small: f32[1] = constant {0.03}\n"
    "a = MatMul(x, w)\n"
    "b = Mul(a, small)\n"
    "c = MatMul(b, v)\n"
    "d = Softmax(c)\n"
    "e = Mul(d, b)\n"
    "f = MatMul(e, w)\n"
    "g = Sigmoid(f)\n"
    "h = MatMul(g, v)\n"
    "i = Add(h, a)\n"
    "j = Softmax(i)\n"
    "return j, g\n";

// Two branches of unequal range that meet.
constexpr std::string_view kBranches =
    "x: f32[1,1024] = input\n"
    "w: f32[1024,1024] = constant random(3)\n"
    "v: f32[1024,1024] = constant random(4)\n"
    "small: f32[1] = constant {0.02}\n"
    "a = MatMul(x, w)\n"
    "b = Tanh(a)\n"
    "c = MatMul(x, v)\n"
    "d = Mul(c, small)\n"
    "e = Exp(d)\n"
    "f = Mul(b, e)\n"
    "g = MatMul(f, w)\n"
    "h = Mul(g, small)\n"
    "i = MatMul(h, v)\n"
    "j = Tanh(i)\n"
    "return j, f\n";

// A square overflows in fp16: one cliff among units that are harmless.
constexpr std::string_view kCliff =
    "x: f32[1,1024] = input\n"
    "w: f32[1024,1024] = constant random(5)\n"
    "v: f32[1024,1024] = constant random(6)\n"
    "large: f32[1] = constant {60}\n"
    "small: f32[1] = constant {0.0005}\n"
    "a = MatMul(x, w)\n"
    "b = Mul(a, large)\n"
    "c = Mul(b, b)\n"
    "d = Sqrt(c)\n"
    "e = Mul(d, small)\n"
    "f = MatMul(e, v)\n"
    "g = Tanh(f)\n"
    "h = MatMul(g, w)\n"
    "i = Softmax(h)\n"
    "j = MatMul(i, v)\n"
    "return j, g\n";

/// A graph on npu-sim whose assignments are evaluated as a tuning run does, each once.
class Truth {
 public:
  explicit Truth(std::string_view text) : target_(target_of(text)), memo_(std::size_t{256} << 20) {
    for (std::uint64_t s = 0; s < 2; ++s)
      data_.samples.push_back({"s", test::random_inputs(target_.prepared.graph(), s)});
    const std::vector<Rounding> roundings = must(find_roundings(target_));
    reference_ =
        must(run_reference(target_, data_, split_, lowered_dtypes(target_, roundings), {}));
    std::vector<bool> suspects;
    for (const auto& findings : suspicions(target_, roundings, reference_.ranges))
      suspects.push_back(!findings.empty());
    space_ = must(make_space(target_, suspects, find_poles(target_, reference_.ranges)));
    device_ = must(device::open_device("npu-sim", target_.soc));
  }

  const search::Space& space() const { return space_; }

  std::vector<search::Trial> trials_of(const std::unique_ptr<search::Strategy>& strategy) {
    std::vector<search::Trial> trials;
    while (std::optional<search::Proposal> proposal = strategy->ask()) {
      trials.push_back(
          {trials.size(), proposal->assignment, proposal->phase, outcome_of(proposal->assignment)});
      strategy->tell(trials.back());
    }
    return trials;
  }

 private:
  const search::Outcome& outcome_of(const search::Assignment& x) {
    const auto [at, is_new] = outcomes_.try_emplace(x);
    if (is_new) {
      const Bench bench{&target_,       &data_,        &reference_, &split_,
                        &requirements_, device_.get(), &memo_};
      Job job;
      job.record.trial.assignment = x;
      compile(bench, job);
      measure(bench, job);
      evaluate(bench, job, {});
      EXPECT_NE(job.record.trial.outcome.state, search::TrialState::Failed) << job.record.error;
      at->second = job.record.trial.outcome;
    }
    return at->second;
  }

  Target target_;
  accuracy::Dataset data_;
  accuracy::Split split_{{0, 1}, {0, 1}, {}};
  Reference reference_;
  search::Space space_;
  std::vector<accuracy::Requirement> requirements_ = {
      must(accuracy::parse_requirement("relative_l2<=0.003"))};
  std::unique_ptr<device::Device> device_;
  program::ResultMemo memo_;
  std::map<search::Assignment, search::Outcome> outcomes_;
};

double volume(const search::Space& space, const std::vector<search::Trial>& trials,
              const std::vector<search::Trial>& all) {
  search::Hypervolume total(search::reference_point(space, all), {});
  for (const search::Trial& trial : trials)
    if (trial.outcome.state == search::TrialState::Complete)
      total.add({search::log_error(trial.outcome.squared_error), trial.outcome.latency_us});
  return total.value();
}

struct Case {
  std::string_view name;
  std::string_view graph;
  double least_share;  ///< of the volume of every assignment; measured, rounded down
};

// Names the parameter in test output.
void PrintTo(const Case& each, std::ostream* out) { *out << each.name; }

class SearchOptimum : public testing::TestWithParam<Case> {};

TEST_P(SearchOptimum, IsReachedByTheDefaultStrategyInThreeTrialsAUnit) {
  Truth truth(GetParam().graph);
  const std::size_t units = search::free_units(truth.space()).size();
  ASSERT_GE(units, 9U);
  const std::size_t count = must(search::exhaustive_trials(truth.space()));
  const std::vector<search::Trial> all =
      truth.trials_of(search::make_exhaustive(truth.space(), {0, count}));
  ASSERT_EQ(all.size(), count);
  const std::vector<search::Trial> found =
      truth.trials_of(search::make_additive_cut(truth.space(), {0, 3 * units}));

  const double share = volume(truth.space(), found, all) / volume(truth.space(), all, all);
  const search::Trial best = *search::recommend(truth.space(), all);
  const search::Trial chosen = *search::recommend(truth.space(), found);
  std::printf(
      "%s: %zu units, front of %zu of %zu; %zu trials find %.4f of the volume, %.2f us; "
      "the best is %.2f us\n",
      std::string(GetParam().name).c_str(), units, search::front(all).size(), count, found.size(),
      share, chosen.outcome.latency_us, best.outcome.latency_us);
  EXPECT_GE(search::front(all).size(), 4U);
  EXPECT_GE(share, GetParam().least_share);
  EXPECT_LE(chosen.outcome.violation, 0);
  EXPECT_LE(chosen.outcome.latency_us, 1.01 * best.outcome.latency_us);
}

INSTANTIATE_TEST_SUITE_P(Graphs, SearchOptimum,
                         testing::Values(Case{"Gated", kGated, 0.99},
                                         Case{"Branches", kBranches, 0.99},
                                         Case{"Cliff", kCliff, 0.99}),
                         [](const testing::TestParamInfo<Case>& parameter) {
                           return std::string(parameter.param.name);
                         });

}  // namespace
}  // namespace keel::engine
