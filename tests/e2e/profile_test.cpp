#include <algorithm>
#include <filesystem>
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
  const Json json = profile({});
  double sum = 0;
  double shares = 0;
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
    const double us = kernel["us"].get<double>();
    EXPECT_GE(us, launch + std::max({cube, vector, memory}) - 1e-6) << kernel;
    EXPECT_LE(us, launch + cube + vector + memory + 1e-6) << kernel;
  }
  EXPECT_DOUBLE_EQ(sum, json["latency_us"]);
  EXPECT_NEAR(shares, 1, 1e-12);
  EXPECT_EQ(nodes, (std::set<std::string>{"power", "floor", "log", "dense_0", "bias_0", "relu_0",
                                          "big", "square", "root", "shrink_back", "dense_1",
                                          "relu_1", "dense_2", "tanh", "logits"}));
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

TEST_F(Profile, WarnsOfAKeepEntryThatNamesNothing) {
  write_text(folder_ / "keep.cfg", "relu_00\n");
  const Finished run = run_keel(
      {"profile", "--model", folder_ / "tiny/model.onnx", "--keep_dtype", folder_ / "keep.cfg"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.err.rfind("warning: keep entry 'relu_00' names no node", 0), 0U) << run.err;
}

TEST_F(Profile, IsReadableAt120Columns) {
  for (const char* soc : {"Ascend910B3", "Ascend310P3"}) {
    const Finished run = run_keel(
        {"profile", "--model", (source_folder() / "demo/model.onnx"), "--soc_version", soc});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    std::istringstream lines(run.out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120U) << line;
  }
}

}  // namespace
}  // namespace keel::test
