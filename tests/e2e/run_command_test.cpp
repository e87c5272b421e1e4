#include <array>
#include <filesystem>

#include "profiler/accuracy/dataset.h"
#include "tests/e2e/tune_fixture.h"
#include "tests/support/model_writer.h"

namespace keel::test {
namespace {

class RunCommand : public TuneFixture {
 protected:
  Finished run(const std::string& command, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {command, "--model", folder_ / "tiny/model.onnx", "--data",
                                          folder_ / "tiny/samples"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_keel(arguments);
  }
};

TEST_F(RunCommand, WritesOverItsOwnFilesButNotBesideThoseOfAnother) {
  const std::vector<std::string> into{"--output", folder_ / "out"};
  ASSERT_EQ(run("run", into).exit_code, 0);
  ASSERT_EQ(run("run", into).exit_code, 0);
  std::filesystem::copy_file(folder_ / "out/000.npy", folder_ / "out/other.npy");
  const Finished beside = run("run", into);
  EXPECT_EQ(beside.exit_code, 2);
  EXPECT_EQ(beside.err,
            "error: the folder holds a file that this run does not write, such as other.npy\n"
            "   at: " +
                (folder_ / "out") + "\n  fix: give an empty --output, or remove them\n");
}

// The root of numbers below zero.
class OutOfDomain : public TuneFixture {
 protected:
  OutOfDomain() {
    std::filesystem::create_directories(folder_ / "root/samples");
    ModelWriter model("root");
    model.input("x", {4});
    model.node("root", "Sqrt", {"x"}, "y");
    model.output("y", {4});
    model.write(folder_ / "root/model.onnx");
    for (int i = 0; i < 3; ++i) {
      const float first = i == 1 ? -1.0f : 1.0f;
      EXPECT_TRUE(accuracy::write_npy(folder_ / ("root/samples/00" + std::to_string(i) + ".npy"),
                                      make_f32({4}, std::array{first, 2.0f, 3.0f, 4.0f}))
                      .ok());
    }
  }
};

TEST_F(OutOfDomain, OutputsInFp32AreWarnedOfByEveryCommandThatComparesWithThem) {
  const std::string warning =
      "warning: in plain fp32 output 'y' holds NaN or Inf, in 1 of 3 samples: no figure tells how "
      "far variants are from that\n   at: sample '001'\n";
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{"run", "--output", folder_ / "run"},
        {"inspect"},
        {"tune", "--max_trials", "2", "--output", folder_ / "tune"}}) {
    std::vector<std::string> arguments = {more[0], "--model", folder_ / "root/model.onnx", "--data",
                                          folder_ / "root/samples"};
    arguments.insert(arguments.end(), more.begin() + 1, more.end());
    const Finished finished = run_keel(arguments);
    EXPECT_LE(finished.exit_code, 1) << finished.err;
    EXPECT_NE(finished.err.find(warning), std::string::npos) << more[0] << finished.err;
  }
}

}  // namespace
}  // namespace keel::test
