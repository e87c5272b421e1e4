#include "profiler/device/npu_sim_device.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "compiler/ir/text.h"
#include "profiler/simulator/timing.h"

namespace keel::device {
namespace {

ascend::Soc soc(std::string_view name) {
  Result<std::filesystem::path> configs = ascend::config_folder();
  KEEL_CHECK(configs.ok());
  Result<ascend::Soc> loaded = ascend::load_soc(*configs, name);
  KEEL_CHECK(loaded.ok());
  return *std::move(loaded);
}

std::shared_ptr<const program::Program> program_of(const std::string& text) {
  Result<ir::Graph> graph = ir::parse(text);
  KEEL_CHECK(graph.ok());
  Result<program::Program> program = program::lower(*std::move(graph));
  KEEL_CHECK(program.ok());
  return std::make_shared<const program::Program>(*std::move(program));
}

std::unique_ptr<Device> npu_sim(std::string_view soc_name) {
  Result<std::unique_ptr<Device>> device = open_npu_sim(soc(soc_name));
  KEEL_CHECK(device.ok());
  return *std::move(device);
}

std::string product(const std::string& dtype, const std::string& compute) {
  return "x: " + dtype + "[4,4] = input\nw: " + dtype + "[4,4] = constant splat(1)\ny: " + dtype +
         "[4,4] = MatMul(x, w) compute=" + compute + "\nreturn y\n";
}

float squared(std::string_view soc_name, float value) {
  const std::unique_ptr<Device> device = npu_sim(soc_name);
  const auto program = program_of("x: f16[1] = input\ny = Mul(x, x)\nreturn y\n");
  Result<std::unique_ptr<Executable>> executable = device->load(program);
  KEEL_CHECK(executable.ok());
  const Tensor x = make_f32({1}, std::array{value}).relabelled(DType::F16);
  const Result<std::vector<Tensor>> outputs = (*executable)->run(std::span(&x, 1), {});
  KEEL_CHECK(outputs.ok());
  return outputs->front().as<float>()[0];
}

TEST(NpuSimDevice, OverflowsAsTheSocDoes) {
  EXPECT_EQ(squared("Ascend310P3", 1000), 65504);
  EXPECT_EQ(squared("Ascend910B3", 1000), std::numeric_limits<float>::infinity());
}

TEST(NpuSimDevice, TimeIsThePredictedTotal) {
  const std::unique_ptr<Device> device = npu_sim("Ascend910B3");
  const auto program = program_of(product("f16", "f16"));
  Result<std::unique_ptr<Executable>> executable = device->load(program);
  ASSERT_TRUE(executable.ok());
  const Result<Microseconds> time = (*executable)->time({});
  ASSERT_TRUE(time.ok());
  EXPECT_EQ(time->count(), simulator::predict(soc("Ascend910B3"), *program).total_us);
  EXPECT_GT(time->count(), 0);
}

TEST(NpuSimDevice, RefusesProductsTheCubeDoesNotHave) {
  const auto program = program_of(product("f32", "f32"));
  EXPECT_TRUE(npu_sim("Ascend910B3")->load(program).ok());
  const std::unique_ptr<Device> device = npu_sim("Ascend310P3");
  const Result<std::unique_ptr<Executable>> refused = device->load(program);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Unsupported);
  EXPECT_EQ(refused.error().what,
            "MatMul computes in f32, which the cube of Ascend310P3 does not have");
  EXPECT_EQ(refused.error().where, "kernel 'y'");
}

TEST(NpuSimDevice, RefusesBf16WhereTheSocHasNone) {
  const auto program = program_of("x: bf16[4] = input\ny = Relu(x)\nreturn y\n");
  EXPECT_TRUE(npu_sim("Ascend910B3")->load(program).ok());
  const std::unique_ptr<Device> device = npu_sim("Ascend310P3");
  const Result<std::unique_ptr<Executable>> refused = device->load(program);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().what, "'y' is bf16, which Ascend310P3 does not have");
}

}  // namespace
}  // namespace keel::device
