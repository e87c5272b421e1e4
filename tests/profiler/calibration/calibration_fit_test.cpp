#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "profiler/calibration/cross_validation.h"
#include "profiler/calibration/fit.h"
#include "profiler/calibration/least_squares.h"
#include "profiler/calibration/timing_file.h"
#include "profiler/calibration/vendor_kernels.h"
#include "tests/profiler/simulator/chips.h"

namespace keel::calibration {
namespace {

TEST(LeastSquares, SolvesASymmetricSystem) {
  const Numbers x = solve({{4, 2, 0}, {2, 5, 1}, {0, 1, 3}}, {8, 15, 11});
  EXPECT_NEAR(x[0], 1, 1e-12);
  EXPECT_NEAR(x[1], 2, 1e-12);
  EXPECT_NEAR(x[2], 3, 1e-12);
}

TEST(LeastSquares, FindsTheMinimumOfACurvedValley) {
  const auto rosenbrock = [](const Numbers& x) {
    return Numbers{10 * (x[1] - x[0] * x[0]), 1 - x[0]};
  };
  const Numbers x = least_squares(rosenbrock, {-1.2, 1}, 500);
  EXPECT_NEAR(x[0], 1, 1e-3);
  EXPECT_NEAR(x[1], 1, 1e-3);
}

OperatorRow row(const std::string& op, int number, std::vector<Shape> shapes,
                const std::string& dtype) {
  OperatorRow made;
  made.op = op;
  made.id = op + "/" + std::to_string(number);
  for (Shape& shape : shapes) made.operands.push_back({std::move(shape)});
  made.dtypes.assign(shapes.size(), dtype);
  return made;
}

// Kernels of each class in growing sizes, which take what `planted` predicts.
std::vector<MeasuredCase> synthetic_cases(const ascend::Soc& planted) {
  std::vector<OperatorRow> rows;
  int number = 0;
  for (std::int64_t size = 64; size <= 8192; size *= 2)
    for (const char* dtype : {"f16", "f32"}) {
      ++number;
      rows.push_back(row("relu", number, {{size, size}}, dtype));
      rows.push_back(row("mul", number, {{size, size}, {size, size}}, dtype));
      rows.push_back(row("mish", number, {{size, size}}, dtype));
      rows.push_back(row("softmax", number, {{size, size}}, dtype));
      rows.push_back(row("rms_norm", number, {{64 * size, 256}, {256}}, dtype));
      rows.push_back(row("gemm", number, {{size, size}, {size, size}}, dtype));
      rows.push_back(row("gemm", number + 100, {{16, size}, {size, size}}, dtype));
      rows.push_back(row("transpose", number, {{size, size}}, dtype));
      rows.back().numbers["perm"] = {1, 0};
    }
  std::vector<MeasuredCase> cases;
  for (const OperatorRow& one : rows) {
    Result<MeasuredCase> made = case_of(planted, one.id, one.op, 1, vendor_kernels(one));
    KEEL_CHECK(made.ok());
    cases.push_back(*std::move(made));
    cases.back().measured_us = predicted_us(planted, cases.back());
  }
  return cases;
}

ascend::Soc planted_chip() {
  ascend::Soc soc = simulator::chip_910b2();
  for (const FittedParameter& parameter : fitted_parameters())
    soc.timing.*parameter.field = parameter.operators.value;
  soc.timing.launch_us = 4.5;
  soc.timing.vector_launch_us = 2;
  soc.timing.row_launch_us = 7;
  soc.timing.cube_efficiency = 0.72;
  soc.timing.activation_efficiency = 0.6;
  soc.timing.cube_l2_efficiency = 0.32;
  soc.timing.l2_efficiency = 0.35;
  soc.timing.memory_efficiency = 0.65;
  soc.timing.transpose_share = 0.3;
  soc.timing.row_cycles = 150;
  return soc;
}

TEST(Fit, RecoversPlantedParameters) {
  const ascend::Soc planted = planted_chip();
  const std::vector<MeasuredCase> cases = synthetic_cases(planted);
  ascend::Soc fitted = simulator::chip_910b2();
  fitted.timing = fit(fitted, {cases, std::vector<bool>(cases.size(), true)});
  // Priors pull: the largest kernels, which one parameter decides, come out 5 % off.
  for (const MeasuredCase& one : cases)
    EXPECT_NEAR(predicted_us(fitted, one) / one.measured_us, 1, 0.08) << one.id;
  const auto expect_near = [&](double ascend::TimingParameters::*field, const char* name) {
    EXPECT_NEAR(fitted.timing.*field / (planted.timing.*field), 1, 0.1) << name;
  };
  expect_near(&ascend::TimingParameters::vector_launch_us, "vector_launch_us");
  expect_near(&ascend::TimingParameters::row_launch_us, "row_launch_us");
  expect_near(&ascend::TimingParameters::cube_efficiency, "cube_efficiency");
  expect_near(&ascend::TimingParameters::activation_efficiency, "activation_efficiency");
  expect_near(&ascend::TimingParameters::l2_efficiency, "l2_efficiency");
  expect_near(&ascend::TimingParameters::memory_efficiency, "memory_efficiency");
  expect_near(&ascend::TimingParameters::transpose_share, "transpose_share");
  expect_near(&ascend::TimingParameters::row_cycles, "row_cycles");
}

TEST(Fit, StaysAtThePriorsWhereNothingWasMeasured) {
  ascend::Soc soc = simulator::chip_910b2();
  soc.timing = fit(soc, {{}, {}});
  for (const FittedParameter& parameter : fitted_parameters())
    EXPECT_NEAR(soc.timing.*parameter.field, parameter.operators.value,
                1e-6 * parameter.operators.value)
        << parameter.name;
  EXPECT_TRUE(soc.timing.corrections.empty());
}

TEST(Fit, CorrectsASignatureByAsMuchAsItsCasesSay) {
  std::vector<MeasuredCase> cases = synthetic_cases(planted_chip());
  int relus = 0;
  for (MeasuredCase& one : cases)
    if (one.group == "relu") {
      one.measured_us *= 1.25;
      ++relus;
    }
  const ascend::Soc soc = simulator::chip_910b2();
  const ascend::TimingParameters timing = fit(soc, {cases, std::vector<bool>(cases.size(), true)});
  const auto log_factor = [&](const char* signature) {
    return std::ranges::find(timing.corrections, signature, &ascend::TimingCorrection::signature)
        ->log_factor;
  };
  EXPECT_GT(log_factor("Relu"), 0.5 * std::log(1.25));
  EXPECT_LT(log_factor("Relu"), std::log(1.25));
  EXPECT_LT(std::abs(log_factor("MatMul")), 0.05);
}

TEST(Fit, GivesEqualBytesEachTime) {
  const std::vector<MeasuredCase> cases = synthetic_cases(planted_chip());
  const ascend::Soc soc = simulator::chip_910b2();
  const FitDescription description{"x", "chip", "here", "there"};
  const auto file = [&] {
    return timing_file(description, fit(soc, {cases, std::vector<bool>(cases.size(), true)}));
  };
  EXPECT_EQ(file(), file());
}

// A row of five cases at their time, and one case of another group that took twice as long: with
// equal weights the many win, with weights shared in a group the one pulls more.
TEST(Fit, RowsOfNetworksWeighAlikeAndOperatorsShareTheWeightOfTheirCases) {
  const auto overestimate = [](Fitted fitted) {
    ascend::Soc soc = simulator::chip_910b2();
    for (const FittedParameter& parameter : fitted_parameters())
      soc.timing.*parameter.field = parameter.prior(fitted).value;
    const auto case_in = [&](const char* group, double factor) {
      MeasuredCase one = case_of(soc, group, group, 1,
                                 simulator::program_of("x: f16[4096,4096] = input\n"
                                                       "y = Relu(x)\nreturn y\n"));
      one.measured_us = factor * predicted_us(soc, one);
      return one;
    };
    std::vector<MeasuredCase> cases(20, case_in("many", 1));
    cases.push_back(case_in("one", 2));
    const double before = predicted_us(soc, cases[0]);
    soc.timing = fit(soc, {cases, std::vector<bool>(cases.size(), true), fitted});
    soc.timing.corrections.clear();
    return predicted_us(soc, cases[0]) / before;
  };
  EXPECT_LT(overestimate(Fitted::Networks310P3), overestimate(Fitted::Operators910B2));
}

// A share that starts at its largest value has no slope there, and would stay.
TEST(Priors, OfSharesThatMoveStartBelowTheirLargestValue) {
  for (const FittedParameter& parameter : fitted_parameters())
    for (const Prior& prior : {parameter.operators, parameter.networks})
      if (prior.width > 0) {
        EXPECT_LT(prior.value, parameter.most) << parameter.name;
      }
}

TEST(CrossValidation, PredictsCasesItsFitDidNotSee) {
  const ascend::Soc planted = planted_chip();
  std::vector<MeasuredCase> cases = synthetic_cases(planted);
  for (MeasuredCase& one : cases)
    if (one.group == "relu") one.measured_us *= 3;
  const CrossValidation validation =
      cross_validate(simulator::chip_910b2(), cases, Fitted::Operators910B2);
  EXPECT_EQ(validation.without.size(), 7U);
  for (std::size_t i = 0; i < cases.size(); ++i)
    if (cases[i].group == "relu") {
      // Of the operator as a whole nothing was seen; of the case, its correction.
      EXPECT_LT(validation.by_group[i], 0.6 * cases[i].measured_us);
      EXPECT_GT(validation.by_case[i], validation.by_group[i]);
    }
}

TEST(Accuracy, IsMeanMedianAndRankCorrelation) {
  const Accuracy a = accuracy({1, 2, 6}, {1, 4, 5});
  EXPECT_NEAR(a.mean, (0 + 0.5 + 0.2) / 3, 1e-12);
  EXPECT_NEAR(a.median, 0.2, 1e-12);
  EXPECT_NEAR(a.spearman, 1, 1e-12);
  EXPECT_NEAR(accuracy({3, 2, 1}, {1, 2, 3}).spearman, -1, 1e-12);
  EXPECT_NEAR(accuracy({1, 1, 2, 3}, {1, 2, 3, 4}).spearman, 0.9486832980505138, 1e-12);
}

}  // namespace
}  // namespace keel::calibration
