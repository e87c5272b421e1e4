#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "compiler/base/result.h"

namespace keel::accuracy {

/// Class indices from JSON: an array of integers, or an object with one under "labels".
///
/// \error InvalidConfig  not such JSON; a label that is no class index; not `samples` of them
/// \error NotReadable  the file cannot be read
Result<std::vector<std::int64_t>> read_labels(const std::filesystem::path& path,
                                              std::size_t samples);

}  // namespace keel::accuracy
