#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <tuple>

#include "tests/e2e/demo_samples.h"
#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

class BadInput : public TuneFixture {
 protected:
  // The run fails with `exit_code` and its error holds every word; nothing is written.
  void expect_error(const Finished& run, int exit_code, const std::vector<std::string>& words) {
    EXPECT_EQ(run.exit_code, exit_code) << run.err;
    for (const std::string& word : words)
      EXPECT_NE(run.err.find(word), std::string::npos) << "no '" << word << "' in:\n" << run.err;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "out/execeptionlist.cfg"));
  }
};

// They are removed before a run writes its own.
TEST_F(BadInput, FilesOfTheOwnersInTheOutputFolderAreNotReplaced) {
  std::filesystem::create_directories(folder_ / "out");
  for (const auto& [option, name, text] :
       {std::tuple{"--keep_dtype", "execeptionlist.cfg", "log\n"},
        {"--customize_dtypes", "customize_dtypes.cfg", "log::OutputDtype:float32\n"},
        {"--op_precision_mode", "op_precision_mode.ini", "[ByNodeName]\n"}}) {
    for (const char* modes : {"force_fp16", "force_fp16,allow_mix_precision"}) {
      const std::string file = folder_ / ("out/" + std::string(name));
      write_text(file, text);
      const Finished finished = tune("out", {option, file, "--precision_mode", modes});
      EXPECT_EQ(finished.exit_code, 2) << name;
      EXPECT_NE(finished.err.find("would replace your file"), std::string::npos) << finished.err;
      EXPECT_EQ(text_of("out", name), text);
    }
  }
}

TEST_F(BadInput, TruncatedModel) {
  const std::string whole = read_text(folder_ / "tiny/model.onnx");
  write_text(folder_ / "tiny/model.onnx", whole.substr(0, whole.size() / 2));
  expect_error(tune("out"), 2, {"error: ", "model.onnx", "fix: "});
}

TEST_F(BadInput, MissingModel) {
  std::filesystem::remove(folder_ / "tiny/model.onnx");
  expect_error(tune("out"), 2, {"error: ", "model.onnx", "No such file"});
}

TEST_F(BadInput, WrongInputShape) {
  expect_error(tune("out", {"--input_shape", "x:1,31"}), 2, {"error: ", "x", "31", "32"});
  expect_error(tune("out", {"--input_shape", "z:1,32"}), 2, {"error: ", "'z'", "x"});
}

TEST_F(BadInput, SampleOfAnotherShape) {
  std::filesystem::copy_file(folder_ / "tiny/samples/003.npy", folder_ / "whole.npy");
  std::string text = read_text(folder_ / "whole.npy");
  text.replace(text.find("(1, 32)"), 7, "(2, 16)");
  write_text(folder_ / "tiny/samples/003.npy", text);
  expect_error(tune("out"), 2, {"error: ", "[2,16]", "[1,32]", "003.npy"});
}

TEST_F(BadInput, NanInASample) {
  std::string text = read_text(folder_ / "tiny/samples/002.npy");
  text.replace(text.size() - 4, 4, std::string("\x00\x00\xc0\x7f", 4));
  write_text(folder_ / "tiny/samples/002.npy", text);
  expect_error(tune("out"), 2, {"error: ", "holds nan at element 31", "002.npy"});
}

TEST_F(BadInput, UnknownOperator) {
  std::string text = read_text(folder_ / "tiny/model.onnx");
  const std::size_t at = text.find("Tanh");
  text.replace(at, 4, "Tahn");
  write_text(folder_ / "tiny/model.onnx", text);
  expect_error(tune("out"), 2, {"error: ", "Tahn", "tanh", "fix: "});
}

TEST_F(BadInput, UnknownSoc) {
  expect_error(tune("out", {"--soc_version", "Ascend910B33"}), 2,
               {"error: ", "Ascend910B33", "Ascend910B3", "fix: "});
}

TEST_F(BadInput, MissingKeepFile) {
  expect_error(tune("out", {"--keep_dtype", folder_ / "no.cfg"}), 2, {"error: ", "no.cfg"});
}

TEST_F(BadInput, KeepEntryThatNamesNothingIsAWarningWithTheNearestName) {
  write_text(folder_ / "keep.cfg", "relu_00\n");
  const Finished run = tune("out", {"--keep_dtype", folder_ / "keep.cfg"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.err.find("warning: keep entry 'relu_00' names no node"), std::string::npos)
      << run.err;
  EXPECT_NE(run.err.find("keep.cfg:1"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("relu_0"), std::string::npos) << run.err;
}

TEST_F(BadInput, UnwritableOutput) {
  write_text(folder_ / "out", "a file stands where the folder should be");
  const Finished run = tune("out");
  EXPECT_EQ(run.exit_code, 3) << run.err;
  EXPECT_NE(run.err.find("cannot make the folder"), std::string::npos) << run.err;
}

TEST_F(BadInput, UnknownModeMetricDeviceStrategyAndOption) {
  expect_error(tune("out", {"--precision_mode", "force_fp8"}), 2, {"force_fp8", "force_fp16"});
  expect_error(tune("out", {"--require", "relativ_l2<=1"}), 2, {"relativ_l2", "relative_l2"});
  expect_error(tune("out", {"--device", "gpu"}), 2, {"gpu", "npu-sim"});
  expect_error(tune("out", {"--strategy", "luck"}), 2, {"luck", "additive-cut"});
  expect_error(tune("out", {"--colour", "red"}), 2, {"--colour"});
}

// A part of it would be no exhaustive search, so a budget does not help.
TEST_F(BadInput, ExhaustiveSearchOfTooManyUnits) {
  const Finished run = run_keel({"tune", "--model", source_folder() / "demo/model.onnx", "--data",
                                 few_demo_samples(folder_), "--strategy", "exhaustive",
                                 "--max_trials", "9", "--output", folder_ / "out"});
  expect_error(run, 2, {"29 free units", "65536 assignments", "--strategy", "at most 16 units"});
}

TEST_F(BadInput, MetricThatNeedsLabelsTheDataDoesNotHave) {
  std::filesystem::remove(folder_ / "tiny/samples/labels.json");
  expect_error(tune("out", {"--require", "top1_accuracy>=0.5"}), 2, {"labels", "fix: "});
}

}  // namespace
}  // namespace keel::test
