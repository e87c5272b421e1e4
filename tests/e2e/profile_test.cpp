#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/e2e/tune_fixture.h"
#include "tests/places/places.h"

namespace keel::test {
namespace {

using Json = nlohmann::json;

class Profile : public TuneFixture {
 protected:
  // Of the tiny model, parsed.
  Json profile(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"profile", "--model", folder_ / "tiny/model.onnx",
                                          "--format", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Finished run = run_keel(arguments);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return Json::parse(run.out);
  }
};

TEST_F(Profile, AgreesWithRunAndWithEveryTrialOfATuningRun) {
  ASSERT_EQ(tune("out").exit_code, 0);
  const std::string recommended = std::to_string(
      Json::parse(text_of("out", "result.json"))["recommendation"]["trial"].get<int>());
  for (const std::string& trial : {std::string("0"), std::string("1"), recommended}) {
    std::string names = query("out", "SELECT node FROM kept_node WHERE trial = " + trial);
    std::ranges::replace(names, ' ', '\n');
    write_text(folder_ / "keep.cfg", names);
    const Json json = profile({"--keep_dtype", folder_ / "keep.cfg"});
    const double latency_us = json["latency_us"];
    EXPECT_EQ(query("out", "SELECT latency_us = " + json["latency_us"].dump() +
                               " FROM trial WHERE number = " + trial),
              "1")
        << "trial " << trial << " and " << latency_us;

    const Finished run =
        run_keel({"run", "--model", folder_ / "tiny/model.onnx", "--data", folder_ / "tiny/samples",
                  "--precision_mode", "force_fp16", "--keep_dtype", folder_ / "keep.cfg",
                  "--output", folder_ / "outputs"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const double reported = std::stod(run.out.substr(run.out.find("latency_us") + 10));
    EXPECT_NEAR(reported, latency_us, 0.0501) << "trial " << trial;
  }
}

TEST_F(Profile, ListsEveryNodeAndAddsUpToTheLatency) {
  for (const std::string soc : {"Ascend910B3", "Ascend310P3"}) {
    const Json json = profile({"--soc_version", soc});
    double sum = json["execution_us"];
    EXPECT_EQ(sum > 0, soc == "Ascend310P3") << "of the other no program was measured";
    double shares = sum / json["latency_us"].get<double>();
    std::set<std::string> nodes;
    for (const Json& kernel : json["kernels"]) {
      sum += kernel["us"].get<double>();
      shares += kernel["share"].get<double>();
      for (const Json& node : kernel["nodes"]) nodes.insert(node);
      // The parts overlap, but not wholly.
      const double launch = kernel["launch_us"].get<double>();
      const double cube = kernel["cube_us"].get<double>();
      const double vector = kernel["vector_us"].get<double>();
      const double memory = kernel["memory_us"].get<double>();
      const double relayout = kernel["relayout_us"].get<double>();
      const double us = kernel["us"].get<double>();
      EXPECT_GE(us, launch + std::max({cube, vector, memory}) + relayout - 1e-6) << kernel;
      EXPECT_LE(us, launch + cube + vector + memory + relayout + 1e-6) << kernel;
    }
    EXPECT_DOUBLE_EQ(sum, json["latency_us"]) << soc;
    EXPECT_NEAR(shares, 1, 1e-12);
    EXPECT_EQ(nodes, (std::set<std::string>{"power", "floor", "log", "dense_0", "bias_0", "relu_0",
                                            "big", "square", "root", "shrink_back", "dense_1",
                                            "relu_1", "dense_2", "tanh", "logits"}));
  }
}

TEST_F(Profile, FollowsTheKeepListTheModeAndTheChip) {
  const auto dtype_of = [](const Json& json, const std::string& node) {
    for (const Json& kernel : json["kernels"])
      if (kernel["nodes"].dump().find('"' + node + '"') != std::string::npos)
        return kernel["dtypes_in"].dump() + kernel.value("compute", "");
    return std::string("no kernel");
  };
  write_text(folder_ / "keep.cfg", "dense_1\n");
  const Json kept = profile({"--keep_dtype", folder_ / "keep.cfg"});
  EXPECT_EQ(dtype_of(kept, "dense_1").substr(0, 6), "[\"f32\"");
  EXPECT_EQ(dtype_of(profile({}), "dense_1").substr(0, 6), "[\"f16\"");
  EXPECT_EQ(kept["variant"], "force_fp16 on Ascend910B3, 2 of 15 nodes kept");
  EXPECT_GT(kept["casts"], profile({})["casts"]);
  // Its cube has no fp32: what is kept reads fp32 and multiplies in fp16.
  const std::string on_310p = dtype_of(
      profile({"--soc_version", "Ascend310P3", "--precision_mode", "must_keep_origin_dtype"}),
      "dense_1");
  EXPECT_EQ(on_310p.substr(0, 6), "[\"f32\"") << on_310p;
  EXPECT_EQ(on_310p.substr(on_310p.size() - 3), "f16") << on_310p;
}

TEST_F(Profile, HasAnIntervalAroundEachTimeAndTheSharesOfItsUnits) {
  const Json json = profile({});
  const auto expect_around = [](const Json& interval, double us) {
    ASSERT_EQ(interval.size(), 2U);
    EXPECT_LE(interval[0].get<double>(), us);
    EXPECT_GE(interval[1].get<double>(), us);
  };
  expect_around(json["interval_us"], json["latency_us"]);
  EXPECT_LT(json["interval_us"][0], json["interval_us"][1]);
  for (const Json& kernel : json["kernels"]) {
    expect_around(kernel["interval_us"], kernel["us"]);
    const double us = kernel["us"];
    for (const char* unit : {"launch", "cube", "vector", "memory", "relayout"}) {
      const std::string name = unit;
      EXPECT_DOUBLE_EQ(kernel[name + "_share"].get<double>(),
                       us > 0 ? kernel[name + "_us"].get<double>() / us : 0);
    }
  }
  const Finished table = run_keel({"profile", "--model", folder_ / "tiny/model.onnx"});
  EXPECT_NE(table.out.find(" us, in nine of ten cases "), std::string::npos) << table.out;
}

TEST_F(Profile, WritesFilesForOtherToolsBesideWhatItPrints) {
  const std::vector<std::string> arguments = {"profile", "--model", folder_ / "tiny/model.onnx"};
  std::vector<std::string> with_output = arguments;
  with_output.insert(with_output.end(), {"--output", folder_ / "files/deep"});
  const Finished run = run_keel(with_output);
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, run_keel(arguments).out);

  const Json json = profile({});
  std::size_t launched = 0;
  for (const Json& kernel : json["kernels"]) launched += kernel["class"] != "none" ? 1 : 0;
  const std::string summary = read_text(folder_ / "files/deep/op_summary.csv");
  EXPECT_TRUE(summary.starts_with("Device_id,Model ID,Task ID,Stream ID,Op Name,OP Type,"));
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(summary, '\n')), 1 + launched);

  const Json trace = Json::parse(read_text(folder_ / "files/deep/trace.json"));
  double end = 0;
  std::size_t launches = 0;
  for (const Json& event : trace["traceEvents"]) {
    if (event["ph"] != "X") continue;
    end = std::max(end, event["ts"].get<double>() + event["dur"].get<double>());
    launches += event["tid"] == 0 ? 1 : 0;
  }
  EXPECT_LE(end, json["latency_us"].get<double>() + 1e-6);
  EXPECT_EQ(launches, launched);

  const std::string drawing = read_text(folder_ / "files/deep/roofline.svg");
  EXPECT_TRUE(drawing.starts_with("<svg ") && drawing.ends_with("</svg>\n"));
}

TEST_F(Profile, RefusesAnOutputThatCannotBeWritten) {
  write_text(folder_ / "file", "");
  const Finished run = run_keel(
      {"profile", "--model", folder_ / "tiny/model.onnx", "--output", folder_ / "file/profile"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err,
            "error: cannot make the folder: Not a directory\n   at: " + (folder_ / "file/profile") +
                "\n  fix: choose a folder you may write to\n");
}

TEST_F(Profile, ComparesTwoListsInEveryForm) {
  write_text(folder_ / "one.cfg", "log\n");
  write_text(folder_ / "two.cfg", "log\ndense_1\n");
  const std::vector<std::string> lists = {"--keep_dtype", folder_ / "one.cfg", "--compare",
                                          folder_ / "two.cfg"};
  const Json json = profile(lists);
  const double before = profile({"--keep_dtype", folder_ / "one.cfg"})["latency_us"];
  const double after = profile({"--keep_dtype", folder_ / "two.cfg"})["latency_us"];
  EXPECT_EQ(json["before"]["latency_us"], before);
  EXPECT_EQ(json["after"]["latency_us"], after);
  EXPECT_NEAR(json["difference_us"].get<double>(), after - before, 1e-6);
  double last = std::numeric_limits<double>::infinity();
  for (const Json& kernel : json["kernels"]) {
    const double us = std::abs(kernel["difference_us"].get<double>());
    EXPECT_LE(us, last) << "the largest first";
    last = us;
  }
  const bool contains_zero = json["interval_us"][0] <= 0 && json["interval_us"][1] >= 0;
  EXPECT_EQ(json["told_apart"], !contains_zero);

  std::vector<std::string> arguments = {"profile", "--model", folder_ / "tiny/model.onnx"};
  arguments.insert(arguments.end(), lists.begin(), lists.end());
  const std::string table = run_keel(arguments).out;
  EXPECT_EQ(table.find("cannot be told apart") != std::string::npos, contains_zero) << table;
  arguments.insert(arguments.end(), {"--format", "csv"});
  const std::string csv = run_keel(arguments).out;
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(csv, '\n')), 2 + json["kernels"].size());
}

TEST_F(Profile, RefusesAComparisonWithOutputOrWithAListThatIsNotThere) {
  const Finished both = run_keel({"profile", "--model", folder_ / "tiny/model.onnx", "--compare",
                                  folder_ / "two.cfg", "--output", folder_ / "out"});
  EXPECT_EQ(both.exit_code, 2);
  EXPECT_NE(both.err.find("--output excludes --compare"), std::string::npos) << both.err;
  const Finished absent = run_keel(
      {"profile", "--model", folder_ / "tiny/model.onnx", "--compare", folder_ / "absent.cfg"});
  EXPECT_EQ(absent.exit_code, 2);
  EXPECT_EQ(absent.out, "");
  EXPECT_NE(absent.err.find("absent.cfg"), std::string::npos) << absent.err;
}

TEST_F(Profile, WarnsOfAKeepEntryThatNamesNothing) {
  write_text(folder_ / "keep.cfg", "relu_00\n");
  const Finished run = run_keel(
      {"profile", "--model", folder_ / "tiny/model.onnx", "--keep_dtype", folder_ / "keep.cfg"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.err.rfind("warning: keep entry 'relu_00' names no node", 0), 0U) << run.err;
}

TEST_F(Profile, IsReadableAt120Columns) {
  write_text(folder_ / "keep.cfg", "OpType::Log\nOpType::ReduceMean\n");
  for (const char* soc : {"Ascend910B3", "Ascend310P3"}) {
    const Finished run = run_keel(
        {"profile", "--model", (source_folder() / "demo/model.onnx"), "--soc_version", soc});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const Finished compared = run_keel({"profile", "--model", source_folder() / "demo/model.onnx",
                                        "--soc_version", soc, "--compare", folder_ / "keep.cfg"});
    ASSERT_EQ(compared.exit_code, 0) << compared.err;
    std::istringstream lines(run.out + compared.out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120U) << line;
  }
}

}  // namespace
}  // namespace keel::test
