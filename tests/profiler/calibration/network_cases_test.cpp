#include "profiler/calibration/network_cases.h"

#include <gtest/gtest.h>

#include <fstream>

#include "profiler/calibration/network_calibration.h"
#include "profiler/simulator/timing.h"
#include "tests/places/places.h"
#include "tests/profiler/simulator/chips.h"

namespace keel::calibration {
namespace {

namespace fs = std::filesystem;

class NetworkCases : public testing::Test {
 protected:
  NetworkCases()
      : folder_(fs::path(testing::TempDir()) /
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::create_directories(folder_);
    fs::copy_file(test::source_folder() / "demo/model.onnx", folder_ / "demo.onnx",
                  fs::copy_options::overwrite_existing);
    fs::remove(folder_ / "networks.json");
  }
  ~NetworkCases() override { fs::remove_all(folder_); }

  Result<std::vector<MeasuredNetwork>> cases() const {
    const fs::path configs = test::source_folder() / "configs";
    const Result<ascend::Soc> soc = ascend::load_soc(configs, "Ascend310P3");
    const Result<ascend::OpTable> table = ascend::OpTable::load(configs);
    KEEL_CHECK(soc.ok() && table.ok());
    return network_cases(*soc, *table, folder_);
  }
  void list(const std::string& text) const { std::ofstream(folder_ / "networks.json") << text; }

  fs::path folder_;
};

TEST_F(NetworkCases, AreWholeProgramsOfEachRow) {
  list(R"([{"file": "demo.onnx", "network": "demo", "family": "mlp", "model": "Demo", "batch": 1,
            "us": 250.5},
           {"file": "demo.onnx", "network": "demo", "family": "mlp", "model": "Demo_again",
            "batch": 8, "us": 300}])");
  const Result<std::vector<MeasuredNetwork>> networks = cases();
  ASSERT_TRUE(networks.ok()) << networks.error().what;
  ASSERT_EQ(networks->size(), 2U);
  const MeasuredNetwork& first = networks->front();
  EXPECT_EQ(first.network, "demo");
  EXPECT_EQ(first.family, "mlp");
  EXPECT_EQ(first.measured.id, "Demo demo 1");
  EXPECT_EQ(first.measured.group, "Demo");
  EXPECT_EQ(first.measured.measured_us, 250.5);
  EXPECT_TRUE(first.measured.whole);
  EXPECT_FALSE(first.measured.kernels.empty());
  EXPECT_EQ((*networks)[1].measured.id, "Demo_again demo 8");
  EXPECT_EQ((*networks)[1].measured.kernels.size(), first.measured.kernels.size());
}

TEST(WholeProgram, IsPredictedAsTheSimulatorDoesEqualKernelsAndTheExecutionIncluded) {
  ascend::Soc soc = simulator::chip_310p3();
  soc.timing.execution_us = 100;
  const program::Program program = simulator::program_of(
      "x: f16[64,64] = input\na = Relu(x)\nb = Relu(a)\nc = Softmax(b)\ny = Relu(c)\nreturn y\n");
  const MeasuredCase one = case_of(soc, "id", "group", 1, program);
  EXPECT_EQ(one.kernels.size(), 2U) << "three of the four are equal";
  EXPECT_DOUBLE_EQ(predicted_us(soc, one), simulator::predict(soc, program).total_us);
}

TEST_F(NetworkCases, SayWhatIsMissing) {
  const Result<std::vector<MeasuredNetwork>> none = cases();
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::NotReadable);
  EXPECT_NE(none.error().fix.find("save_networks.py"), std::string::npos);
  for (const char* wrong :
       {"{", "{}", "[1]", R"([{"file": "demo.onnx"}])",
        R"([{"file": "demo.onnx", "network": "demo", "family": "mlp", "model": "D", "batch": 1,
            "us": 0}])",
        R"([{"file": "demo.onnx", "network": "demo", "family": "mlp", "model": "D", "batch": "1",
            "us": 1}])"}) {
    list(wrong);
    const Result<std::vector<MeasuredNetwork>> refused = cases();
    ASSERT_FALSE(refused.ok()) << wrong;
    EXPECT_EQ(refused.error().code, ErrorCode::InvalidConfig) << wrong;
  }
  list(R"([{"file": "absent.onnx", "network": "demo", "family": "mlp", "model": "D", "batch": 1,
            "us": 1}])");
  EXPECT_FALSE(cases().ok());
}

TEST_F(NetworkCases, ListTheRowsThatDoNotCountWithTheirReason) {
  const auto write = [&](const char* text) { std::ofstream(folder_ / "left_out.json") << text; };
  fs::remove(folder_ / "left_out.json");
  EXPECT_EQ(left_out_rows(folder_).error().what, "there is no list of rows that do not count");
  write(R"([{"network": "a", "batch": 4, "reason": "copied"},
            {"network": "a", "batch": 8, "reason": "copied"},
            {"network": "b", "batch": 8, "reason": "another graph"}])");
  const Result<std::vector<LeftOutRow>> rows = left_out_rows(folder_);
  ASSERT_TRUE(rows.ok()) << rows.error().what;
  ASSERT_EQ(rows->size(), 3U);
  EXPECT_EQ((*rows)[1].network, "a");
  EXPECT_EQ((*rows)[1].batch, 8);
  EXPECT_EQ((*rows)[2].reason, "another graph");
  for (const char* wrong : {"{", "{}", R"([{"network": "a", "batch": 4}])",
                            R"([{"network": "a", "batch": 4, "reason": ""}])"}) {
    write(wrong);
    const Result<std::vector<LeftOutRow>> refused = left_out_rows(folder_);
    ASSERT_FALSE(refused.ok()) << wrong;
    EXPECT_EQ(refused.error().what, "a row that does not count is not described") << wrong;
    EXPECT_EQ(refused.error().fix, "give network, batch and reason");
  }
}

TEST(NetworkReport, GivesOneLineForRowsOfANetworkWithOneReason) {
  NetworkCalibration calibration;
  calibration.soc = simulator::chip_310p3();
  calibration.left_out = {
      {"a", 4, "copied"}, {"a", 8, "copied"}, {"a", 16, "odd"}, {"b", 16, "odd"}};
  EXPECT_TRUE(network_report(calibration)
                  .ends_with("| a | 4, 8 | copied |\n| a | 16 | odd |\n| b | 16 | odd |\n"));
}

}  // namespace
}  // namespace keel::calibration
