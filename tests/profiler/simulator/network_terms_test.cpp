#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "profiler/simulator/memory_time.h"
#include "profiler/simulator/timing.h"
#include "tests/profiler/simulator/chips.h"

// Terms of the timing model that only whole networks show.
namespace keel::simulator {
namespace {

KernelTime only_kernel(const ascend::Soc& soc, const std::string& text) {
  const program::Program program = program_of(text);
  KEEL_CHECK(program.kernels.size() == 1);
  return predict(soc, program).kernels[0];
}

std::string tokens(int count, const char* weight = "input") {
  const std::string n = std::to_string(count);
  return "a: f16[1," + n + ",64] = input\nb: f16[64,64] = " + weight +
         "\ny = MatMul(a, b) compute=f16\nreturn y\n";
}

constexpr const char* kFourKernels =
    "x: f16[64,64] = input\na = Relu(x)\nb = Softmax(a)\nc = Transpose(b)\ny = Exp(c)\nreturn y\n";

TEST(ProgramTiming, AnExecutionCostsOnceWhateverItRuns) {
  ascend::Soc soc = chip_310p3();
  const Timeline before = predict(soc, program_of(kFourKernels));
  soc.timing.execution_us = 100;
  const Timeline after = predict(soc, program_of(kFourKernels));
  EXPECT_EQ(before.execution_us, 0);
  EXPECT_EQ(after.execution_us, 100);
  EXPECT_DOUBLE_EQ(after.total_us, before.total_us + 100);
  double kernels_us = 0;
  for (const KernelTime& kernel : after.kernels) kernels_us += kernel.total_us;
  EXPECT_DOUBLE_EQ(after.total_us, 100 + kernels_us);
  // The interval is that of the kernels, around the new sum.
  EXPECT_DOUBLE_EQ(after.interval.hi_us - after.total_us, before.interval.hi_us - before.total_us);
}

TEST(ProgramTiming, TheExecutionCancelsInADifference) {
  ascend::Soc soc = chip_310p3();
  soc.timing.execution_us = 100;
  const program::Program four = program_of(kFourKernels);
  const program::Program one = program_of("x: f16[64,64] = input\ny = Relu(x)\nreturn y\n");
  EXPECT_NEAR(difference(soc, four, one).us,
              predict(soc, four).total_us - predict(soc, one).total_us, 1e-9);
}

TEST(RelayoutTiming, TensorsThatAreNoWholeBlocksArePaddedOnUnifiedCores) {
  const ascend::Soc soc = chip_310p3();
  EXPECT_EQ(only_kernel(soc, tokens(208)).relayout_us, 0);
  const KernelTime time = only_kernel(soc, tokens(197));
  EXPECT_DOUBLE_EQ(time.relayout_us,
                   2 * (soc.timing.layout_launch_us +
                        cached_transfer_us(soc, 2 * 197 * 64 * 2, soc.timing.l2_efficiency)))
      << "what is read and what is written, each read and written";
  EXPECT_DOUBLE_EQ(time.total_us,
                   time.launch_us + std::max(time.cube_us, time.memory_us) + time.relayout_us);
}

TEST(RelayoutTiming, WeightsAreInBlocksAlready) {
  const ascend::Soc soc = chip_310p3();
  const std::string odd = "a: f16[208,64] = input\nb: f16[64,70] = ";
  const std::string rest = "\ny = MatMul(a, b) compute=f16\nreturn y\n";
  EXPECT_LT(only_kernel(soc, odd + "constant splat(1)" + rest).relayout_us,
            only_kernel(soc, odd + "input" + rest).relayout_us);
}

TEST(RelayoutTiming, SplitCoresAndConvolutionsKnowNone) {
  EXPECT_EQ(only_kernel(chip_910b2(), tokens(197)).relayout_us, 0);
  EXPECT_EQ(only_kernel(chip_310p3(),
                        "x: f16[1,3,9,9] = input\nw: f16[5,3,3,3] = constant splat(1)\n"
                        "y = Conv(x, w) compute=f16\nreturn y\n")
                .relayout_us,
            0);
}

TEST(RecurrentTiming, EachStepOfEachDirectionCosts) {
  ascend::Soc soc = chip_310p3();
  const auto launch_us = [&](const std::string& directions, const char* attribute) {
    return only_kernel(soc, "x: f16[10,1,64] = input\nw: f16[" + directions +
                                ",512,64] = input\nr: f16[" + directions +
                                ",512,128] = input\ny = LSTM(x, w, r) compute=f16 " + attribute +
                                "\nreturn y\n")
        .launch_us;
  };
  const double one = launch_us("1", "");
  const double both = launch_us("2", "direction=bidirectional");
  soc.timing.step_us = 4;
  EXPECT_DOUBLE_EQ(launch_us("1", ""), one + 10 * 4);
  EXPECT_DOUBLE_EQ(launch_us("2", "direction=bidirectional"), both + 2 * 10 * 4);
}

TEST(VectorTiming, KindsOfOperatorsHaveRatesOfTheirOwn) {
  using T = ascend::TimingParameters;
  const std::string x = "x: f16[512,512] = input\n";
  const struct {
    std::string text;
    double T::*rate;
  } kKinds[] = {
      {x + "y = Relu(x)\nreturn y\n", &T::vector_efficiency},
      {x + "y = Sigmoid(x)\nreturn y\n", &T::activation_efficiency},
      {x + "y = Softmax(x)\nreturn y\n", &T::softmax_efficiency},
      {x + "s: f16[512] = constant splat(1)\ny = LayerNormalization(x, s)\nreturn y\n",
       &T::norm_efficiency},
      {"x: f16[2,32,16,16] = input\ns: f16[32] = constant splat(1)\nb: f16[32] = constant "
       "splat(1)\n"
       "y = InstanceNormalization(x, s, b)\nreturn y\n",
       &T::channel_norm_efficiency},
  };
  for (const auto& asked : kKinds) {
    ascend::Soc soc = chip_310p3();
    const double before = only_kernel(soc, asked.text).vector_us;
    for (const auto& other : kKinds) {
      ascend::Soc halved = soc;
      halved.timing.*other.rate /= 2;
      EXPECT_DOUBLE_EQ(only_kernel(halved, asked.text).vector_us,
                       other.rate == asked.rate ? 2 * before : before)
          << asked.text;
    }
  }
}

std::string convolution(const char* x, const char* w, const char* attributes) {
  return std::string("x: f16") + x + " = input\nw: f16" + w + " = input\ny = Conv(x, w) " +
         attributes + " compute=f16\nreturn y\n";
}

TEST(ConvolutionTiming, GroupsLinesAndFewChannelsReachSharesOfTheirOwn) {
  const ascend::Soc soc = chip_310p3();
  ascend::Soc slow = soc;
  slow.timing.grouped_efficiency = 0.5;
  slow.timing.line_efficiency = 0.25;
  slow.timing.few_channels_efficiency = 2;
  const auto ratio = [&](const char* x, const char* w, const char* attributes) {
    const std::string text = convolution(x, w, attributes);
    return only_kernel(slow, text).cube_us / only_kernel(soc, text).cube_us;
  };
  const char* square = "pads=[1,1,1,1] group=1";
  EXPECT_DOUBLE_EQ(ratio("[1,32,16,16]", "[32,32,3,3]", square), 1);
  EXPECT_DOUBLE_EQ(ratio("[1,32,16,16]", "[32,8,3,3]", "pads=[1,1,1,1] group=4"), 2);
  EXPECT_DOUBLE_EQ(ratio("[1,32,256]", "[32,32,3]", "pads=[1,1] group=1"), 4);
  EXPECT_DOUBLE_EQ(ratio("[1,4,16,16]", "[32,4,3,3]", square), 0.5);
  EXPECT_DOUBLE_EQ(ratio("[1,5,16,16]", "[32,5,3,3]", square), 1);
  EXPECT_DOUBLE_EQ(ratio("[1,32,16,16]", "[32,1,3,3]", "pads=[1,1,1,1] group=32"), 1)
      << "a depthwise convolution has an efficiency of its own";
}

TEST(FusedTiming, VectorWorkBehindAProductHasARateOfItsOwn) {
  const ascend::Soc soc = chip_310p3();
  ascend::Soc slow = soc;
  slow.timing.fused_efficiency = 0.5;
  const std::string product =
      "a: f16[64,64] = input\nb: f16[64,64] = input\nc = MatMul(a, b) compute=f16\n"
      "y = Relu(c)\nreturn y\n";
  const auto vector_us = [&](const ascend::Soc& chip, const program::Program& program) {
    return predict(chip, program).kernels[0].vector_us;
  };
  EXPECT_DOUBLE_EQ(vector_us(slow, fused_program_of(product)),
                   2 * vector_us(soc, fused_program_of(product)));
  const program::Program alone = program_of("x: f16[64,64] = input\ny = Relu(x)\nreturn y\n");
  EXPECT_EQ(vector_us(slow, alone), vector_us(soc, alone));
}

TEST(MemoryTiming, RowsAndWindowsStreamFromAfarAtARateOfTheirOwn) {
  ascend::Soc soc = chip_310p3();
  soc.timing.memory_overlap = 1e6;  // what is far takes longest, and alone counts
  ascend::Soc fast = soc;
  fast.timing.row_memory_gain = 2;
  const auto ratio = [&](const char* node) {
    const std::string text =
        std::string("x: f16[64,64,128,128] = input\ny = ") + node + "\nreturn y\n";
    return only_kernel(soc, text).memory_us / only_kernel(fast, text).memory_us;
  };
  EXPECT_NEAR(ratio("Softmax(x)"), 2, 1e-3);
  EXPECT_NEAR(ratio("MaxPool(x) kernel=[2,2] strides=[2,2]"), 2, 1e-3);
  EXPECT_NEAR(ratio("Relu(x)"), 1, 1e-9);
}

TEST(MemoryTiming, NearAndFarMemoryOverlapAsFarAsTheChipSays) {
  ascend::Soc soc = chip_310p3();
  const std::string large = "x: f16[4096,8192] = input\ny = Relu(x)\nreturn y\n";
  const double bytes = 2.0 * 2 * 4096 * 8192;
  const double far_us = far_transfer_us(soc, bytes - static_cast<double>(soc.l2_bytes));
  const double near_us =
      cached_transfer_us(soc, static_cast<double>(soc.l2_bytes), soc.timing.l2_efficiency);
  EXPECT_DOUBLE_EQ(only_kernel(soc, large).memory_us, near_us + far_us);
  soc.timing.memory_overlap = 1;
  EXPECT_DOUBLE_EQ(only_kernel(soc, large).memory_us, std::hypot(near_us, far_us));
}

TEST(MemoryTiming, ColdWeightsComeFromFarAndOtherOperandsDoNot) {
  ascend::Soc soc = chip_310p3();
  const std::string constant = tokens(208, "constant splat(1)");
  const double warm_us = only_kernel(soc, constant).memory_us;
  const double input_us = only_kernel(soc, tokens(208)).memory_us;
  soc.timing.cold_weights = 1;
  EXPECT_NEAR(only_kernel(soc, constant).memory_us - warm_us,
              far_transfer_us(soc, 64 * 64 * 2) -
                  cached_transfer_us(soc, 64 * 64 * 2, soc.timing.cube_l2_efficiency),
              1e-9);
  EXPECT_EQ(only_kernel(soc, tokens(208)).memory_us, input_us);
}

TEST(MemoryTiming, OperandsThatTilesReadAgainComeFromTheL2) {
  ascend::Soc soc = chip_910b2();
  const std::string product =
      "a: f16[4096,4096] = input\nb: f16[4096,4096] = input\ny = MatMul(a, b) compute=f16\n"
      "return y\n";
  const double once_us =
      cached_transfer_us(soc, 3.0 * 2 * 4096 * 4096, soc.timing.cube_l2_efficiency);
  EXPECT_GT(only_kernel(soc, product).memory_us, 2 * once_us)
      << "a row of 4096 results is several tiles wide, each reads the left operand";
}

}  // namespace
}  // namespace keel::simulator
