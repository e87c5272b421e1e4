#include <nlohmann/json.hpp>

#include "profiler/accuracy/dataset.h"
#include "tests/e2e/tune_fixture.h"
#include "tests/support/open_mlp.h"

namespace keel::test {
namespace {

// The files of a run with batches beside those of a run without.
class Batches : public testing::Test {
 protected:
  Finished tune(const std::string& output, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"tune",
                                          "--model",
                                          folder_ / "mlp/model.onnx",
                                          "--data",
                                          folder_ / "mlp/samples",
                                          "--require",
                                          "relative_l2<=0.0005",
                                          "--output",
                                          folder_ / output};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_keel(arguments);
  }

  std::string text_of(const std::string& output, const std::string& file) const {
    return read_text(folder_ / (output + "/" + file));
  }

  int batch_of(const std::string& output) const {
    return nlohmann::json::parse(text_of(output, "run.json"))["batch_samples"];
  }

  // Whether the products of this machine give rows the same bits alone and with others, which those
  // of oneDNN do not everywhere: where they differ there are no batches to test.
  bool sums_rows_alike() const {
    const std::size_t count = 4;
    std::vector<float> rows, alone;
    for (std::size_t s = 0; s < count; ++s) {
      const std::string name = "00" + std::to_string(s) + ".npy";
      std::filesystem::create_directories(folder_ / "first");
      std::filesystem::copy(folder_ / ("mlp/samples/" + name), folder_ / ("first/" + name));
      append(folder_ / ("first/" + name), rows);
    }
    std::filesystem::create_directories(folder_ / "stacked");
    const auto columns = static_cast<std::int64_t>(rows.size() / count);
    EXPECT_TRUE(
        accuracy::write_npy(folder_ / "stacked/000.npy", make_f32({count, columns}, rows)).ok());
    bool are_alike = true;
    for (const std::vector<std::string>& mode : {Arguments{}, {"--precision_mode", "force_fp16"}}) {
      std::vector<float> one_by_one, together;
      run("first", mode);
      run("stacked", mode);
      for (std::size_t s = 0; s < count; ++s)
        append(folder_ / ("first_out/00" + std::to_string(s) + ".npy"), one_by_one);
      append(folder_ / "stacked_out/000.npy", together);
      are_alike = are_alike && one_by_one == together;
    }
    return are_alike;
  }

  // What both say is the same; both ran to the end.
  void compare(const std::vector<std::string>& more = {}) {
    std::vector<std::string> alone = more;
    alone.insert(alone.end(), {"--batch_samples", "1"});
    one_by_one_ = tune("alone", alone);
    together_ = tune("together", more);
    ASSERT_LE(one_by_one_.exit_code, 1) << one_by_one_.err;
    EXPECT_EQ(together_.exit_code, one_by_one_.exit_code) << together_.err;
    for (const std::string& file : kDeterministicFiles)
      EXPECT_EQ(text_of("together", file), text_of("alone", file)) << file;
    EXPECT_EQ(batch_of("alone"), 1);
    EXPECT_EQ(one_by_one_.err.find("in batches of"), std::string::npos) << one_by_one_.err;
  }

  static constexpr const char* kOtherOrder =
      "products of this machine sum more rows in another order";
  static constexpr const char* kDistrust = "a variant gave other bits in a batch than alone";

  using Arguments = std::vector<std::string>;

  void run(const std::string& samples, const Arguments& mode) const {
    Arguments arguments = {"run",
                           "--model",
                           folder_ / "mlp/model.onnx",
                           "--data",
                           folder_ / samples,
                           "--output",
                           folder_ / (samples + "_out")};
    arguments.insert(arguments.end(), mode.begin(), mode.end());
    const Finished finished = run_keel(arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
  }

  static void append(const std::filesystem::path& file, std::vector<float>& to) {
    const Result<Tensor> tensor = accuracy::read_npy(file);
    ASSERT_TRUE(tensor.ok()) << file;
    const std::span<const float> elements = tensor->as<float>();
    to.insert(to.end(), elements.begin(), elements.end());
  }

  TemporaryFolder folder_;
  Finished one_by_one_, together_;
};

TEST_F(Batches, OfSamplesChangeNoFigure) {
  write_open_mlp(folder_ / "mlp", Coupling::None);
  if (!sums_rows_alike()) GTEST_SKIP() << kOtherOrder;
  compare();
  EXPECT_GE(batch_of("together"), 4);
  EXPECT_NE(together_.err.find("samples run in batches of " + std::to_string(batch_of("together")) +
                               ": every bit is as one by one"),
            std::string::npos)
      << together_.err;
  EXPECT_EQ(together_.err.find(kDistrust), std::string::npos) << together_.err;
}

TEST_F(Batches, AreNotLargerThanAskedFor) {
  write_open_mlp(folder_ / "mlp", Coupling::None, 64);
  if (!sums_rows_alike()) GTEST_SKIP() << kOtherOrder;
  for (const char* most : {"3", "7", "64"}) {
    const Finished finished = tune(most, {"--batch_samples", most});
    EXPECT_LE(finished.exit_code, 1) << finished.err;
  }
  EXPECT_EQ(batch_of("3"), 1);
  EXPECT_EQ(batch_of("7"), 4);
  EXPECT_GE(batch_of("64"), 4);
}

TEST_F(Batches, GiveACheckTheOutputsOfItsSamples) {
  write_open_mlp(folder_ / "mlp", Coupling::None);
  if (!sums_rows_alike()) GTEST_SKIP() << kOtherOrder;
  compare({"--check", "cat {outputs}/*.npy | cksum | cut -d' ' -f1", "--check_bound", ">=0"});
  EXPECT_GE(batch_of("together"), 4);
}

TEST_F(Batches, ShareResultsOrNot) {
  write_open_mlp(folder_ / "mlp", Coupling::None);
  if (!sums_rows_alike()) GTEST_SKIP() << kOtherOrder;
  compare({"--cache_mb", "0"});
  EXPECT_GE(batch_of("together"), 4);
}

TEST_F(Batches, AreNoneWhereSamplesMeet) {
  for (const Coupling coupling : {Coupling::Always, Coupling::Kept, Coupling::Lowered}) {
    SCOPED_TRACE(static_cast<int>(coupling));
    std::filesystem::remove_all(folder_ / "together");
    write_open_mlp(folder_ / "mlp", coupling);
    const Finished finished = tune("together");
    EXPECT_LE(finished.exit_code, 1) << finished.err;
    EXPECT_EQ(batch_of("together"), 1);
  }
}

TEST_F(Batches, EndWhereAVariantMakesSamplesMeet) {
  write_open_mlp(folder_ / "mlp", Coupling::MixedVariants);
  if (!sums_rows_alike()) GTEST_SKIP() << kOtherOrder;
  compare();
  EXPECT_GE(batch_of("together"), 4);
  EXPECT_NE(together_.err.find(kDistrust), std::string::npos) << together_.err;
}

TEST_F(Batches, AreNoneOnADeviceThatComputesNothing) {
  write_open_mlp(folder_ / "mlp", Coupling::None);
  compare({"--device", "null"});
  EXPECT_EQ(batch_of("together"), 1);
}

}  // namespace
}  // namespace keel::test
