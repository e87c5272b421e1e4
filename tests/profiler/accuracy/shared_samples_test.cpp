#include <gtest/gtest.h>

#include <set>

#include "profiler/accuracy/dataset.h"
#include "tests/places/places.h"
#include "tests/profiler/accuracy/data_folder.h"

namespace keel::accuracy {
namespace {

namespace fs = std::filesystem;

// Trained models with real inputs; too large, and of too many licences, to stand in this tree.
class SharedSamples : public test::DataFolder {
 protected:
  void SetUp() override {
    models_ = keel::test::shared_folder() / "models";
    if (!fs::is_directory(models_))
      GTEST_SKIP() << "no models in " << models_ << ": set KEEL_SHARED to the folder above them";
  }
  const fs::path& models() const { return models_; }

 private:
  fs::path models_;
};

TEST_F(SharedSamples, OfOneInputLoadWithTheirLabels) {
  const std::vector<Port> inputs = {{"Input3", {DType::F32, {1, 1, 28, 28}}}};
  const Result<Dataset> data = load_dataset(models() / "mnist", inputs, std::nullopt);
  ASSERT_TRUE(data.ok()) << error_of(data);
  EXPECT_EQ(data->samples.size(), 64u);
  EXPECT_EQ(data->samples[63].name, "063");
  ASSERT_EQ(data->labels.size(), 64u);
  EXPECT_EQ(data->labels[0], 7);
  EXPECT_EQ(std::set(data->labels.begin(), data->labels.end()).size(), 10u);
}

TEST_F(SharedSamples, OfTwoInputsLoadByTheirNames) {
  const std::vector<Port> inputs = {{"input", {DType::F32, {1, 576}}},
                                    {"state", {DType::F32, {2, 1, 128}}}};
  const Result<Dataset> data = load_dataset(models() / "silero_vad", inputs, std::nullopt);
  ASSERT_TRUE(data.ok()) << error_of(data);
  EXPECT_EQ(data->samples.size(), 48u);
  for (const Sample& sample : data->samples) {
    EXPECT_EQ(sample.inputs[0].shape(), inputs[0].type.shape);
    EXPECT_EQ(sample.inputs[1].shape(), inputs[1].type.shape);
  }
  EXPECT_TRUE(data->labels.empty());
}

TEST_F(SharedSamples, WrittenByNumpyAreWrittenTheSameByUs) {
  const fs::path original = models() / "mnist" / "inputs" / "000.npy";
  const Result<Tensor> tensor = read_npy(original);
  ASSERT_TRUE(tensor.ok()) << error_of(tensor);
  ASSERT_TRUE(write_npy(folder() / "copy.npy", *tensor).ok());
  EXPECT_EQ(test::content_of(folder() / "copy.npy"), test::content_of(original));
}

}  // namespace
}  // namespace keel::accuracy
