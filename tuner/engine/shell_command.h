#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>

#include "compiler/base/result.h"

namespace keel::engine {

/// What became of a command.
struct ShellRun {
  enum class End {
    Exited,     ///< `code` is its exit code
    Signalled,  ///< `code` is the signal
    TimedOut,
    Flooded,  ///< it wrote more than it may
    Stopped,  ///< as asked
  };
  End end = End::Exited;
  int code = 0;
  std::string out;  ///< what it wrote to stdout
  std::string err;
};

struct ShellLimits {
  std::chrono::milliseconds time{600'000};
  std::size_t output_bytes = std::size_t{1} << 20;  ///< of stdout and stderr together
};

/// Runs `command` by `/bin/sh -c` in a process group of its own, stdin empty, and waits for it.
/// Whatever its end, what is left of the group is killed. Blocks the calling thread; thread-safe.
/// \error IoFailed  no process could be started
Result<ShellRun> run_shell(const std::string& command, const ShellLimits& limits,
                           const std::stop_token& stop);

}  // namespace keel::engine
