#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace keel::engine {

/// One line that tells how far a long run is: rewritten in place on a terminal, else a plain line
/// now and then. Writes to stderr, so that stdout stays clean. For one thread at a time.
class Progress {
 public:
  explicit Progress(std::FILE* stream);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Ends the current line and starts a phase: "reading", "reference", "probes".
  void phase(std::string_view name);

  /// Shows the phase with `text` beside it. At most ten times a second on a terminal, once in ten
  /// seconds elsewhere; what comes in between is dropped.
  void show(const std::string& text);

  /// Prints a whole line above the progress line.
  void note(const std::string& line);

 private:
  using Clock = std::chrono::steady_clock;
  void clear();

  std::FILE* stream_;
  bool terminal_;
  std::string phase_;
  bool line_open_ = false;
  std::optional<Clock::time_point> shown_;
};

}  // namespace keel::engine
