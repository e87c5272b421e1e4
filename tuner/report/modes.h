#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tuner/report/result.h"

namespace keel::report {

/// What a run under one of several precision modes found.
struct ModeResult {
  std::string mode;  ///< as the vendor spells it; the folder of its files
  TuneResult result;
};

/// Of those that recommend a trial, the one whose trial is best: requirements met before missed,
/// then by the goal, ties within search::kTie going to fewer kept nodes, then to the first. Empty
/// where none recommends anything.
std::optional<std::size_t> best_mode(const std::vector<ModeResult>& modes);

/// A trial of one of the modes.
struct ModeTrial {
  std::size_t mode;
  std::uint64_t number;
};

/// Trials of the fronts that no trial of any mode beats in both latency and error, by latency.
std::vector<ModeTrial> joint_front(const std::vector<ModeResult>& modes);

/// `front.csv` of several modes: `precision_mode,trial,latency_us`, the metrics (validation),
/// `kept_units,kept_nodes` of the joint front.
std::string modes_csv(const std::vector<ModeResult>& modes);

/// `modes.json`: of each mode the recommendation and how it stands to the requirements; the
/// recommended mode; the joint front.
std::string modes_json(const std::vector<ModeResult>& modes);

/// For the terminal: a line a mode with what it recommends, the best marked.
std::string modes_table(const std::vector<ModeResult>& modes);

}  // namespace keel::report
