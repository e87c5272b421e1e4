#pragma once

#include <stop_token>
#include <thread>

namespace keel::engine {

/// Turns SIGINT and SIGTERM into a stop request while it lives: the first asks the run to write
/// what it knows, a second ends the process at once with exit code 130. Everything a study has
/// acknowledged is on disk either way. One at a time in a process.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::jthread listener_;
  int wake_pipe_[2];
};

}  // namespace keel::engine
