#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tuner/engine/progress.h"

namespace keel::engine {

/// Wall-clock seconds of each part of the run, for run.json.
class Phases {
 public:
  explicit Phases(Progress& progress) : progress_(progress) {}

  void enter(std::string_view name);
  void close();
  const std::vector<std::pair<std::string, double>>& seconds() const { return seconds_; }

 private:
  using Clock = std::chrono::steady_clock;

  Progress& progress_;
  std::string current_;
  Clock::time_point since_;
  std::vector<std::pair<std::string, double>> seconds_;
};

}  // namespace keel::engine
