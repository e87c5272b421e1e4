#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/result.h"
#include "profiler/accuracy/dataset.h"

namespace keel::accuracy {

struct SampleFiles {
  std::string name;
  std::vector<std::filesystem::path> inputs;  ///< in port order, one for each
};

/// The files of each sample, by sample name, laid out as load_dataset() describes. Nothing is
/// opened.
///
/// \error InvalidConfig  no samples; a file that is for no input, an input that two files claim or
///     none; two inputs whose names give the same file name
/// \error NotReadable  the folder cannot be listed
Result<std::vector<SampleFiles>> find_sample_files(const std::filesystem::path& folder,
                                                   std::span<const Port> inputs);

/// Order of names in which runs of digits count as numbers: "9" < "10" < "a".
bool natural_less(std::string_view a, std::string_view b);

}  // namespace keel::accuracy
