#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "compiler/base/error_text.h"
#include "tuner/study/study.h"

namespace keel::study {

inline constexpr double kInf = std::numeric_limits<double>::infinity();
inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// A new, empty folder named after the running test.
inline std::filesystem::path empty_folder(const std::string& name = "study") {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) /
      (std::string("keel-") + info->test_suite_name() + "-" + info->name()) / name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

inline Question question() {
  return {{"model", "00c0ffee"}, {"precision_mode", "force_fp16"}, {"seed", "1"}};
}

inline std::vector<std::string> metric_names() { return {"relative_l2", "max_abs"}; }

/// Free units and fixed ones; nodes of the first two interleave in the model file.
inline std::vector<UnitRecord> units() {
  using search::UnitState;
  return {
      {.name = "conv_1",
       .nodes = {"conv_1", "relu_1"},
       .state = UnitState::Free,
       .reason = "",
       .positions = {0, 2},
       .ascend_types = {"Conv2D", "Relu"}},
      {.name = "log_1",
       .nodes = {"log_1"},
       .state = UnitState::Kept,
       .reason = "kept by the owner's list (keep.cfg:3 'OpType::Log')",
       .positions = {1},
       .ascend_types = {"Log"},
       .suspicions = {"input of 'log_1' underflows", "its result overflows"},
       .poles = {{"Log 'log_1'", true}, {"Div 'div_1'", false}}},
      {.name = "conv_2",
       .nodes = {"conv_2"},
       .state = UnitState::Lowered,
       .reason = "computes in fp16 whatever the list says",
       .positions = {3},
       .ascend_types = {"Conv2D"}},
      {.name = "exp_1",
       .nodes = {"exp_1"},
       .state = UnitState::Free,
       .reason = "",
       .positions = {4},
       .ascend_types = {"Exp"}},
      {.name = "pow_1",
       .nodes = {"pow_1"},
       .state = UnitState::Kept,
       .reason = "kept by the owner's list (keep.cfg:4 'pow_1')",
       .positions = {5},
       .ascend_types = {"Pow"}},
  };
}

/// Trial `number` of a study about units(); another one for each number.
inline TrialRecord record(std::uint64_t number) {
  const auto x = static_cast<double>(number + 1);
  TrialRecord made;
  made.trial.number = number;
  made.trial.assignment = {static_cast<std::uint8_t>(number & 1U), 0, 1,
                           static_cast<std::uint8_t>(number >> 1U & 1U), 0};
  made.trial.phase = static_cast<search::Phase>(number % 5);
  made.trial.outcome = {search::TrialState::Complete, 100 + 1 / x, 1e-3 / x, -0.1 * x,
                        static_cast<int>(number),     2e-3 / x};
  if (number % 4 != 0)
    made.trial.outcome.error_sketch = std::make_shared<const std::vector<float>>(
        std::vector<float>{static_cast<float>(x), -1 / static_cast<float>(x), 0});
  made.ranking = {std::sqrt(1e-3 / x), 0.1 * x};
  made.validation = {std::sqrt(2e-3 / x), 0.2 * x};
  made.kept_units = 2;
  made.kept_nodes = 3;
  return made;
}

inline Result<Study> open(const std::filesystem::path& folder) {
  const std::vector<UnitRecord> about = units();
  const std::vector<std::string> metrics = metric_names();
  return Study::open(folder, question(), about, metrics);
}

/// A closed study of `count` trials.
inline void make_study(const std::filesystem::path& folder, std::uint64_t count) {
  Result<Study> study = open(folder);
  ASSERT_TRUE(study.ok()) << to_text(study.error());
  for (std::uint64_t i = 0; i < count; ++i) {
    const Status added = study->append(record(i));
    ASSERT_TRUE(added.ok()) << to_text(added.error());
  }
}

inline bool same_bits(const MetricValues& a, const MetricValues& b) {
  return std::ranges::equal(a, b, {}, std::bit_cast<std::uint64_t, double>,
                            std::bit_cast<std::uint64_t, double>);
}

inline std::vector<float> sketch_of(const TrialRecord& record) {
  const auto& sketch = record.trial.outcome.error_sketch;
  return sketch ? *sketch : std::vector<float>();
}

/// Whether two records are equal bit for bit.
inline bool same(const TrialRecord& a, const TrialRecord& b) {
  const auto outcome = [](const TrialRecord& r) -> MetricValues {
    return {r.trial.outcome.latency_us, r.trial.outcome.squared_error, r.trial.outcome.violation,
            r.trial.outcome.probing_squared_error};
  };
  return a.trial.number == b.trial.number && a.trial.assignment == b.trial.assignment &&
         a.trial.phase == b.trial.phase && a.trial.outcome.state == b.trial.outcome.state &&
         a.trial.outcome.casts == b.trial.outcome.casts && same_bits(outcome(a), outcome(b)) &&
         sketch_of(a) == sketch_of(b) && same_bits(a.ranking, b.ranking) &&
         same_bits(a.validation, b.validation) && a.kept_units == b.kept_units &&
         a.kept_nodes == b.kept_nodes && a.error == b.error;
}

/// Whether the study holds record(0) .. record(count - 1) and nothing else.
inline bool holds(const Study& study, std::uint64_t count) {
  if (study.trials().size() != count) return false;
  for (std::uint64_t i = 0; i < count; ++i)
    if (!same(study.trials()[i], record(i))) return false;
  return true;
}

}  // namespace keel::study
