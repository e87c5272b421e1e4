#include <signal.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "profiler/accuracy/dataset.h"
#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class Export : public TuneFixture {
 protected:
  Finished exported(const std::vector<std::string>& more,
                    const std::string& to = "exported") const {
    std::vector<std::string> arguments = {"export", "--study", folder_ / "out", "--output",
                                          folder_ / to};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_keel(arguments);
  }

  std::string recommended() const {
    return std::to_string(
        Json::parse(text_of("out", "result.json"))["recommendation"]["trial"].get<int>());
  }

  void expect_refused(const std::vector<std::string>& more, int exit_code,
                      const std::string& error) const {
    const Finished run = exported(more);
    EXPECT_EQ(run.exit_code, exit_code);
    EXPECT_EQ(run.err, error);
    EXPECT_FALSE(fs::exists(folder_ / "exported")) << error;
  }

  std::string database() const { return folder_ / "out/study.db"; }
};

TEST_F(Export, OfTheRecommendationGivesTheBytesOfTheTuneThatMadeIt) {
  write_text(folder_ / "keep.cfg", "tanh\n");
  ASSERT_EQ(tune("out", {"--keep_dtype", folder_ / "keep.cfg", "--input_format=ND"}).exit_code, 0);
  fs::remove_all(folder_ / "tiny");  // neither the model nor the data is needed
  for (const std::vector<std::string>& which :
       {std::vector<std::string>{"--recommended"}, {"--trial", recommended()}}) {
    const Finished run = exported(which);
    ASSERT_EQ(run.exit_code, 0) << run.err;
    for (const char* file : {"execeptionlist.cfg", "execeptionlist.reasons.json", "atc.sh"})
      EXPECT_EQ(text_of("exported", file), text_of("out", file)) << file;
  }
  const Json trial = Json::parse(text_of("exported", "trial.json"));
  const Json of_result = Json::parse(text_of("out", "result.json"))["recommendation"];
  for (const char* field : {"trial", "phase", "state", "latency_us", "speed_up", "ranking",
                            "validation", "kept_units", "kept_nodes"})
    EXPECT_EQ(trial[field], of_result[field]) << field;
  EXPECT_EQ(trial["nodes"], of_result["kept"]);
}

TEST_F(Export, OfAnyTrialWritesAListThatReproducesItsLatency) {
  ASSERT_EQ(tune("out").exit_code, 0);
  for (const char* number : {"0", "1", "4"}) {
    const Finished run = exported({"--trial", number}, number);
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const Finished profile =
        run_keel({"profile", "--model", folder_ / "tiny/model.onnx", "--keep_dtype",
                  folder_ / (std::string(number) + "/execeptionlist.cfg"), "--format", "json"});
    EXPECT_EQ(Json::parse(profile.out)["latency_us"],
              Json::parse(text_of(number, "trial.json"))["latency_us"])
        << number;
    EXPECT_NE(text_of(number, "atc.sh").find("Compiles trial " + std::string(number) + " with"),
              std::string::npos);
  }
}

TEST_F(Export, ReadsBesideARunningTuneAndFromAKilledOne) {
  ASSERT_EQ(tune("whole").exit_code, 0);
  KeelProcess process(tune_arguments("out", {"--jobs", "1"}));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  while (trial_count("out") < 4 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  process.signal(SIGSTOP);  // it holds the lock until it is killed
  const Finished beside = exported({"--trial", "1"}, "beside");
  EXPECT_EQ(beside.exit_code, 0) << beside.err;
  process.signal(SIGKILL);
  process.wait();
  const Finished after = exported({"--trial", "1"}, "after");
  EXPECT_EQ(after.exit_code, 0) << after.err;
  ASSERT_EQ(run_keel({"export", "--study", folder_ / "whole", "--trial", "1", "--output",
                      folder_ / "finished"})
                .exit_code,
            0);
  for (const char* file : {"execeptionlist.cfg", "trial.json"}) {
    EXPECT_EQ(text_of("beside", file), text_of("finished", file)) << file;
    EXPECT_EQ(text_of("after", file), text_of("finished", file)) << file;
  }
  ASSERT_EQ(tune("out").exit_code, 0);
  for (const std::string& file : kDeterministicFiles)
    EXPECT_EQ(text_of("out", file), text_of("whole", file)) << file;
}

TEST_F(Export, SpellsTheListAsTheReleaseOfCannOfTheStudy) {
  const std::vector<std::string> few = {"--max_trials", "6"};
  ASSERT_EQ(tune("out", {"--max_trials", "6", "--cann", "9"}).exit_code, 0);
  const Finished resumed = tune("out", few);
  ASSERT_EQ(resumed.exit_code, 0);
  EXPECT_NE(resumed.out.find("/exceptionlist.cfg\n"), std::string::npos) << resumed.out;
  const Finished nine = exported({"--recommended"}, "nine");
  EXPECT_NE(nine.out.find("/nine/exceptionlist.cfg\n"), std::string::npos) << nine.out << nine.err;
  ASSERT_EQ(exported({"--recommended", "--cann", "8"}, "eight").exit_code, 0);
  EXPECT_EQ(text_of("nine", "exceptionlist.cfg"), text_of("out", "exceptionlist.cfg"));
  EXPECT_EQ(text_of("eight", "execeptionlist.cfg"), text_of("out", "exceptionlist.cfg"));
  for (const std::string& folder : {std::string("out"), std::string("nine")}) {
    EXPECT_FALSE(fs::exists(folder_ / (folder + "/execeptionlist.cfg"))) << folder;
    for (const char* script : {"atc.sh", "aoe.sh"})
      EXPECT_NE(text_of(folder, script).find("--keep_dtype=exceptionlist.cfg"), std::string::npos)
          << folder << script;
  }
  ASSERT_EQ(tune("out", {"--max_trials", "6", "--cann", "8"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(folder_ / "out/exceptionlist.cfg"));
  EXPECT_EQ(text_of("out", "execeptionlist.cfg"), text_of("nine", "exceptionlist.cfg"));
  expect_refused({"--recommended", "--cann", "7"}, 2,
                 "error: '7' is no release of CANN that keel writes files for\n   at: --cann\n"
                 "  fix: use 8 (up to 8.5) or 9 (from 9.0)\n");
}

class ExportOnnx : public Export {
 protected:
  /// The relative L2 distance of the outputs of two runs of keel, over all samples.
  double distance(const std::string& a, const std::string& b) const {
    double error = 0, norm = 0;
    int count = 0;
    for (const auto& entry : fs::directory_iterator(folder_ / a)) {
      const Tensor x = *accuracy::read_npy(entry.path());
      const Tensor y = *accuracy::read_npy(folder_ / (b + "/" + entry.path().filename().string()));
      for (std::size_t i = 0; i < x.as<float>().size(); ++i) {
        error += std::pow(x.as<float>()[i] - y.as<float>()[i], 2);
        norm += std::pow(y.as<float>()[i], 2);
      }
      ++count;
    }
    EXPECT_EQ(count, 16);
    return std::sqrt(error / norm);
  }

  void run(const std::string& model, const std::string& to,
           const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {
        "run",      "--model",   folder_ / model, "--data", folder_ / "tiny/samples",
        "--output", folder_ / to};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Finished finished = run_keel(arguments);
    ASSERT_EQ(finished.exit_code, 0) << finished.err;
  }

  void run_variant(const std::string& trial, const std::string& to) const {
    run("tiny/model.onnx", to,
        {"--precision_mode", "force_fp16", "--allow_hf32", "false", "--keep_dtype",
         folder_ / (trial + "/execeptionlist.cfg")});
  }
};

TEST_F(ExportOnnx, ComputesInKeelWhatItsTrialDid) {
  ASSERT_EQ(tune("out", {"--allow_hf32", "false", "--max_trials", "30"}).exit_code, 0);
  run("tiny/model.onnx", "fp32");

  ASSERT_EQ(exported({"--trial", "1", "--onnx"}, "kept").exit_code, 0);
  EXPECT_NE(text_of("kept", "execeptionlist.cfg"), "");
  run("kept/mixed_precision.onnx", "kept/again");
  EXPECT_EQ(distance("kept/again", "fp32"), 0.0);

  const Finished some = exported({"--recommended", "--onnx"}, "some");
  ASSERT_EQ(some.exit_code, 0) << some.err;
  EXPECT_NE(some.out.find(" casts\n"), std::string::npos) << some.out;
  run("some/mixed_precision.onnx", "some/again");
  run_variant("some", "some/keel");
  const double own = distance("some/keel", "fp32");
  EXPECT_GT(own, 0.0);
  EXPECT_GT(distance("some/again", "fp32"), own / 8);
  EXPECT_LT(distance("some/again", "some/keel"), 4 * own);
}

TEST_F(ExportOnnx, NeedsTheModelOfTheStudy) {
  ASSERT_EQ(tune("out", {"--max_trials", "4"}).exit_code, 0);
  fs::rename(folder_ / "tiny/model.onnx", folder_ / "moved.onnx");
  expect_refused({"--trial", "0", "--onnx"}, 2,
                 "error: cannot open the file: No such file or directory\n   at: " +
                     (folder_ / "tiny/model.onnx") + "\n  fix: check the path\n");
  const Finished moved = exported({"--trial", "0", "--onnx", "--model", folder_ / "moved.onnx"});
  EXPECT_EQ(moved.exit_code, 0) << moved.err;
  EXPECT_TRUE(fs::exists(folder_ / "exported/mixed_precision.onnx"));
  // A folder never holds the list of one trial and the model of another.
  ASSERT_EQ(exported({"--trial", "1"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(folder_ / "exported/mixed_precision.onnx"));

  fs::remove_all(folder_ / "exported");
  write_tiny_model(folder_ / "tiny", 64);
  expect_refused({"--trial", "0", "--onnx"}, 2,
                 "error: the model is not the one the study was made with\n   at: " +
                     (folder_ / "tiny/model.onnx") +
                     "\n  fix: give --model FILE, or repeat keel tune\n");
  const Finished alone = exported({"--trial", "0", "--model", folder_ / "moved.onnx"});
  EXPECT_EQ(alone.exit_code, 2);
  EXPECT_EQ(alone.err,
            "error: --model and --data are not read: nothing needs them\n   at: keel export\n"
            "  fix: add --onnx, --shortest, --customize or --mixlist\n");
}

TEST_F(Export, SaysWhatIsWrong) {
  expect_refused({"--recommended"}, 2,
                 "error: there is no study in the folder\n   at: " + database() +
                     "\n  fix: give the folder that keel tune wrote to (its --output)\n");
  ASSERT_EQ(tune("out", {"--max_trials", "6"}).exit_code, 0);
  expect_refused({"--trial", "6"}, 2,
                 "error: there is no trial 6: the study holds trials 0 to 5\n   at: " + database() +
                     "\n  fix: give one of them, or --recommended\n");
  expect_refused({}, 2,
                 "error: neither --trial nor --recommended says which trial\n   at: keel export\n"
                 "  fix: give one of --trial N and --recommended\n");
  expect_refused({"--trial", "1", "--recommended"}, 2,
                 "error: --trial and --recommended name two trials\n   at: keel export\n"
                 "  fix: give one of --trial N and --recommended\n");
  const std::string list = text_of("out", "execeptionlist.cfg");
  const Finished onto = exported({"--trial", "0"}, "out");
  EXPECT_EQ(onto.exit_code, 2);
  EXPECT_EQ(onto.err,
            "error: the files of a trial would replace those of the recommendation\n   at: " +
                (folder_ / "out") + "\n  fix: choose another output folder\n");
  EXPECT_EQ(text_of("out", "execeptionlist.cfg"), list);
  EXPECT_FALSE(fs::exists(folder_ / "out/trial.json"));
}

}  // namespace
}  // namespace keel::test
