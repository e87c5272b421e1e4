#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/lint/fix.h"
#include "tuner/engine/options.h"
#include "tuner/report/finding_list.h"

namespace keel::engine {

struct CheckOptions {
  ModelOptions model;                         ///< keep_dtype is the list
  std::optional<std::filesystem::path> data;  ///< for shapes the model leaves open
  bool fix = false;
};

/// What is wrong with a keep list, and with fix, the list as it should be.
struct CheckedList {
  report::FindingList findings;
  std::optional<lint::FixedList> fixed;  ///< only where something was to be changed
  std::filesystem::path fixed_path;      ///< where it was written
  std::vector<std::string> notes;        ///< lines for the user
};

/// Compiles the model under the list and checks the list against it. With `fix`, writes
/// `NAME.fixed.cfg` beside the list, whole or not at all, where there is something to correct.
/// \pre options.model.keep_dtype
/// \error what loading the model, the list or the configs gives, or writing the corrected list
Result<CheckedList> check_list(const CheckOptions& options);

/// "dir/keep.fixed.cfg" of "dir/keep.cfg".
std::filesystem::path fixed_path(const std::filesystem::path& list);

}  // namespace keel::engine
