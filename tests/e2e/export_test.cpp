#include <signal.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

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
