#include <algorithm>
#include <set>

#include "profiler/accuracy/dataset.h"
#include "tests/e2e/tune_fixture.h"
#include "tests/support/detector_model.h"

namespace keel::test {
namespace {

// A model that hands out as many boxes as a sample has.
class Detector : public TuneFixture {
 protected:
  Detector() { write_detector_model(folder_ / "detector"); }

  Finished run(const std::string& command, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {command, "--model", folder_ / "detector/model.onnx"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_keel(arguments);
  }

  std::vector<std::string> samples() const { return {"--data", folder_ / "detector/samples"}; }

  // Rows of the boxes of each sample in what `keel run` wrote.
  std::vector<std::int64_t> box_counts(const std::string& output) const {
    std::vector<std::int64_t> counts;
    for (const char* sample : {"000", "001", "002", "003", "004", "005", "006", "007"}) {
      const Result<Tensor> boxes =
          accuracy::read_npy(folder_ / (output + "/" + sample + ".boxes.npy"));
      EXPECT_TRUE(boxes.ok()) << sample;
      counts.push_back(boxes.ok() ? boxes->shape()[0] : -1);
    }
    return counts;
  }
};

constexpr const char* kNote =
    "note: shapes follow from the data from node 'select' (NonMaxSuppression) on: times are for "
    "those of the first sample, results have their own\n";

TEST_F(Detector, GivesEachSampleItsBoxes) {
  const Finished finished =
      run("run", {"--data", folder_ / "detector/samples", "--output", folder_ / "fp32"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(finished.err, kNote);
  const std::vector<std::int64_t> counts = box_counts("fp32");
  EXPECT_GE(std::set<std::int64_t>(counts.begin(), counts.end()).size(), 3U);
}

TEST_F(Detector, IsTunedOnAnOutputOfFixedShapeBesideTheBoxes) {
  const std::string out = folder_ / "out";
  const Finished finished =
      run("tune", {"--data", folder_ / "detector/samples", "--require", "scores:relative_l2<=0.01",
                   "--max_trials", "20", "--output", out});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_NE(finished.err.find(kNote), std::string::npos) << finished.err;
  // Boxes that a trial does not have, or has too many, make its error large and not infinite.
  EXPECT_EQ(query("out", "SELECT count(*) FROM trial WHERE state_name = 'non_finite'"), "0");
  EXPECT_EQ(query("out", "SELECT count(*) > 5 FROM trial WHERE squared_error < 100"), "1");
}

// No score is above the threshold.
TEST_F(Detector, SaysThatTimesOfAFirstSampleWithoutABoxAreTooShort) {
  const std::string first = folder_ / "detector/samples/000.npy";
  const Result<Tensor> sample = accuracy::read_npy(first);
  ASSERT_TRUE(sample.ok());
  Tensor none(sample->dtype(), sample->shape());
  std::ranges::fill(none.fill<float>(), 0.0f);
  ASSERT_TRUE(accuracy::write_npy(first, none).ok());
  const Finished finished = run("profile", samples());
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_NE(finished.err.find("in which node 'select' (NonMaxSuppression) gives no element: they "
                              "are too short; put a typical sample first\n"),
            std::string::npos)
      << finished.err;
}

TEST_F(Detector, HasNoTimesWithoutASample) {
  for (const std::string command : {"compile", "profile"}) {
    const Finished without = run(command);
    EXPECT_EQ(without.exit_code, 2) << command;
    EXPECT_EQ(without.err,
              "error: the shape of a result follows from the data\n   at: " +
                  (folder_ / "detector/model.onnx") +
                  ": pass 'fold-constants': node 'select' (NonMaxSuppression)\n"
                  "  fix: give --data: the shapes that the first sample has stand for all\n");
    const Finished with = run(command, samples());
    EXPECT_EQ(with.exit_code, 0) << with.err;
    EXPECT_TRUE(with.err.starts_with(kNote)) << with.err;
  }
}

TEST_F(Detector, IsInspectedBehindTheSelectionToo) {
  const Finished finished = run("inspect", samples());
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_NE(finished.out.find("scaled"), std::string::npos);
}

}  // namespace
}  // namespace keel::test
