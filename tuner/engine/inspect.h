#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "tuner/engine/options.h"
#include "tuner/report/node_table.h"

namespace keel::engine {

struct Inspection {
  std::vector<report::NodeRow> rows;
  std::vector<std::string> notes;  ///< lines for the user
};

/// A row per node of the model file, in file order. With data, plain fp32 and the variant of the
/// owner's list run on every sample: the rows hold ranges and errors, the last note says where the
/// variant first has Inf or NaN.
Result<Inspection> inspect(const ModelOptions& options,
                           const std::optional<std::filesystem::path>& data);

}  // namespace keel::engine
