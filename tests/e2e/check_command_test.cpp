#include <signal.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class CheckOfTune : public TuneFixture {
 protected:
  CheckOfTune() {
    fs::create_directories(folder_ / "temporary");
    ::setenv("TMPDIR", (folder_ / "temporary").c_str(), 1);
  }
  ~CheckOfTune() override { ::unsetenv("TMPDIR"); }

  // A command that notes each run, then goes on with `rest`.
  std::string noting(const std::string& rest) const {
    return "echo run >> '" + (folder_ / "log") + "'; " + rest;
  }
  int runs() const {
    const std::string log = read_text(folder_ / "log");
    return static_cast<int>(std::ranges::count(log, '\n'));
  }
  bool leaves_files_behind() const {
    return std::ranges::any_of(fs::directory_iterator(folder_ / "temporary"),
                               [](const fs::directory_entry& entry) {
                                 return entry.path().filename().string().starts_with("keel-check");
                               });
  }
  std::string checked(const std::string& output) const {
    return query(
        output,
        "SELECT count(*) FROM metric_value WHERE samples = 'validation' AND name = 'check' "
        "AND value IS NOT NULL");
  }
};

TEST_F(CheckOfTune, IsRunOnceForEachTrialThatMeetsEverythingElse) {
  const std::vector<std::string> more = {
      "--check",
      noting("test -f {outputs}/000.npy || test -f {outputs}/001.npy || "
             "ls {outputs} | grep -q npy"),
      "--jobs", "2"};
  const Finished run = tune("out", more);
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const std::string trials = query("out", "SELECT count(*) FROM trial");
  EXPECT_GT(runs(), 1);
  EXPECT_LT(runs(), std::stoi(trials)) << "all lowered is not finite";
  EXPECT_EQ(checked("out"), std::to_string(runs()));
  EXPECT_EQ(query("out",
                  "SELECT count(*) FROM trial JOIN metric_value ON trial = number WHERE samples = "
                  "'validation' AND name = 'relative_l2' AND value > 0.01 AND number IN (SELECT "
                  "trial FROM metric_value WHERE name = 'check' AND value IS NOT NULL)"),
            "0");
  EXPECT_NE(run.out.find("check>=1"), std::string::npos) << run.out;
  EXPECT_FALSE(leaves_files_behind());

  const int before = runs();
  ASSERT_EQ(tune("out", more).exit_code, 0);
  EXPECT_EQ(runs(), before) << "a resumed run repeats checks";
}

TEST_F(CheckOfTune, SeesTheOutputsAndTheReferenceOfTheValidationSamples) {
  const std::string command = "ls {outputs} > '" + (folder_ / "o") + "'; ls {reference} > '" +
                              (folder_ / "r") +
                              "'; cmp -s {outputs}/$(ls {outputs} | head -n 1) "
                              "{reference}/$(ls {reference} | head -n 1)";
  const Finished run = tune("out", {"--max_trials", "4", "--check", command, "--jobs", "1"});
  EXPECT_EQ(run.exit_code, 0) << "all kept gives the reference bit for bit" << run.err;
  EXPECT_EQ(query("out", "SELECT count(DISTINCT value) FROM metric_value WHERE name = 'check'"),
            "2")
      << "what is lowered does not";
  const Json split = Json::parse(text_of("out", "result.json"))["split"]["validation"];
  EXPECT_EQ(read_text(folder_ / "o"), read_text(folder_ / "r"));
  const std::string names = read_text(folder_ / "r");
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(names, '\n')), split.size());
}

TEST_F(CheckOfTune, DecidesByItsExitCode) {
  const Finished run = tune("out", {"--max_trials", "6", "--check", "false {outputs}"});
  EXPECT_EQ(run.exit_code, 1) << run.err;
  const std::size_t line = run.out.find("\ncheck>=1 ");
  ASSERT_NE(line, std::string::npos) << run.out;
  EXPECT_NE(run.out.substr(line, run.out.find('\n', line + 1) - line).find(" 0  fail"),
            std::string::npos)
      << run.out;
}

TEST_F(CheckOfTune, DecidesByTheNumberOfItsLastLineWhereThatIsBounded) {
  const std::string command = "echo noise; echo ' 0.5 '; echo; : {outputs}";
  const std::vector<std::string> few = {"--max_trials", "6", "--check", command, "--check_bound"};
  const auto with = [&](const std::string& bound) {
    std::vector<std::string> more = few;
    more.push_back(bound);
    return more;
  };
  const Finished met = tune("met", with("<=0.6"));
  ASSERT_EQ(met.exit_code, 0) << met.err;
  EXPECT_NE(met.out.find("check<=0.6"), std::string::npos) << met.out;
  EXPECT_EQ(Json::parse(text_of("met", "result.json"))["recommendation"]["validation"]["check"],
            0.5);
  EXPECT_EQ(tune("missed", with("<=0.4")).exit_code, 1);
  EXPECT_EQ(tune("least", with(">=0.5")).exit_code, 0);
}

TEST_F(CheckOfTune, MissesABoundWhereItsExitCodeIsNotZero) {
  const Finished run = tune("out", {"--max_trials", "6", "--check", "echo 0.1; exit 4 # {outputs}",
                                    "--check_bound", "<=0.6"});
  EXPECT_EQ(run.exit_code, 1) << run.err;
}

TEST_F(CheckOfTune, SaysWhatTheCheckSaidWhenItWasNotMet) {
  const Finished run = tune(
      "out", {"--max_trials", "6", "--check", "echo 'no module numpy' >&2; exit 1 # {outputs}"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_NE(run.err.find("the check was not met with exit code 1, 'no module numpy': see whether "
                         "it failed by itself, which counts as not met"),
            std::string::npos)
      << run.err;
  const Finished quiet = tune("quiet", {"--max_trials", "6", "--check", "exit 1 # {outputs}"});
  EXPECT_EQ(quiet.err.find("the check was not met"), std::string::npos) << quiet.err;
}

struct Broken {
  const char* command;
  std::vector<std::string> more;
  const char* told;
};

TEST_F(CheckOfTune, EndsTheRunWithAClearErrorWhereItCannotJudge) {
  const std::vector<Broken> all = {
      {"/no/such/program {outputs}",
       {},
       "error: the check cannot be run: sh: 1: /no/such/program: not found\n"},
      {"sleep 300 # {outputs}",
       {"--check_timeout", "0.3"},
       "error: the check took longer than 0.3 s\n"},
      {"yes {outputs}", {}, "error: the check wrote more than 1 MiB\n"},
      {"kill -11 $$ # {outputs}", {}, "error: the check was ended by signal 11\n"},
      {"echo fine # {outputs}",
       {"--check_bound", "<=1"},
       "error: the last line of the check, 'fine', is no number\n"},
  };
  int number = 0;
  for (const Broken& broken : all) {
    std::vector<std::string> more = {"--check", broken.command};
    more.insert(more.end(), broken.more.begin(), broken.more.end());
    const Finished run = tune("broken" + std::to_string(number++), more);
    EXPECT_EQ(run.exit_code, 2) << run.err;
    EXPECT_NE(run.err.find(std::string(broken.told) + "   at: --check '" + broken.command + "'\n"),
              std::string::npos)
        << run.err;
  }
  EXPECT_FALSE(leaves_files_behind());
}

TEST_F(CheckOfTune, GoesOnAfterATimeoutWithALongerOne) {
  const std::vector<std::string> command = {"--check", "sleep 0.5 # {outputs}", "--max_trials", "4",
                                            "--check_timeout"};
  const auto with = [&](const std::string& seconds) {
    std::vector<std::string> more = command;
    more.push_back(seconds);
    return more;
  };
  EXPECT_EQ(tune("out", with("0.1")).exit_code, 2);
  EXPECT_EQ(tune("out", with("60")).exit_code, 0);
}

TEST_F(CheckOfTune, IsStoppedByCtrlC) {
  KeelProcess process(
      tune_arguments("out", {"--jobs", "1", "--check", noting("sleep 300 # {outputs}")}));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  while (runs() == 0 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const auto begin = std::chrono::steady_clock::now();
  process.signal(SIGINT);
  EXPECT_EQ(process.wait().exit_code, 130);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::minutes(1));
  EXPECT_FALSE(leaves_files_behind());
}

TEST_F(CheckOfTune, TakesPathsWithSpaces) {
  write_text(folder_ / "my check.sh", "test -d \"$1\" && ls \"$1\" | grep -q npy\n");
  fs::create_directories(folder_ / "temporary files");
  ::setenv("TMPDIR", (folder_ / "temporary files").c_str(), 1);
  for (const char* quote : {"", "'", "\""}) {
    const std::string output = "out" + std::to_string(*quote);
    const Finished run =
        tune(output, {"--max_trials", "4", "--check",
                      "sh '" + (folder_ / "my check.sh") + "' " + quote + "{outputs}" + quote});
    EXPECT_EQ(run.exit_code, 0) << run.err;
  }
}

TEST_F(CheckOfTune, IsPartOfTheQuestionWithTheFilesItNames) {
  write_text(folder_ / "judge.sh", "exit 0\n");
  const std::string command = "sh " + (folder_ / "judge.sh") + " {outputs}";
  ASSERT_EQ(tune("out", {"--max_trials", "4", "--check", command}).exit_code, 0);
  const Finished other = tune("out", {"--max_trials", "4", "--check", command + " x"});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_NE(other.err.find("check is '" + command + "' in the study"), std::string::npos)
      << other.err;
  const Finished without = tune("out", {"--max_trials", "4"});
  EXPECT_EQ(without.exit_code, 2);
  const Finished bounded =
      tune("out", {"--max_trials", "4", "--check", command, "--check_bound", "<=1"});
  EXPECT_NE(bounded.err.find("check_bound is '' in the study, '<=1' now"), std::string::npos)
      << bounded.err;
  write_text(folder_ / "judge.sh", "exit 1\n");
  const Finished changed = tune("out", {"--max_trials", "4", "--check", command});
  EXPECT_EQ(changed.exit_code, 2);
  EXPECT_NE(changed.err.find("check_files is"), std::string::npos) << changed.err;
}

TEST_F(CheckOfTune, NeedsItsPlaceholderAndItsCommand) {
  const Finished blind = tune("out", {"--check", "true"});
  EXPECT_EQ(blind.exit_code, 2);
  EXPECT_EQ(blind.err,
            "error: the check has no {outputs}: it would not see what it is to judge\n"
            "   at: --check 'true'\n"
            "  fix: write {outputs} where the command takes the folder of the outputs\n");
  EXPECT_EQ(tune("out", {"--check_bound", "<=1"}).err,
            "error: there is no check to which this belongs\n   at: --check_bound\n"
            "  fix: give --check 'COMMAND {outputs} {reference}', or leave it out\n");
  EXPECT_EQ(tune("out", {"--check", "true {outputs}", "--check_timeout", "0"}).err,
            "error: 0 is no number of seconds above 0 and up to 1000000\n   at: --check_timeout\n"
            "  fix: give the longest time one check may take, such as 600\n");
}

TEST_F(CheckOfTune, GoesWithTheExportOfItsStudy) {
  ASSERT_EQ(tune("out", {"--max_trials", "6", "--require", "y:max_abs<=0.5", "--check",
                         "echo 0.5; : {outputs}", "--check_bound", "<=0.6"})
                .exit_code,
            0);
  const Finished run = run_keel(
      {"export", "--study", folder_ / "out", "--recommended", "--output", folder_ / "trial"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("requirements met"), std::string::npos) << run.out;
}

TEST_F(CheckOfTune, RequirementsOfOneOutputNameIt) {
  const Finished run = tune("out", {"--require", "y:relative_l2<=0.005", "--max_trials", "20"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json chosen = Json::parse(text_of("out", "result.json"))["recommendation"];
  EXPECT_LE(chosen["validation"]["y:relative_l2"].get<double>(), 0.005);
  EXPECT_EQ(chosen["validation"]["y:relative_l2"], chosen["validation"]["relative_l2"])
      << "the model has one output";
  EXPECT_NE(text_of("out", "front.csv").find(",top1_accuracy,y:relative_l2,kept_units"),
            std::string::npos);
  const Finished wrong = tune("wrong", {"--require", "z:relative_l2<=0.005"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_EQ(wrong.err.substr(wrong.err.find("error:")),
            "error: the model has no output 'z'\n"
            "   at: --require 'z:relative_l2<=0.005'\n"
            "  fix: use one of its outputs: y\n");
}

}  // namespace
}  // namespace keel::test
