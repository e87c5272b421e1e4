#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/e2e/demo_samples.h"
#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

using Json = nlohmann::json;

constexpr const char* kBoth = "force_fp16,allow_mix_precision";

class Modes : public TuneFixture {
 protected:
  Json json(const std::string& output, const std::string& file) const {
    return Json::parse(text_of(output, file));
  }

  // Lines of front.csv without its heading.
  std::vector<std::string> front(const std::string& output) const {
    std::istringstream text(text_of(output, "front.csv"));
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    lines.erase(lines.begin());
    return lines;
  }
};

TEST_F(Modes, EachHasAStudyAndTheBestGivesTheList) {
  const Finished run = tune("out", {"--precision_mode", kBoth});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json modes = json("out", "modes.json");
  ASSERT_EQ(modes["modes"].size(), 2u);
  double best_us = 1e9;
  for (const Json& mode : modes["modes"]) {
    const Json result = json("out/" + mode["folder"].get<std::string>(), "result.json");
    EXPECT_EQ(result["question"]["precision_mode"], mode["precision_mode"]);
    EXPECT_EQ(result["recommendation"]["latency_us"], mode["recommendation"]["latency_us"]);
    best_us = std::min(best_us, mode["recommendation"]["latency_us"].get<double>());
  }
  const std::string best = modes["recommended_mode"].get<std::string>();
  const Json chosen = json("out/" + best, "result.json")["recommendation"];
  EXPECT_LE(chosen["latency_us"].get<double>(), best_us * 1.005);
  for (const char* file : {"execeptionlist.cfg", "execeptionlist.reasons.json", "atc.sh", "aoe.sh"})
    EXPECT_EQ(text_of("out", file), text_of("out/" + best, file)) << file;
  EXPECT_NE(text_of("out", "atc.sh").find("--precision_mode=" + best), std::string::npos);
  EXPECT_NE(run.out.find("requirements\n"), std::string::npos) << run.out;
}

TEST_F(Modes, ShareNoFolderWithARunOfOne) {
  ASSERT_EQ(tune("out", {"--precision_mode", kBoth}).exit_code, 0);
  const std::string list = text_of("out", "execeptionlist.cfg");
  const Finished one = tune("out", {"--precision_mode", "force_fp16"});
  EXPECT_EQ(one.exit_code, 2);
  EXPECT_NE(one.err.find("the folder holds a run of several modes"), std::string::npos) << one.err;
  EXPECT_EQ(text_of("out", "execeptionlist.cfg"), list);
  ASSERT_EQ(tune("one").exit_code, 0);
  EXPECT_EQ(tune("one", {"--precision_mode", kBoth}).exit_code, 2);
}

TEST_F(Modes, HaveOneFront) {
  ASSERT_EQ(tune("out", {"--precision_mode", kBoth}).exit_code, 0);
  double last_us = 0;
  std::set<std::string> seen;
  for (const std::string& line : front("out")) {
    std::istringstream cells(line);
    std::string mode, trial, latency;
    std::getline(std::getline(std::getline(cells, mode, ','), trial, ','), latency, ',');
    EXPECT_GT(std::stod(latency), last_us);
    last_us = std::stod(latency);
    seen.insert(mode);
    EXPECT_NE(text_of("out/" + mode, "front.csv").find("\n" + trial + "," + latency + ","),
              std::string::npos)
        << line;
  }
  EXPECT_GT(last_us, 0);
  EXPECT_FALSE(seen.empty());
}

// A study that is not interrupted has nothing to do, and says the same.
TEST_F(Modes, GoOnWhereTheyStopped) {
  ASSERT_EQ(tune("out", {"--precision_mode", kBoth}).exit_code, 0);
  const std::string modes = text_of("out", "modes.json");
  const std::string list = text_of("out", "execeptionlist.cfg");
  ASSERT_EQ(tune("out", {"--precision_mode", kBoth}).exit_code, 0);
  EXPECT_EQ(text_of("out", "modes.json"), modes);
  EXPECT_EQ(text_of("out", "execeptionlist.cfg"), list);
  for (const char* mode : {"force_fp16", "allow_mix_precision"})
    EXPECT_EQ(json(std::string("out/") + mode, "run.json")["trials_run"], 0);
}

TEST_F(Modes, GoOnInTheirOrderAlone) {
  ASSERT_EQ(tune("out", {"--precision_mode", kBoth}).exit_code, 0);
  const Finished run = tune("out", {"--precision_mode", "allow_mix_precision,force_fp16"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.err.find("a run of modes in another order"), std::string::npos) << run.err;
}

// On the demonstration model, where gray operators follow; the first mode's study is as if alone.
TEST_F(Modes, AfterTheFirstProbeLessAndShareResults) {
  const std::string data = few_demo_samples(folder_);
  const auto tune_demo = [&](const std::string& output, const char* mode) {
    return run_keel({"tune", "--model", source_folder() / "demo/model.onnx", "--data", data,
                     "--max_trials", "60", "--precision_mode", mode, "--output", folder_ / output});
  };
  const Finished run = tune_demo("out", kBoth);
  ASSERT_LE(run.exit_code, 1) << run.err;
  ASSERT_LE(tune_demo("first", "force_fp16").exit_code, 1);
  ASSERT_LE(tune_demo("second", "allow_mix_precision").exit_code, 1);
  EXPECT_EQ(text_of("out/force_fp16", "result.json"), text_of("first", "result.json"));
  const auto probes = [&](const std::string& output) {
    return std::stoi(query(output, "SELECT count(*) FROM trial WHERE phase = 1"));
  };
  EXPECT_LE(probes("out/allow_mix_precision"), probes("second"));
  EXPECT_EQ(json("out/allow_mix_precision", "result.json")["question"].contains("from"), true);
  EXPECT_EQ(json("out/allow_mix_precision", "result.json")["question"].contains("beside"), true);
}

TEST_F(Modes, WithNothingToSearchAreLeftOut) {
  const Finished run = tune("out", {"--precision_mode", "must_keep_origin_dtype,force_fp16"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.err.find("nothing to search"), std::string::npos) << run.err;
  EXPECT_EQ(json("out", "modes.json")["modes"].size(), 1u);
  const Finished none = tune("none", {"--precision_mode_v2", "origin,cube_fp16in_fp32out"});
  EXPECT_LE(none.exit_code, 1) << none.err;
}

TEST_F(Modes, AreCheckedBeforeTheFirstIsSearched) {
  for (const auto& [modes, what] :
       {std::pair{"force_fp16,force_fp16", "asked for twice"}, std::pair{"force_fp16,", "''"},
        std::pair{"force_fp16,fp17", "fp17"}}) {
    const Finished run = tune("out", {"--precision_mode", modes});
    EXPECT_EQ(run.exit_code, 2) << modes;
    EXPECT_NE(run.err.find(what), std::string::npos) << run.err;
  }
  const Finished no_bf16 = tune("out", {"--precision_mode", "force_fp16,allow_mix_precision_bf16",
                                        "--soc_version", "Ascend310P3"});
  EXPECT_EQ(no_bf16.exit_code, 2);
  EXPECT_NE(no_bf16.err.find("bf16"), std::string::npos) << no_bf16.err;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out"));
}

TEST_F(Modes, TakeNoEarlierStudyAndNoFolderOfOneMode) {
  ASSERT_EQ(tune("one").exit_code, 0);
  const Finished from = tune("out", {"--precision_mode", kBoth, "--from", folder_ / "one"});
  EXPECT_EQ(from.exit_code, 2);
  EXPECT_NE(from.err.find("--from"), std::string::npos) << from.err;
  const Finished same = tune("one", {"--precision_mode", kBoth});
  EXPECT_EQ(same.exit_code, 2);
  EXPECT_NE(same.err.find("study of one mode"), std::string::npos) << same.err;
}

}  // namespace
}  // namespace keel::test
