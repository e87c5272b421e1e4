#include "tuner/engine/interrupt.h"

#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "compiler/base/check.h"

namespace keel::engine {
namespace {

constexpr int kExitInterrupted = 130;

// A signal handler may do little: it writes a byte to a pipe, and a thread does the rest. The
// descriptor is the one piece of global state, for a handler takes no argument.
volatile std::sig_atomic_t wake_descriptor = -1;
volatile std::sig_atomic_t signals_seen = 0;

extern "C" void on_signal(int) {
  signals_seen = signals_seen + 1;
  if (signals_seen > 1) ::_exit(kExitInterrupted);
  const char byte = 's';
  [[maybe_unused]] const ssize_t written = ::write(wake_descriptor, &byte, 1);
}

void handle(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

InterruptGuard::InterruptGuard() {
  KEEL_CHECK(wake_descriptor == -1);
  KEEL_CHECK(::pipe(wake_pipe_) == 0);
  wake_descriptor = wake_pipe_[1];
  signals_seen = 0;
  listener_ = std::jthread([this] {
    char byte = 0;
    if (::read(wake_pipe_[0], &byte, 1) == 1 && byte == 's') source_.request_stop();
  });
  handle(on_signal);
}

InterruptGuard::~InterruptGuard() {
  handle(SIG_DFL);
  const char byte = 'q';
  [[maybe_unused]] const ssize_t written = ::write(wake_pipe_[1], &byte, 1);
  listener_.join();
  ::close(wake_pipe_[0]);
  ::close(wake_pipe_[1]);
  wake_descriptor = -1;
}

}  // namespace keel::engine
