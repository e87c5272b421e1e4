#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "compiler/base/result.h"
#include "tuner/engine/options.h"
#include "tuner/report/node_table.h"

namespace keel::engine {

/// A row per node of the model file, in file order. With data, the fp32 model runs on every sample
/// and the rows hold ranges.
Result<std::vector<report::NodeRow>> inspect(const ModelOptions& options,
                                             const std::optional<std::filesystem::path>& data);

}  // namespace keel::engine
