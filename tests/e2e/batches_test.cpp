#include <nlohmann/json.hpp>

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

  static constexpr const char* kDistrust = "a variant gave other bits in a batch than alone";

  TemporaryFolder folder_;
  Finished one_by_one_, together_;
};

TEST_F(Batches, OfSamplesChangeNoFigure) {
  write_open_mlp(folder_ / "mlp", Coupling::None);
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
  compare({"--check", "cat {outputs}/*.npy | cksum | cut -d' ' -f1", "--check_bound", ">=0"});
  EXPECT_GE(batch_of("together"), 4);
}

TEST_F(Batches, ShareResultsOrNot) {
  write_open_mlp(folder_ / "mlp", Coupling::None);
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
