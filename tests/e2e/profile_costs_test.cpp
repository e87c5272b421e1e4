// What keel profile prints of small graphs on a chip with round numbers, against times computed by
// hand from the facts: a wrong cost of a cast, a fusion that does not happen or a wrong number of
// cores changes each of them.

#include <gtest/gtest.h>

#include "tests/e2e/own_configs.h"
#include "tests/support/model_writer.h"

namespace keel::test {
namespace {

using Json = nlohmann::json;

constexpr int kElements = 1'280'000;

// Microseconds of kernels that pass over kElements:
constexpr double kLaunch = 2;
// Bytes at 10^6 a microsecond, of one tensor.
constexpr double kHalf = 2 * kElements / 1e6;
constexpr double kFloat = 4 * kElements / 1e6;
// A vector instruction works on 256 bytes a cycle and repeats 255 times at most; each start costs
// 27 cycles. On a core 10,000 or 20,000 repeats of all 20 are 500 in 2 starts or 1000 in 4.
constexpr double vector_half(double cycles) { return (500 * cycles + 2 * 27) / 1000; }
constexpr double vector_float(double cycles) { return (1000 * cycles + 4 * 27) / 1000; }

// One cycle a repeat of the wider dtype.
constexpr double kCast = kLaunch + vector_float(1) + kFloat + kHalf;
constexpr double kNegHalf = vector_half(1), kNegFloat = vector_float(1);
constexpr double kExpHalf = vector_half(4), kExpFloat = vector_float(2);

class ProfileCosts : public testing::Test {
 protected:
  ProfileCosts() {
    make_round_chip(configs_);
    ModelWriter model("chain");
    model.input("x", {kElements});
    model.node("neg", "Neg", {"x"});
    model.node("exp", "Exp", {"neg"}, "y");
    model.output("y", {kElements});
    model.write(folder_ / "chain.onnx");
  }

  Json profile(const std::string& model, const std::string& keep = "") const {
    write_text(folder_ / "keep.cfg", keep);
    const Finished run = run_keel({"profile", "--model", folder_ / model, "--keep_dtype",
                                   folder_ / "keep.cfg", "--format", "json"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return Json::parse(run.out);
  }

  // "cast 10.788, vector 9.728, ...": class and time of each kernel.
  static std::string kernels(const Json& json) {
    std::string text;
    for (const Json& kernel : json["kernels"]) {
      char us[32];
      std::snprintf(us, sizeof us, " %.3f", kernel["us"].get<double>());
      text += (text.empty() ? "" : ", ") + kernel["class"].get<std::string>() + us;
    }
    return text;
  }

  OwnConfigs configs_;
  TemporaryFolder folder_;
};

TEST_F(ProfileCosts, OfAFusedChainBetweenTwoCasts) {
  const Json json = profile("chain.onnx");
  EXPECT_EQ(kernels(json), "cast 10.788, vector 9.728, cast 10.788");
  EXPECT_NEAR(json["latency_us"].get<double>(),
              2 * kCast + kLaunch + kNegHalf + kExpHalf + 2 * kHalf, 1e-9);
}

TEST_F(ProfileCosts, OfACastMoreAreThoseOfItsKernel) {
  const Json json = profile("chain.onnx", "exp\n");
  EXPECT_EQ(kernels(json), "cast 10.788, vector 7.674, cast 10.788, vector 14.348");
  const double neg = kLaunch + kNegHalf + 2 * kHalf;
  const double exp = kLaunch + kExpFloat + 2 * kFloat;
  EXPECT_NEAR(json["latency_us"].get<double>(), kCast + neg + kCast + exp, 1e-9);
  EXPECT_EQ(json["casts"], 2);
}

TEST_F(ProfileCosts, OfWhatIsKeptWholeHaveNoCast) {
  const Json json = profile("chain.onnx", "neg\nexp\n");
  EXPECT_EQ(kernels(json), "vector 15.456");
  EXPECT_NEAR(json["latency_us"].get<double>(), kLaunch + kNegFloat + kExpFloat + 2 * kFloat, 1e-9);
}

// What a fusion saves: a launch, and the tensor between written and read.
TEST_F(ProfileCosts, OfTwoKernelsAreThoseOfOneAndWhatTheyHandOver) {
  ModelWriter model("fork");
  model.input("x", {kElements});
  model.node("neg", "Neg", {"x"});
  model.node("exp", "Exp", {"neg"}, "y");
  model.output("neg", {kElements});  // handed out too, so that nothing is fused
  model.output("y", {kElements});
  model.write(folder_ / "fork.onnx");
  const double fused = profile("chain.onnx", "neg\nexp\n")["latency_us"];
  const Json json = profile("fork.onnx", "neg\nexp\n");
  EXPECT_EQ(json["kernels"].size(), 2U);
  EXPECT_NEAR(json["latency_us"].get<double>(), fused + kLaunch + 2 * kFloat, 1e-9);
}

// Products of one block each, dealt to 10 cores: a block is 16 x 16 x 16, and loading its right
// operand of 512 bytes at 256 bytes a cycle takes longer than its one cycle of multiplying.
TEST_F(ProfileCosts, OfProductsComeInRoundsOfTheCores) {
  for (const auto& [count, rounds] :
       std::map<int, int>{{1, 1}, {10, 1}, {11, 2}, {20, 2}, {21, 3}}) {
    ModelWriter model("products");
    model.input("a", {count, 16, 16});
    model.input("b", {count, 16, 16});
    model.node("product", "MatMul", {"a", "b"}, "y");
    model.output("y", {count, 16, 16});
    model.write(folder_ / "products.onnx");
    double cube_us = 0;
    const Json json = profile("products.onnx");
    for (const Json& kernel : json["kernels"]) cube_us += kernel["cube_us"].get<double>();
    EXPECT_NEAR(cube_us, rounds * 2 / 1000.0, 1e-12) << count;
  }
}

TEST_F(ProfileCosts, AreInTheTableThatPeopleRead) {
  const Finished run = run_keel({"profile", "--model", folder_ / "chain.onnx"});
  EXPECT_NE(run.out.find("31.3 us"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("10.79"), std::string::npos) << run.out;
}

}  // namespace
}  // namespace keel::test
