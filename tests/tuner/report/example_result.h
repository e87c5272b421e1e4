#pragma once

#include <limits>

#include "tuner/report/result.h"

namespace keel::report {

/// Of 4800 elements 600 underflow, on 31 of 48 samples.
inline accuracy::Range underflowing_range() {
  accuracy::Range range;
  range.largest = 2.5;
  range.smallest_nonzero = 1e-10;
  range.elements = 4800;
  range.underflows = 600;
  range.samples = 48;
  range.samples_underflowing = 31;
  return range;
}

/// Of 4800 elements 12 overflow on 3 of 48 samples and 480 underflow on 20.
inline accuracy::Range overflowing_range() {
  accuracy::Range range = underflowing_range();
  range.largest = 1e6;
  range.overflows = 12;
  range.underflows = 480;
  range.samples_overflowing = 3;
  range.samples_underflowing = 20;
  return range;
}

/// One element, which underflows.
inline accuracy::Range constant_range() {
  accuracy::Range range;
  range.largest = range.smallest_nonzero = 1e-12;
  range.elements = range.underflows = 1;
  range.samples = range.samples_underflowing = 1;
  return range;
}

/// A small finished run on the model
///
///     conv_1 (cube) -> log_1 (the owner's) -> relu_1 (of conv_1's unit) -> exp_1 -> conv_2 ->
///     pow_1
///
/// with one requirement, max_abs<=0.05. Trial 0 lowers all (Inf), 1 keeps all; 2 to 4 are probes of
/// conv_1, exp_1 and pow_1. 2 is recommended: it keeps exp_1 and pow_1; 5 lowers exp_1 from there,
/// 6 pow_1.
inline TuneResult example_result() {
  using search::Phase;
  using search::TrialState;
  using search::UnitState;
  constexpr double kInf = std::numeric_limits<double>::infinity();

  TuneResult result;
  result.question = {{"model", "00c0ffee"}, {"precision_mode", "force_fp16"}};
  result.requirements = {{accuracy::find_metric("max_abs"), true, 0.05}};
  result.units = {
      {{"conv_1", {"conv_1", "relu_1"}, UnitState::Free, "", {0, 2}, {"Conv2D", "Relu"}, {}},
       "cube",
       {}},
      {{"log_1",
        {"log_1"},
        UnitState::Kept,
        "kept by the owner's list (keep.cfg:3 'OpType::Log')",
        {1},
        {"Log"},
        {}},
       "vector",
       {{"log_1", "Log", "floor", TensorRole::Input, DType::F16, underflowing_range()}}},
      {{"exp_1", {"exp_1"}, UnitState::Free, "", {3}, {"Exp"}, {}}, "vector", {}},
      {{"conv_2",
        {"conv_2"},
        UnitState::Lowered,
        "computes in f16 in any case",
        {4},
        {"Conv2D"},
        {}},
       "cube",
       {}},
      {{"pow_1", {"pow_1"}, UnitState::Free, "", {5}, {"Pow"}, {}},
       "vector",
       {{"pow_1", "Pow", "two", TensorRole::Constant, DType::F16, constant_range()},
        {"pow_1", "Pow", "square", TensorRole::Result, DType::F16, overflowing_range()}}},
  };
  result.findings = {{true, false, false, 0.001, -0.5},
                     {},
                     {true, false, false, 0.031, 5.2},
                     {},
                     {true, true, true, kInf, kInf}};

  const auto add = [&](search::Assignment assignment, Phase phase, TrialState state,
                       double latency_us, double l2, double max_abs, int units, int nodes) {
    study::TrialRecord record;
    record.trial = {result.trials.size(),
                    std::move(assignment),
                    phase,
                    {state, latency_us, l2 * l2, max_abs / 0.05 - 1}};
    record.ranking = {l2, 1, max_abs, 1, std::numeric_limits<double>::quiet_NaN()};
    record.validation = record.ranking;
    record.kept_units = units;
    record.kept_nodes = nodes;
    result.trials.push_back(std::move(record));
  };
  add({1, 0, 1, 1, 1}, Phase::Anchor, TrialState::NonFinite, 98.1, kInf, kInf, 0, 1);
  add({0, 0, 0, 1, 0}, Phase::Anchor, TrialState::Complete, 129, 0.00025, 0.001, 3, 5);
  add({1, 0, 0, 1, 0}, Phase::Probe, TrialState::Complete, 122.9, 0.001, 0.025, 2, 3);
  add({0, 0, 1, 1, 0}, Phase::Probe, TrialState::Complete, 127, 0.031, 0.31, 2, 4);
  add({0, 0, 0, 1, 1}, Phase::Probe, TrialState::NonFinite, 126, kInf, kInf, 2, 4);
  add({1, 0, 1, 1, 0}, Phase::Refine, TrialState::Complete, 119.5, 0.0325, 0.315, 1, 2);
  add({1, 0, 0, 1, 1}, Phase::Refine, TrialState::NonFinite, 120, kInf, kInf, 1, 2);
  for (const std::size_t unit : {0U, 2U, 4U}) result.findings[unit].probe = 2 + unit / 2;
  result.front = {5, 2, 1};
  result.all_lowered = 0;
  result.all_kept = 1;
  result.recommended = 2;
  result.requirements_met = true;
  result.split = {{0, 1, 2, 3}, {0, 1, 2, 3}, {4, 5}};
  result.hold_out = {0.0015, 1, 0.03, 1, std::numeric_limits<double>::quiet_NaN()};
  result.hold_out_met = true;
  return result;
}

}  // namespace keel::report
