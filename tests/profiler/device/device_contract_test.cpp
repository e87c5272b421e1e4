#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>
#include <thread>

#include "compiler/ir/text.h"
#include "profiler/device/device.h"

namespace keel::device {
namespace {

constexpr std::string_view kModel =
    "x: f32[2,3] = input\n"
    "w: f32[3,4] = constant random(7)\n"
    "a: f16[2,4] = MatMul(x, w) compute=f16\n"
    "b = Relu(a)\n"
    "y: f32[2,4] = Cast(b) to=f32\n"
    "return y, b\n";

ascend::Soc soc() {
  Result<std::filesystem::path> configs = ascend::config_folder();
  KEEL_CHECK(configs.ok());
  Result<ascend::Soc> loaded = ascend::load_soc(*configs, "Ascend310P3");
  KEEL_CHECK(loaded.ok());
  return *std::move(loaded);
}

std::shared_ptr<const program::Program> program_of(std::string_view text) {
  Result<ir::Graph> graph = ir::parse(text);
  KEEL_CHECK(graph.ok());
  Result<program::Program> program = program::lower(*std::move(graph));
  KEEL_CHECK(program.ok());
  return std::make_shared<const program::Program>(*std::move(program));
}

std::string text(const Error& error) { return error.what + " at " + error.where; }

// Every kind in the table must pass these; a new device gets them by adding its line.
class DeviceContract : public testing::TestWithParam<DeviceKind> {
 protected:
  void SetUp() override {
    Result<std::unique_ptr<Device>> opened = GetParam().open(soc(), nullptr);
    if (!opened.ok()) GTEST_SKIP() << text(opened.error());
    device_ = *std::move(opened);
    Result<std::unique_ptr<Executable>> loaded = device_->load(program_);
    ASSERT_TRUE(loaded.ok()) << text(loaded.error());
    executable_ = *std::move(loaded);
  }

  std::shared_ptr<const program::Program> program_ = program_of(kModel);
  std::vector<Tensor> inputs_ = {make_f32({2, 3}, std::array{1.f, -2.f, 3.f, 0.f, 5.f, -6.f})};
  std::unique_ptr<Device> device_;
  std::unique_ptr<Executable> executable_;  // last: must not outlive the device
};

TEST_P(DeviceContract, IsNamedAsItsKind) {
  EXPECT_EQ(device_->capabilities().name, GetParam().name);
}

TEST_P(DeviceContract, OutputsHaveTheDeclaredTypes) {
  const Result<std::vector<Tensor>> outputs = executable_->run(inputs_, {});
  ASSERT_TRUE(outputs.ok()) << text(outputs.error());
  ASSERT_EQ(outputs->size(), 2u);
  EXPECT_EQ((*outputs)[0].type(), (TensorType{DType::F32, {2, 4}}));
  EXPECT_EQ((*outputs)[1].type(), (TensorType{DType::F16, {2, 4}}));
}

TEST_P(DeviceContract, OutputsAreTheModelsOrZeros) {
  const Result<std::vector<Tensor>> outputs = executable_->run(inputs_, {});
  ASSERT_TRUE(outputs.ok()) << text(outputs.error());
  const Result<std::vector<Tensor>> reference = program::run_on_host(program_->graph, inputs_, {});
  ASSERT_TRUE(reference.ok()) << text(reference.error());
  bool any_positive = false;
  for (std::size_t i = 0; i < 8; ++i) {
    const float expected = device_->capabilities().computes ? (*reference)[0].as<float>()[i] : 0;
    EXPECT_NEAR((*outputs)[0].as<float>()[i], expected, 0.01);
    any_positive |= (*reference)[0].as<float>()[i] > 0.1f;
  }
  EXPECT_TRUE(any_positive);
}

TEST_P(DeviceContract, RunsAgainWithTheSameResult) {
  const Result<std::vector<Tensor>> first = executable_->run(inputs_, {});
  const Result<std::vector<Tensor>> second = executable_->run(inputs_, {});
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(digest((*first)[0]), digest((*second)[0]));
}

TEST_P(DeviceContract, AMemoDoesNotChangeResults) {
  program::ResultMemo memo(1 << 20);
  const Result<std::vector<Tensor>> plain = executable_->run(inputs_, {});
  const Result<std::vector<Tensor>> filling = executable_->run(inputs_, {&memo});
  const Result<std::vector<Tensor>> filled = executable_->run(inputs_, {&memo});
  ASSERT_TRUE(plain.ok() && filling.ok() && filled.ok());
  EXPECT_EQ(digest((*filling)[0]), digest((*plain)[0]));
  EXPECT_EQ(digest((*filled)[0]), digest((*plain)[0]));
}

TEST_P(DeviceContract, TimesAreNotNegativeAndEqualWhereTheDeviceSaysSo) {
  const Result<Microseconds> first = executable_->time(inputs_);
  const Result<Microseconds> second = executable_->time(inputs_);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_GE(first->count(), 0);
  if (device_->capabilities().deterministic_time) {
    EXPECT_EQ(first->count(), second->count());
  }
}

TEST_P(DeviceContract, AWrongInputShapeIsAnErrorWhereItComputes) {
  if (!device_->capabilities().computes) GTEST_SKIP() << "takes any input";
  const std::vector<Tensor> wrong = {make_f32({3}, std::array{1.f, 2.f, 3.f})};
  EXPECT_FALSE(executable_->run(wrong, {}).ok());
  EXPECT_TRUE(executable_->run(inputs_, {}).ok());
}

TEST_P(DeviceContract, RunsFromTwoThreads) {
  const Result<std::vector<Tensor>> alone = executable_->run(inputs_, {});
  ASSERT_TRUE(alone.ok());
  const Digest expected = digest((*alone)[0]);
  std::array<int, 2> wrong{};
  const auto run = [&](int& failures) {
    for (int i = 0; i < 20; ++i) {
      const Result<std::vector<Tensor>> outputs = executable_->run(inputs_, {});
      if (!outputs.ok() || digest((*outputs)[0]) != expected) ++failures;
    }
  };
  std::jthread other([&] { run(wrong[1]); });
  run(wrong[0]);
  other.join();
  EXPECT_EQ(wrong, (std::array{0, 0}));
}

TEST_P(DeviceContract, AnExecutableKeepsItsProgramAlive) {
  program_.reset();
  EXPECT_TRUE(executable_->run(inputs_, {}).ok());
}

INSTANTIATE_TEST_SUITE_P(All, DeviceContract, testing::ValuesIn(device_kinds()),
                         [](const auto& kind) {
                           std::string name(kind.param.name);
                           std::erase(name, '-');
                           return name;
                         });

TEST(DeviceKinds, AreNamedOnceWithASummary) {
  std::set<std::string_view> names;
  for (const DeviceKind& kind : device_kinds()) {
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_FALSE(kind.summary.empty()) << kind.name;
  }
  EXPECT_EQ(device_kinds().front().name, "npu-sim");
}

TEST(DeviceKinds, OpenByName) {
  const Result<std::unique_ptr<Device>> device = open_device("null", soc());
  ASSERT_TRUE(device.ok());
  EXPECT_EQ((*device)->capabilities().name, "null");
}

TEST(DeviceKinds, AnUnknownNameIsAnErrorThatListsThem) {
  const Result<std::unique_ptr<Device>> device = open_device("npusim", soc());
  ASSERT_FALSE(device.ok());
  EXPECT_EQ(device.error().code, ErrorCode::InvalidConfig);
  EXPECT_EQ(device.error().what, "no device is called 'npusim'");
  EXPECT_TRUE(device.error().fix.starts_with("use one of: npu-sim, ")) << device.error().fix;
  for (const DeviceKind& kind : device_kinds())
    EXPECT_NE(device.error().fix.find(kind.name), std::string::npos) << kind.name;
}

}  // namespace
}  // namespace keel::device
