#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

class OpenShapes : public TuneFixture {
 protected:
  OpenShapes() { open_batch_axis(folder_ / "tiny/model.onnx"); }

  Finished run(const std::string& command, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {command, "--model", folder_ / "tiny/model.onnx", "--data",
                                          folder_ / "tiny/samples"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_keel(arguments);
  }

  static constexpr const char* kNote =
      "note: the model leaves shapes open; the samples have --input_shape \"x:1,32\"\n";
};

TEST_F(OpenShapes, ComeFromTheSamplesAndAreSaidAndPinned) {
  const Finished tuned = tune("out", {"--max_trials", "3"});
  EXPECT_LE(tuned.exit_code, 1) << tuned.err;
  EXPECT_NE(tuned.err.find(kNote), std::string::npos) << tuned.err;
  EXPECT_NE(text_of("out", "atc.sh").find("x:1,32"), std::string::npos);
  for (const Finished& finished : {run("run", {"--output", folder_ / "run"}), run("inspect")}) {
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    EXPECT_TRUE(finished.err.starts_with(kNote)) << finished.err;
  }
}

TEST_F(OpenShapes, AreThoseOfTheFlagWhereItIsGiven) {
  const Finished finished = run("run", {"--output", folder_ / "run", "--input_shape", "x:1,32"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(finished.err, "");
  const Finished other = run("run", {"--output", folder_ / "run", "--input_shape", "x:2,32"});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_NE(other.err.find("shape is [1,32], input 'x' takes [2,32]"), std::string::npos)
      << other.err;
}

TEST_F(OpenShapes, AreOfAFolderThatIsThere) {
  const Finished finished =
      run_keel({"compile", "--model", folder_ / "tiny/model.onnx", "--data", folder_ / "nowhere"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_EQ(finished.err,
            "error: there is no such folder of samples\n   at: " + (folder_ / "nowhere") +
                "\n  fix: give --data a folder with 000.npy, 001.npy, ...\n");
}

TEST_F(OpenShapes, CannotBeTwo) {
  std::string text = read_text(folder_ / "tiny/samples/003.npy");
  text.replace(text.find("(1, 32)"), 7, "(2, 16)");
  write_text(folder_ / "tiny/samples/003.npy", text);
  const Finished finished = run("run", {"--output", folder_ / "run"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_EQ(finished.err,
            "error: input 'x' is [2,16] in sample '003' and [1,32] in sample '000'\n   at: " +
                (folder_ / "tiny/samples/003.npy") +
                "\n  fix: pad or resize the samples to one shape, or give each shape a folder of "
                "its own\n");
}

TEST_F(OpenShapes, OfTheSamplesHaveToFitTheModel) {
  for (int i = 0; i < 16; ++i) {
    const std::string file =
        folder_ / ("tiny/samples/0" + std::string(i < 10 ? "0" : "") + std::to_string(i) + ".npy");
    std::string text = read_text(file);
    text.replace(text.find("(1, 32)"), 7, "(2, 16)");
    write_text(file, text);
  }
  const Finished finished = run("run", {"--output", folder_ / "run"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_NE(finished.err.find("the samples of input 'x' are [2,16], the model takes [N,32]"),
            std::string::npos)
      << finished.err;
}

}  // namespace
}  // namespace keel::test
