#include <signal.h>

#include <chrono>
#include <thread>

#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

class Resume : public TuneFixture {
 protected:
  // Starts a run and signals it once the study holds `trials` trials.
  Finished interrupt(const std::string& output, int trials, int signal) const {
    KeelProcess process(tune_arguments(output, {"--jobs", "1"}));
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    while (trial_count(output) < trials && std::chrono::steady_clock::now() < deadline)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    process.signal(signal);
    return process.wait();
  }

  // Every column of every trial, as text.
  std::string rows(const std::string& output, int below) const {
    return query(output,
                 "SELECT number || ':' || assignment || ':' || latency_us || ':' || "
                 "coalesce(squared_error, 'NULL') || ':' || chain FROM trial WHERE number < " +
                     std::to_string(below) + " ORDER BY number");
  }
};

TEST_F(Resume, LosesAndRepeatsNothingAfterKill9) {
  ASSERT_EQ(tune("whole").exit_code, 0);
  for (const int trials : {1, 4, 9}) {
    const std::string output = "killed" + std::to_string(trials);
    EXPECT_EQ(interrupt(output, trials, SIGKILL).exit_code, 128 + SIGKILL);
    const int survived = trial_count(output);
    ASSERT_GE(survived, trials);
    const std::string before = rows(output, survived);

    const Finished again = tune(output);
    ASSERT_EQ(again.exit_code, 0) << again.err;
    EXPECT_NE(again.err.find("resuming"), std::string::npos) << again.err;
    EXPECT_EQ(rows(output, survived), before);
    EXPECT_EQ(rows(output, 1000), rows("whole", 1000));
    for (const std::string& file : kDeterministicFiles)
      EXPECT_EQ(text_of(output, file), text_of("whole", file)) << file;
  }
}

// With 24 samples some trials run on few of them; which ones is found anew by each run.
TEST_F(Resume, GoesOnWithTrialsOnFewSamples) {
  write_tiny_model(folder_ / "tiny", 1536, 24);
  ASSERT_EQ(tune("whole").exit_code, 0);
  for (const char* state : {"partial", "rejected"})
    EXPECT_NE(query("whole",
                    "SELECT count(*) FROM trial WHERE state_name = '" + std::string(state) + "'"),
              "0")
        << state;
  EXPECT_EQ(interrupt("killed", 4, SIGKILL).exit_code, 128 + SIGKILL);
  ASSERT_EQ(tune("killed").exit_code, 0);
  EXPECT_EQ(rows("killed", 1000), rows("whole", 1000));
  for (const std::string& file : kDeterministicFiles)
    EXPECT_EQ(text_of("killed", file), text_of("whole", file)) << file;
}

TEST_F(Resume, WritesWhatIsKnownOnCtrlC) {
  const Finished whole = tune("whole");
  ASSERT_EQ(whole.exit_code, 0) << whole.err;
  const Finished stopped = interrupt("out", 5, SIGINT);
  EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
  EXPECT_NE(text_of("out", "front.csv"), "");
  EXPECT_NE(stopped.out.find("interrupted"), std::string::npos) << stopped.out;
  const Finished again = tune("out");
  ASSERT_EQ(again.exit_code, 0) << again.err;
  for (const std::string& file : kDeterministicFiles)
    EXPECT_EQ(text_of("out", file), text_of("whole", file)) << file;
}

TEST_F(Resume, ComputesNothingASecondTime) {
  ASSERT_EQ(tune("out").exit_code, 0);
  const std::string first = rows("out", 1000);
  ASSERT_EQ(tune("out").exit_code, 0);
  EXPECT_EQ(rows("out", 1000), first);
  EXPECT_NE(text_of("out", "run.json").find("\"trials_run\": 0"), std::string::npos);
}

TEST_F(Resume, WithoutAReleaseOfCannIsForTheFirst) {
  const std::vector<std::string> few = {"--max_trials", "4"};
  ASSERT_LE(tune("out", few).exit_code, 1);
  const std::string list = text_of("out", "execeptionlist.cfg");
  const std::string command = text_of("out", "atc.sh");
  const Finished again = tune("out", few);
  ASSERT_LE(again.exit_code, 1) << again.err;
  EXPECT_NE(again.out.find("/out/execeptionlist.cfg\n"), std::string::npos) << again.out;
  EXPECT_EQ(text_of("out", "execeptionlist.cfg"), list);
  EXPECT_EQ(text_of("out", "atc.sh"), command);
  EXPECT_EQ(text_of("out", "exceptionlist.cfg"), "");
}

TEST_F(Resume, RefusesAnotherQuestionAndNamesWhatDiffers) {
  ASSERT_EQ(tune("out").exit_code, 0);
  const std::string front = text_of("out", "front.csv");
  const Finished other = tune("out", {"--soc_version", "Ascend310P3", "--seed", "7"});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_NE(other.err.find("soc_version"), std::string::npos) << other.err;
  EXPECT_NE(other.err.find("Ascend310P3"), std::string::npos) << other.err;
  EXPECT_NE(other.err.find("Ascend910B3"), std::string::npos) << other.err;
  EXPECT_NE(other.err.find("seed"), std::string::npos) << other.err;
  EXPECT_EQ(text_of("out", "front.csv"), front);
}

}  // namespace
}  // namespace keel::test
