#include <filesystem>
#include <fstream>
#include <sstream>

#include "compiler/base/random.h"
#include "profiler/accuracy/dataset.h"
#include "tests/compiler/onnx/model_builder.h"
#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

namespace fs = std::filesystem;
using ::onnx::TensorProto;

constexpr std::size_t kRows = 64, kColumns = 256;

std::vector<float> numbers(Rng& rng, std::size_t count, float scale) {
  std::vector<float> values(count);
  for (float& value : values) value = scale * (static_cast<float>(rng.below(2001)) / 1000.0F - 1);
  return values;
}

/// v = tanh(v w) / 2 as long as its greatest element is above 0.05; four samples, which need four
/// to nine iterations.
class LoopOfTheData : public TuneFixture {
 protected:
  LoopOfTheData() {
    fs::create_directories(folder_ / "loop/samples");
    Rng rng(7);
    onnx_io::ModelBuilder body;
    body.input("i", {}, TensorProto::INT64).input("go", {}, TensorProto::BOOL);
    body.input("v", {64, 256}).node("MatMul", {"v", "w"}, {"m"}).node("Tanh", {"m"}, {"t"});
    body.node("Mul", {"t", "half"}, {"h"}).node("ReduceMax", {"h"}, {"most"});
    body.set("keepdims", std::int64_t{0}).node("Greater", {"most", "enough"}, {"on"});
    body.node("Identity", {"most"}, {"scan"}).output("on").output("h").output("scan");
    onnx_io::ModelBuilder model;
    model.input("x", {64, 256}).floats("half", {0.5F});
    auto& w = model.initializer("w", {256, 256}, TensorProto::FLOAT);
    for (const float value : numbers(rng, kColumns * kColumns, 0.12F)) w.add_float_data(value);
    model.initializer("enough", {}, TensorProto::FLOAT).add_float_data(0.05F);
    model.node("Loop", {"", "", "x"}, {"y", "s"}).set("body", body);
    model.node("Exp", {"y"}, {"z"}).output("z").output("s");
    std::ofstream(folder_ / "loop/model.onnx", std::ios::binary) << model.bytes();
    for (int i = 0; i < 4; ++i)
      EXPECT_TRUE(accuracy::write_npy(
                      folder_ / ("loop/samples/00" + std::to_string(i) + ".npy"),
                      make_f32({64, 256}, numbers(rng, kRows * kColumns, i == 0 ? 9.0F : 0.01F)))
                      .ok());
  }

  Finished run(const std::string& command, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {command, "--model", folder_ / "loop/model.onnx", "--data",
                                          folder_ / "loop/samples"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_keel(arguments);
  }

  // Number and relative_l2 of a trial that keeps some nodes and not all.
  std::pair<std::string, double> mixed_trial() const {
    std::istringstream numbers(query(
        "out",
        "SELECT number || ' ' || v.value FROM trial JOIN metric_value v ON trial = number AND "
        "samples = 'validation' AND name = 'relative_l2' WHERE v.value > 0 AND kept_units > 2 AND "
        "kept_units < "
        "(SELECT max(kept_units) FROM trial) - 2 ORDER BY number LIMIT 1"));
    std::pair<std::string, double> trial;
    numbers >> trial.first >> trial.second;
    return trial;
  }
};

TEST_F(LoopOfTheData, IsTunedAndItsListGivesTheErrorOfTheTrial) {
  const Finished tuned = run("tune", {"--max_trials", "12", "--loop_iterations", "12", "--output",
                                      folder_ / "out", "--require", "relative_l2<=0.01"});
  ASSERT_EQ(tuned.exit_code, 0) << tuned.err;
  EXPECT_NE(tuned.err.find("note: the data ends node 'n_y' (Loop): 12 iterations are in the graph "
                           "and count in predicted times (--loop_iterations)\n"),
            std::string::npos)
      << tuned.err;
  EXPECT_NE(tuned.err.find("84 of 84 units free (96 nodes, 6 choices as some must agree)"),
            std::string::npos)
      << tuned.err;
  const auto [trial, error] = mixed_trial();
  ASSERT_NE(trial, "");
  const Finished exported =
      run_keel({"export", "--study", folder_ / "out", "--trial", trial, "--output",
                folder_ / "trial", "--onnx", "--data", folder_ / "loop/samples"});
  ASSERT_EQ(exported.exit_code, 0) << exported.err;
  EXPECT_TRUE(fs::exists(folder_ / "trial/mixed_precision.onnx"));
  const Finished again =
      run("run", {"--precision_mode", "force_fp16", "--loop_iterations", "12", "--keep_dtype",
                  folder_ / "trial/execeptionlist.cfg", "--output", folder_ / "outputs"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  std::istringstream words(again.out.substr(again.out.find("relative_l2")));
  std::string name;
  double value = 0;
  words >> name >> value;
  EXPECT_GT(value, 0);
  EXPECT_NEAR(value / error, 1, 1e-4) << again.out << trial << ": " << error;
}

// Three a choice and 100 more, and one for every two choices and 30 more.
TEST_F(LoopOfTheData, TakesTrialsByTheChoiceNotByTheUnit) {
  for (const auto& [preset, trials] : {std::pair{"default", "118"}, std::pair{"quick", "33"}}) {
    const Finished tuned = run("tune", {"--preset", preset, "--loop_iterations", "12", "--output",
                                        folder_ / preset, "--require", "relative_l2<=0.01"});
    EXPECT_NE(tuned.err.find("; at most " + std::string(trials) + " trials\n"), std::string::npos)
        << tuned.err;
  }
}

TEST_F(LoopOfTheData, WithMoreIterationsThanAreInTheGraphIsAnError) {
  const Finished finished = run("run", {"--loop_iterations", "4", "--output", folder_ / "outputs"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_EQ(
      finished.err,
      "error: the loop goes on after 4 iterations\n   at: " + (folder_ / "loop/model.onnx") +
          ": pass 'fold-constants': node 'n_y' (Identity): the first sample: node 'n_y' (Loop)\n"
          "  fix: give --loop_iterations a greater number\n");
  const Finished none = run("run", {"--loop_iterations", "0", "--output", folder_ / "outputs"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_NE(none.err.find("--loop_iterations"), std::string::npos) << none.err;
}

TEST_F(LoopOfTheData, NeedsSamplesForWhatItScans) {
  const Finished finished = run_keel({"compile", "--model", folder_ / "loop/model.onnx"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_NE(finished.err.find("  fix: give --data: the shapes that the first sample has stand for "
                              "all\n"),
            std::string::npos)
      << finished.err;
}

}  // namespace
}  // namespace keel::test
