#include "tuner/engine/shell_command.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

namespace keel::engine {
namespace {

using Clock = std::chrono::steady_clock;

// How late a stop, a timeout or an end may be noticed.
constexpr int kPollMilliseconds = 20;
constexpr int kExitCannotRun = 127;  // as sh has it

class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) ends_ = {-1, -1};
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  bool ok() const { return ends_[0] >= 0; }
  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void close_writer() { close_end(1); }
  void do_not_wait() const { ::fcntl(ends_[0], F_SETFL, O_NONBLOCK); }

 private:
  void close_end(std::size_t end) {
    if (ends_[end] >= 0) ::close(ends_[end]);
    ends_[end] = -1;
  }
  std::array<int, 2> ends_{};
};

// Between fork and exec only what is safe in a signal handler.
[[noreturn]] void become_shell(const char* command, int out, int err) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // keel killed: so is the command
  const int null = ::open("/dev/null", O_RDONLY);
  ::dup2(null, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  ::execl("/bin/sh", "sh", "-c", command, static_cast<char*>(nullptr));
  ::_exit(kExitCannotRun);
}

// Appends what is there; false once the pipe has ended.
bool drain(int descriptor, std::string& text, std::size_t most) {
  std::array<char, 16384> block;
  while (text.size() <= most) {
    const ssize_t count = ::read(descriptor, block.data(), block.size());
    if (count > 0) {
      text.append(block.data(), static_cast<std::size_t>(count));
    } else if (count == 0) {
      return false;
    } else if (errno != EINTR) {
      return true;
    }
  }
  return true;
}

bool has_ended(pid_t child) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == child;
}

// Waits for the end of the command or of our patience; the group is left as it is.
std::optional<ShellRun::End> watch(pid_t child, const Pipe& out, const Pipe& err,
                                   const ShellLimits& limits, const std::stop_token& stop,
                                   ShellRun& run) {
  const Clock::time_point deadline = Clock::now() + limits.time;
  while (true) {
    const bool ended = has_ended(child);  // first: what it wrote before is in the pipes now
    drain(out.reader(), run.out, limits.output_bytes);
    drain(err.reader(), run.err, limits.output_bytes);
    if (run.out.size() + run.err.size() > limits.output_bytes) return ShellRun::End::Flooded;
    if (ended) return std::nullopt;
    if (stop.stop_requested()) return ShellRun::End::Stopped;
    if (Clock::now() >= deadline) return ShellRun::End::TimedOut;
    std::array<pollfd, 2> ready{pollfd{out.reader(), POLLIN, 0}, pollfd{err.reader(), POLLIN, 0}};
    ::poll(ready.data(), ready.size(), kPollMilliseconds);
    // A pipe that its writers have closed is ready at once, again and again.
    if (((ready[0].revents | ready[1].revents) & POLLHUP) != 0)
      ::poll(nullptr, 0, kPollMilliseconds);
  }
}

}  // namespace

Result<ShellRun> run_shell(const std::string& command, const ShellLimits& limits,
                           const std::stop_token& stop) {
  Pipe out;
  Pipe err;
  const pid_t child = out.ok() && err.ok() ? ::fork() : -1;
  if (child < 0)
    return Error{ErrorCode::IoFailed,
                 "no process can be started: " + std::string(std::strerror(errno)), "/bin/sh",
                 "end other processes, or raise the limits of this one"};
  if (child == 0) become_shell(command.c_str(), out.writer(), err.writer());
  ::setpgid(child, child);  // here too: whoever comes first
  out.close_writer();
  err.close_writer();
  out.do_not_wait();
  err.do_not_wait();

  ShellRun run;
  const std::optional<ShellRun::End> cut = watch(child, out, err, limits, stop, run);
  ::kill(-child, SIGKILL);  // before it is waited for: the number is not another's yet
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (cut) {
    run.end = *cut;
  } else if (WIFSIGNALED(status)) {
    run.end = ShellRun::End::Signalled;
    run.code = WTERMSIG(status);
  } else {
    run.code = WEXITSTATUS(status);
  }
  return run;
}

}  // namespace keel::engine
