#include "profiler/calibration/vendor_kernels.h"

#include <gtest/gtest.h>

#include "profiler/calibration/measured_case.h"
#include "profiler/simulator/timing.h"
#include "tests/profiler/simulator/chips.h"

namespace keel::calibration {
namespace {

using simulator::TimingClass;

MeasuredCase case_of_row(const OperatorRow& row) {
  Result<MeasuredCase> one =
      case_of(simulator::chip_910b2(), row.id, row.op, row.measured_us, vendor_kernels(row));
  KEEL_CHECK(one.ok());
  return *std::move(one);
}

std::vector<TimingClass> classes_of(const MeasuredCase& one) {
  std::vector<TimingClass> classes;
  for (const CaseKernel& kernel : one.kernels) classes.push_back(kernel.work.timing_class);
  return classes;
}

OperatorRow row(const std::string& op, std::vector<Shape> shapes, std::vector<std::string> dtypes) {
  OperatorRow made;
  made.op = made.id = op;
  for (Shape& shape : shapes) made.operands.push_back({std::move(shape)});
  made.dtypes = std::move(dtypes);
  made.measured_us = 1;
  return made;
}

TEST(VendorKernels, AreOfTheClassThatBoundsThem) {
  using enum TimingClass;
  EXPECT_EQ(classes_of(case_of_row(row("sigmoid", {{64, 64}}, {"f16"}))), std::vector{Elementwise});
  EXPECT_EQ(classes_of(case_of_row(row("rms_norm", {{8, 64}, {64}}, {"f16", "f16"}))),
            std::vector{Rows});
  EXPECT_EQ(classes_of(case_of_row(row("gemm", {{8, 64}, {64, 32}}, {"f16", "f16"}))),
            std::vector{Cube});
  EXPECT_EQ(classes_of(case_of_row(
                row("mha", {{1, 8, 2, 64}, {1, 8, 2, 64}, {1, 8, 2, 64}}, {"f16", "f16", "f16"}))),
            std::vector{Mixed});
  OperatorRow transpose = row("transpose", {{8, 4}}, {"f32"});
  transpose.numbers["perm"] = {1, 0};
  EXPECT_EQ(classes_of(case_of_row(transpose)), std::vector{Layout});
  EXPECT_TRUE(case_of_row(transpose).kernels[0].work.strided);
}

TEST(VendorKernels, CastAMaskOfAnotherDtypeFirst) {
  using enum TimingClass;
  const MeasuredCase other = case_of_row(row("masked_scale", {{64}, {64}}, {"f16", "i8"}));
  EXPECT_EQ(classes_of(other), (std::vector{Cast, Elementwise, Elementwise}));
  const MeasuredCase same = case_of_row(row("masked_scale", {{64}, {64}}, {"f16", "f16"}));
  EXPECT_EQ(classes_of(same), (std::vector{Elementwise, Elementwise}));
}

TEST(VendorKernels, OfADepthwiseConvolutionChangeLayoutsAndFillBuffers) {
  using enum TimingClass;
  OperatorRow conv = row("depthwise_conv_2d", {{1, 32, 8, 8}, {32, 3, 3}}, {"f16", "f16"});
  conv.numbers["padding"] = {1, 1};
  EXPECT_EQ(classes_of(case_of_row(conv)),
            (std::vector{Layout, Layout, Layout, Layout, Elementwise, Elementwise, Depthwise}));
}

TEST(VendorKernels, FollowTheLaunchesThatWereSeen) {
  OperatorRow steps = row("exp", {{64}}, {"f32"});
  EXPECT_EQ(case_of_row(steps).kernels.size(), 1U);
  steps.kernels = {{"Mul", 2}, {"Add", 1}, {"Exp", 1}};
  EXPECT_EQ(case_of_row(steps).kernels.size(), 4U);
}

TEST(VendorKernels, HeadsThatShareKeysReadThemOnce) {
  const auto bytes = [](std::int64_t key_heads) {
    return case_of_row(row("gqa", {{1, 1, 8, 64}, {1, 512, key_heads, 64}, {1, 512, key_heads, 64}},
                           {"f16", "f16", "f16"}))
        .kernels[0]
        .work.bytes;
  };
  const std::int64_t queries_and_result = 2 * 2 * 8 * 64;
  EXPECT_EQ(bytes(8), queries_and_result + 8 * 2 * 2 * 512 * 64);
  EXPECT_EQ(bytes(1), queries_and_result + 2 * 2 * 512 * 64);
}

TEST(VendorKernels, OfAnUnknownOperatorAreNone) {
  EXPECT_TRUE(vendor_kernels(row("warp_drive", {{1}}, {"f16"})).empty());
}

TEST(MeasuredCase, ReportsATextThatIsNoKernel) {
  const ascend::Soc soc = simulator::chip_910b2();
  const Result<MeasuredCase> wrong = case_of(soc, "x/1", "x", 1, {"y = Relu(x)\nreturn y\n"});
  ASSERT_FALSE(wrong.ok());
  EXPECT_TRUE(wrong.error().where.starts_with("x/1, line 1")) << wrong.error().where;
  const Result<MeasuredCase> two =
      case_of(soc, "x/1", "x", 1, {"x: f16[8] = input\na = Relu(x)\ny = Relu(a)\nreturn y\n"});
  ASSERT_FALSE(two.ok());
  EXPECT_EQ(two.error().what, "a kernel of the case is 2 kernels");
  EXPECT_EQ(two.error().where, "x/1");
  EXPECT_EQ(two.error().fix, "put its nodes into one kernel_group");
}

TEST(MeasuredCase, OfAWholeProgramHasItsKernels) {
  const ascend::Soc soc = simulator::chip_910b2();
  const program::Program program = simulator::program_of(
      "x: f16[8,8] = input\na = Relu(x)\nb = Flatten(a)\ny = Softmax(b)\nreturn y\n");
  const MeasuredCase whole = case_of(soc, "model", "model", 10, program);
  ASSERT_EQ(whole.kernels.size(), 2U);  // a renaming is none
  EXPECT_DOUBLE_EQ(predicted_us(soc, whole), simulator::predict(soc, program).total_us);
}

}  // namespace
}  // namespace keel::calibration
