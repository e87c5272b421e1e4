#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/e2e/demo_samples.h"
#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

struct Tuned {
  std::string name;
  fs::path folder;
  std::string mode = "force_fp16";
  /// A full search is quick: its recommendation is judged, not only a trial among others.
  bool is_quick = true;
};

std::vector<Tuned> tuned_models() {
  const fs::path shared = shared_folder() / "models";
  std::vector<Tuned> models = {
      {"demo", source_folder() / "demo", "force_fp16", false},
      {"demo_mixed", source_folder() / "demo", "allow_mix_precision", false}};
  for (const char* name : {"mnist", "resnet8_cifar10", "silero_vad"})
    models.push_back({name, shared / name});
  for (const char* name :
       {"dnsmos_p835", "kwt1_speech", "magika_v3_3", "ppocr_en_rec", "ultraface_rfb320"})
    models.push_back({name, shared / name, "force_fp16", false});
  return models;
}

/// The options of an atc.sh that keel wrote: what the vendor's compiler would be given.
std::vector<std::string> options_of(const fs::path& script) {
  const fs::path folder = script.parent_path();
  std::vector<std::string> options;
  std::istringstream lines(read_text(script));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t start = line.find("--");
    if (!line.starts_with("  ") || start == std::string::npos) continue;
    std::string option = line.substr(start, line.find_last_of('\\') - start - 1);
    if (option.ends_with('\'')) option.pop_back();
    if (option.starts_with("--keep_dtype="))
      option = "--keep_dtype=" + (folder / option.substr(option.find('=') + 1)).string();
    options.push_back(option);
  }
  return options;
}

/// What two programs of one model must have in common to be the same.
Json without_times_and_lines(Json program) {
  program.erase("latency_us");
  for (Json& kernel : program["kernels"]) {
    kernel.erase("us");
    for (Json& member : kernel["members"]) member.erase("rule");
    for (Json& cast : kernel["casts"]) {
      cast.erase("reason");
      cast["producer"].erase("state");
      for (Json& consumer : cast["consumers"]) consumer.erase("state");
    }
  }
  return program;
}

class RoundTrip : public testing::TestWithParam<Tuned> {
 protected:
  void SetUp() override {
    if (!fs::exists(GetParam().folder))
      GTEST_SKIP() << "no model at " << GetParam().folder << "; set KEEL_SHARED";
    // A second a sample, and the longer of the searches.
    data_ = GetParam().name == "dnsmos_p835" ? first_samples(3)
            : GetParam().is_quick            ? GetParam().folder
                                             : first_samples(12);
    std::vector<std::string> arguments = {"tune",
                                          "--model",
                                          GetParam().folder / "model.onnx",
                                          "--data",
                                          data_,
                                          "--require",
                                          "relative_l2<=0.05",
                                          "--precision_mode",
                                          GetParam().mode,
                                          "--cache_mb",
                                          "512",
                                          "--output",
                                          folder_ / "out"};
    if (!GetParam().is_quick) arguments.insert(arguments.end(), {"--max_trials", "6"});
    const Finished tuned = run_keel(arguments);
    ASSERT_LE(tuned.exit_code, 1) << tuned.err;  // a budget of six need not meet the requirement
    result_ = Json::parse(read_text(folder_ / "out/result.json"));
  }

  // A folder with the first samples of the model: precision is not the question here.
  fs::path first_samples(int count) const {
    const fs::path to = folder_ / "samples";
    fs::create_directories(to);
    for (const fs::directory_entry& file : fs::directory_iterator(GetParam().folder / "inputs"))
      if (std::stoi(file.path().filename().string()) < count)
        fs::copy_file(file.path(), to / file.path().filename());
    return to;
  }

  // The folder it went to.
  fs::path exported(int trial, bool shortest) const {
    const fs::path to = folder_ / (std::to_string(trial) + (shortest ? "s" : ""));
    std::vector<std::string> arguments = {
        "export", "--study", folder_ / "out", "--trial", std::to_string(trial), "--output", to};
    if (shortest) arguments.insert(arguments.end(), {"--shortest", "--data", data_});
    const Finished run = run_keel(arguments);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return to;
  }

  static Json output_of(const std::string& command, const fs::path& exported) {
    std::vector<std::string> arguments = options_of(exported / "atc.sh");
    arguments.insert(arguments.begin(), command);
    arguments.insert(arguments.end(), {"--format", "json"});
    const Finished run = run_keel(arguments);
    EXPECT_EQ(run.exit_code, 0) << command << ": " << run.err;
    return run.exit_code == 0 ? Json::parse(run.out) : Json();
  }

  // Codes of what the check says of the exported list and its model.
  static std::set<std::string> codes(const fs::path& exported) {
    const Json checked = output_of("check", exported);
    std::set<std::string> found;
    for (const Json& finding : checked["findings"]) found.insert(finding["code"]);
    return found;
  }

  // The nodes that the list keeps in the program.
  static std::set<std::string> kept(const Json& program) {
    std::set<std::string> nodes;
    for (const Json& kernel : program["kernels"])
      for (const Json& member : kernel["members"])
        if (member.value("rule", "").starts_with("execeptionlist.cfg:"))
          nodes.insert(member["node"]);
    return nodes;
  }

  TemporaryFolder folder_;
  fs::path data_;
  Json result_;
};

TEST_P(RoundTrip, OfATrialGivesTheProgramThatWasEvaluated) {
  const int recommended = result_["recommendation"]["trial"];
  const int last = result_["trials"].get<int>() - 1;
  std::size_t kept_by_types = 0;
  for (const int trial : std::set<int>{1, recommended, last / 2, last}) {
    SCOPED_TRACE(GetParam().name + ", trial " + std::to_string(trial));
    Json programs[2];
    for (const bool shortest : {false, true}) {
      const fs::path folder = exported(trial, shortest);
      const Json known = Json::parse(read_text(folder / "trial.json"));
      const bool keeps_any = !known["nodes"].empty();
      const Json program = output_of("compile", folder);
      EXPECT_EQ(program["latency_us"], known["latency_us"]);
      EXPECT_EQ(kept(program), known["nodes"].get<std::set<std::string>>());
      programs[shortest ? 1 : 0] = without_times_and_lines(program);
      kept_by_types +=
          read_text(folder / "execeptionlist.cfg").find("OpType::") != std::string::npos ? 1 : 0;
      if (!keeps_any) continue;  // atc.sh gives no list
      std::set<std::string> said = codes(folder);
      // Of a trial that no search has refined: what moves elements only is kept where it does not
      // pay, or is not where it would.
      if (trial != recommended || !GetParam().is_quick)
        for (const char* judgement : {"idle-layout", "layout-at-input", "layout-left-out"})
          said.erase(judgement);
      if (trial == 1) said.erase("keeps-everything");  // that is what it does
      EXPECT_EQ(said, std::set<std::string>()) << (shortest ? "shortest" : "long");
    }
    EXPECT_EQ(programs[0], programs[1]);
  }
  EXPECT_GT(kept_by_types, 0U);
}

INSTANTIATE_TEST_SUITE_P(Models, RoundTrip, testing::ValuesIn(tuned_models()),
                         [](const auto& model) { return model.param.name; });

class DemoStudy : public testing::Test {
 protected:
  // A study of `trials` trials on a few samples.
  void tune(const std::string& mode, int trials, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"tune",
                                          "--model",
                                          model_,
                                          "--data",
                                          few_demo_samples(folder_),
                                          "--precision_mode",
                                          mode,
                                          "--max_trials",
                                          std::to_string(trials),
                                          "--cache_mb",
                                          "256",
                                          "--output",
                                          folder_ / "out"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Finished tuned = run_keel(arguments);
    ASSERT_LE(tuned.exit_code, 1) << tuned.err;
    said_ = tuned.err;
  }

  Finished exported(int trial, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {
        "export",   "--study",           folder_ / "out", "--trial", std::to_string(trial),
        "--output", folder_ / "exported"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_keel(arguments);
  }

  Json program(const std::string& mode, const std::string& option, const std::string& file) const {
    const Finished run = run_keel({"compile", "--model", model_, "--precision_mode", mode, option,
                                   folder_ / ("exported/" + file), "--format", "json"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    Json program = without_times_and_lines(Json::parse(run.out));
    program.erase("variant");  // it counts the nodes of the keep list
    return program;
  }

  TemporaryFolder folder_;
  std::string model_ = source_folder() / "demo/model.onnx";
  std::string said_;
};

TEST_F(DemoStudy, GivesTheSameProgramByMixListAsByKeepList) {
  const std::string mode = "allow_mix_precision";
  tune(mode, 12);
  const Json lowered = [&] {
    fs::create_directories(folder_ / "exported");
    write_text(folder_ / "exported/none.cfg", "");
    return program(mode, "--keep_dtype", "none.cfg");
  }();
  int compared = 0;
  for (int trial = 1; trial < 12 && compared < 2; ++trial) {
    const Finished run = exported(trial, {"--mixlist"});
    if (run.exit_code != 0) {
      EXPECT_NE(run.err.find("keeps no union of whole types"), std::string::npos) << run.err;
      continue;
    }
    const Json kept = program(mode, "--keep_dtype", "execeptionlist.cfg");
    EXPECT_EQ(program(mode, "--modify_mixlist", "modify_mixlist.json"), kept) << trial;
    compared += kept != lowered ? 1 : 0;
  }
  EXPECT_GT(compared, 0);
}

TEST_F(DemoStudy, KeepsTheOwnersLineOfALayoutOperatorWhateverIsLowered) {
  const std::string line = "encoder/attention/key_transposed";
  write_text(folder_ / "keep.cfg", line + "\n");
  tune("force_fp16", 3, {"--keep_dtype", folder_ / "keep.cfg"});
  EXPECT_NE(said_.find("'" + line + "' moves elements only and is kept alone"), std::string::npos)
      << said_;
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{}, {"--shortest", "--customize"}}) {
    const Finished run = exported(0, more);
    ASSERT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(read_text(folder_ / "exported/execeptionlist.cfg"), line + "\n");
    EXPECT_NE(
        read_text(folder_ / "exported/execeptionlist.reasons.json").find("it moves elements only"),
        std::string::npos);
  }
}

}  // namespace
}  // namespace keel::test
