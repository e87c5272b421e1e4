#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "profiler/accuracy/dataset.h"
#include "tests/e2e/demo_samples.h"
#include "tests/e2e/tune_fixture.h"
#include "tests/places/places.h"

namespace keel::test {
namespace {

namespace fs = std::filesystem;

struct RealModel {
  std::string name;
  fs::path folder;
  double largest_relative_l2 = 1e-5;  // of any output of any sample
};

std::vector<RealModel> real_models() {
  const fs::path shared = shared_folder() / "models";
  std::vector<RealModel> models = {{"demo", source_folder() / "demo"},
                                   // 80 steps of LSTM in both directions, twice, then a softmax.
                                   {"ppocr_en_rec", shared / "ppocr_en_rec", 5e-5}};
  for (const char* name : {"dnsmos_p835", "kwt1_speech", "magika_v3_3", "mnist", "resnet8_cifar10",
                           "silero_vad", "ultraface_rfb320"})
    models.push_back({name, shared / name});
  return models;
}

class RealModels : public testing::TestWithParam<RealModel> {
 protected:
  void SetUp() override {
    if (!fs::exists(GetParam().folder))
      GTEST_SKIP() << "no model at " << GetParam().folder << "; set KEEL_SHARED";
  }

  std::vector<std::string> arguments(const std::string& command, const std::string& output) const {
    return {command,
            "--model",
            (GetParam().folder / "model.onnx").string(),
            "--data",
            GetParam().folder.string(),
            "--output",
            folder_ / output};
  }

  TemporaryFolder folder_;
};

double relative_l2(const Tensor& actual, const Tensor& expected) {
  double difference = 0;
  double norm = 0;
  for (std::int64_t i = 0; i < expected.size(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    const double y = expected.as<float>()[at];
    difference += std::pow(actual.as<float>()[at] - y, 2);
    norm += y * y;
  }
  return std::sqrt(difference / norm);
}

TEST_P(RealModels, GiveTheirExpectedOutputsInFp32) {
  const Finished run = run_keel(arguments("run", "fp32"));
  ASSERT_EQ(run.exit_code, 0) << run.err;
  int compared = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(GetParam().folder / "expected")) {
    const Result<Tensor> expected = accuracy::read_npy(entry.path());
    const Result<Tensor> actual =
        accuracy::read_npy(folder_ / ("fp32/" + entry.path().filename().string()));
    ASSERT_TRUE(expected.ok() && actual.ok()) << entry.path();
    ASSERT_EQ(actual->type(), expected->type()) << entry.path();
    EXPECT_LE(relative_l2(*actual, *expected), GetParam().largest_relative_l2) << entry.path();
    ++compared;
  }
  EXPECT_GE(compared, 8);
}

INSTANTIATE_TEST_SUITE_P(All, RealModels, testing::ValuesIn(real_models()),
                         [](const auto& model) { return model.param.name; });

// What the demonstration promises: plain fp16 breaks the model, the list recommended from a part of
// the samples restores it on all of them.
TEST(Demonstration, IsBrokenByFp16AndRestoredByTheRecommendation) {
  const std::string demo = source_folder() / "demo";
  TemporaryFolder folder;
  const auto agreement = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"run",        "--model",  demo + "/model.onnx",
                                          "--data",     demo,       "--precision_mode",
                                          "force_fp16", "--output", folder / "outputs"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Finished run = run_keel(arguments);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return std::stod(run.out.substr(run.out.find("top1_agreement") + 16));
  };
  EXPECT_LE(agreement({}), 0.5);
  const Finished tuned = run_keel({"tune", "--model", demo + "/model.onnx", "--data",
                                   few_demo_samples(folder), "--require", "top1_agreement>=0.99",
                                   "--cache_mb", "256", "--output", folder / "tuned"});
  ASSERT_EQ(tuned.exit_code, 0) << tuned.err;
  EXPECT_GE(agreement({"--keep_dtype", folder / "tuned/execeptionlist.cfg"}), 0.99);
}

}  // namespace
}  // namespace keel::test
