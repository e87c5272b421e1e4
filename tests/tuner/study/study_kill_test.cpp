#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "compiler/base/random.h"
#include "tests/tuner/study/study_fixture.h"

namespace keel::study {
namespace {

/// Appends until killed; writes a byte for each trial once append() has returned.
[[noreturn]] void append_forever(const std::filesystem::path& folder, int acknowledged) {
  Result<Study> study = open(folder);
  if (!study.ok()) ::_exit(1);
  while (true) {
    if (!study->append(record(study->trials().size())).ok()) ::_exit(2);
    if (::write(acknowledged, "+", 1) != 1) ::_exit(3);
  }
}

/// Bytes read until `count` came or the pipe ended.
std::uint64_t drain(int pipe, std::uint64_t count) {
  std::uint64_t read = 0;
  char byte;
  while (read < count && ::read(pipe, &byte, 1) == 1) ++read;
  return read;
}

TEST(StudyKill, LosesNoTrialItHadAppended) {
  const std::filesystem::path folder = empty_folder();
  Rng rng(11);
  std::uint64_t before = 0;
  for (int round = 0; round < 20; ++round) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(pipe[0]);
      append_forever(folder, pipe[1]);
    }
    ::close(pipe[1]);
    // Round 0 is killed while it makes the study; the wait falls anywhere within an append.
    std::uint64_t acknowledged = drain(pipe[0], round == 0 ? 0 : 1 + rng.below(8));
    ::usleep(static_cast<useconds_t>(rng.below(3000)));
    ::kill(child, SIGKILL);
    acknowledged += drain(pipe[0], std::numeric_limits<std::uint64_t>::max());
    ::close(pipe[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child gave up with " << WEXITSTATUS(status);

    const Result<Study> study = open(folder);
    ASSERT_TRUE(study.ok()) << "round " << round << ": " << to_text(study.error());
    const std::uint64_t found = study->trials().size();
    EXPECT_GE(found, before + acknowledged) << "round " << round;
    EXPECT_LE(found, before + acknowledged + 1) << "round " << round;
    EXPECT_TRUE(holds(*study, found));
    before = found;
  }
  EXPECT_GT(before, 19U);
}

}  // namespace
}  // namespace keel::study
