#include "tuner/engine/shell_command.h"

#include <gtest/gtest.h>
#include <sys/types.h>
#include <unistd.h>

#include <csignal>
#include <thread>

namespace keel::engine {
namespace {

using End = ShellRun::End;
using std::chrono::milliseconds;

ShellRun run(const std::string& command, const ShellLimits& limits = {},
             const std::stop_token& stop = {}) {
  Result<ShellRun> result = run_shell(command, limits, stop);
  EXPECT_TRUE(result.ok());
  return *std::move(result);
}

TEST(ShellCommand, GivesWhatTheCommandLeaves) {
  const ShellRun done = run("echo out; echo err >&2; exit 3");
  EXPECT_EQ(done.end, End::Exited);
  EXPECT_EQ(done.code, 3);
  EXPECT_EQ(done.out, "out\n");
  EXPECT_EQ(done.err, "err\n");
}

TEST(ShellCommand, HasNothingToRead) { EXPECT_EQ(run("cat | wc -c").out, "0\n"); }

TEST(ShellCommand, GivesAllThatWasWritten) {
  EXPECT_EQ(run("head -c 300000 /dev/zero").out.size(), 300'000U);
}

TEST(ShellCommand, TellsASignalFromAnExit) {
  const ShellRun killed = run("kill -9 $$");
  EXPECT_EQ(killed.end, End::Signalled);
  EXPECT_EQ(killed.code, SIGKILL);
}

TEST(ShellCommand, EndsWhatTakesTooLongWithAllItStarted) {
  const ShellRun late = run("sleep 300 & echo $!; wait", {.time = milliseconds(300)});
  EXPECT_EQ(late.end, End::TimedOut);
  const auto child = static_cast<pid_t>(std::stol(late.out));
  for (int i = 0; i < 500 && ::kill(child, 0) == 0; ++i)
    std::this_thread::sleep_for(milliseconds(10));
  EXPECT_NE(::kill(child, 0), 0) << "the sleep still runs";
}

TEST(ShellCommand, DoesNotWaitForWhatTheCommandLeftBehind) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(run("sleep 300 & exit 0").end, End::Exited);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

TEST(ShellCommand, EndsWhatWritesTooMuch) {
  const ShellRun flood = run("yes", {.output_bytes = 100'000});
  EXPECT_EQ(flood.end, End::Flooded);
  EXPECT_LT(flood.out.size(), 200'000U);
  EXPECT_EQ(run("yes >&2", {.output_bytes = 100'000}).end, End::Flooded);
}

TEST(ShellCommand, StopsAsAsked) {
  std::stop_source source;
  std::jthread later([&] {
    std::this_thread::sleep_for(milliseconds(100));
    source.request_stop();
  });
  EXPECT_EQ(run("sleep 300", {}, source.get_token()).end, End::Stopped);
}

}  // namespace
}  // namespace keel::engine
