#include "profiler/calibration/calibration.h"

#include <gtest/gtest.h>

#include <memory>

#include "compiler/base/file.h"
#include "profiler/calibration/accuracy_report.h"
#include "profiler/calibration/kernelbench_cases.h"
#include "tests/places/places.h"
#include "tests/profiler/simulator/chips.h"

namespace keel::calibration {
namespace {

namespace fs = std::filesystem;

// The calibration on the measurements beside the checkout, run once.
class MeasuredKernels : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const fs::path folder = test::shared_folder() / "calibration";
    if (!fs::exists(folder / "op_latency_910b2.json")) return;
    const Result<ascend::Soc> soc =
        ascend::load_soc(test::source_folder() / "configs", "Ascend910B2");
    KEEL_CHECK(soc.ok());
    Result<Calibration> result = calibrate(*soc, folder);
    KEEL_CHECK(result.ok());
    found_ = std::make_unique<Calibration>(*std::move(result));
  }
  static void TearDownTestSuite() { found_.reset(); }
  void SetUp() override {
    if (found_ == nullptr) GTEST_SKIP() << "no measurements in " << test::shared_folder();
  }

  static Accuracy of_operators(const std::vector<double>& all) {
    std::vector<double> predicted, measured;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (found_->cases[i].id.starts_with("level1/")) continue;
      predicted.push_back(all[i]);
      measured.push_back(found_->cases[i].measured_us);
    }
    return accuracy(predicted, measured);
  }

  static std::unique_ptr<Calibration> found_;
};
std::unique_ptr<Calibration> MeasuredKernels::found_;

TEST_F(MeasuredKernels, ArePredictedWithinTheTargetsWhereACaseWasLeftOut) {
  const Accuracy a = of_operators(found_->validation.by_case);
  EXPECT_LE(a.mean, 0.22);
  EXPECT_GE(a.spearman, 0.97);
}

TEST_F(MeasuredKernels, ArePredictedWithinTheTargetsWhereAnOperatorWasLeftOut) {
  const Accuracy a = of_operators(found_->validation.by_group);
  EXPECT_LE(a.mean, 0.35);
  EXPECT_GE(a.spearman, 0.95);
}

TEST_F(MeasuredKernels, AreAllUsed) {
  EXPECT_TRUE(found_->left_out.empty());
  EXPECT_GE(found_->cases.size(), 391U);
}

TEST_F(MeasuredKernels, GainFromADtypeInTheDirectionThatWasMeasured) {
  int judged = 0;
  for (const PredictedPair& pair : found_->pairs) {
    if (pair.measured_ratio < 1.1 && pair.measured_ratio > 0.9) continue;
    ++judged;
    EXPECT_EQ(pair.predicted_ratio > 1, pair.measured_ratio > 1) << pair.name;
  }
  EXPECT_GE(judged, 7);
}

TEST_F(MeasuredKernels, AreInsideTheirIntervalsInNineOfTenCases) {
  const Coverage coverage = coverage_of(found_->residuals);
  EXPECT_GE(coverage.by_case, 0.85);
  EXPECT_LE(coverage.by_case, 0.95);
  EXPECT_GE(coverage.by_group, 0.85);
  EXPECT_LE(coverage.by_group, 0.95);
}

TEST_F(MeasuredKernels, GaveTheReportThatIsCommitted) {
  const fs::path folder = test::source_folder() / "profiler" / "simulator";
  // Behind it comes the report on networks, whose fit takes longer than a test should.
  EXPECT_TRUE(read_file(folder / "ACCURACY.md")->starts_with(accuracy_report(*found_)))
      << "run scripts/calibrate.sh and commit what it writes";
  EXPECT_EQ(scatter_plot(*found_), *read_file(folder / "accuracy.svg"));
}

TEST(Calibration, ReportsAFolderWithoutMeasurements) {
  const Result<Calibration> result = calibrate(simulator::chip_910b2(), "nowhere");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::NotReadable);
  EXPECT_EQ(result.error().what, "there are no measurements in the file");
  EXPECT_EQ(result.error().where, "nowhere/op_latency_910b2.json");
  EXPECT_EQ(result.error().fix, "give the folder of measurements: scripts/calibrate.sh FOLDER");
}

TEST(KernelBenchCases, AreTheRowsWhoseGraphIsKnown) {
  const ascend::Soc soc = simulator::chip_910b2();
  const Result<std::vector<MeasuredCase>> cases =
      kernelbench_cases(soc,
                        R"({"rows": [{"model": "KernelBench/level1/19_ReLU", "latency_us": 3},
                   {"model": "KernelBench/level1/63_conv_standard_2D__square_input__square_kernel",
                    "latency_us": 4},
                   {"model": "KernelBench/level9/unknown"}]})",
                        "bench.json");
  ASSERT_TRUE(cases.ok()) << cases.error().what;
  ASSERT_EQ(cases->size(), 2U);
  EXPECT_EQ((*cases)[0].group, "onnx Relu");
  EXPECT_EQ((*cases)[0].measured_us, 3);
  EXPECT_EQ((*cases)[1].group, "onnx Conv");
  EXPECT_EQ((*cases)[1].kernels.size(), 4U);
}

TEST(KernelBenchCases, ReportRowsWithoutATime) {
  const ascend::Soc soc = simulator::chip_910b2();
  const auto error = [&](const char* text) {
    return kernelbench_cases(soc, text, "bench.json").error();
  };
  EXPECT_EQ(error("[]").what, "the benchmarks hold no rows");
  const Error no_time = error(R"({"rows": [{"model": "KernelBench/level1/19_ReLU"}]})");
  EXPECT_EQ(no_time.what, "benchmark 'level1/19_ReLU' has no latency_us");
  EXPECT_EQ(no_time.where, "bench.json");
  EXPECT_EQ(no_time.fix, "give its time in microseconds");
}

TEST(KernelBenchCases, AreAllKernels) {
  const ascend::Soc soc = simulator::chip_910b2();
  for (const KernelBenchCase& one : kernelbench_graphs())
    EXPECT_TRUE(case_of(soc, std::string(one.name), "", 1, one.kernels).ok()) << one.name;
}

}  // namespace
}  // namespace keel::calibration
