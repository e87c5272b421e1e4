#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "compiler/base/hash.h"
#include "compiler/base/result.h"

namespace keel::study {

/// What the database beside it holds at least.
struct Mark {
  std::uint64_t trials = 0;
  Digest chain;  ///< of the last of them; of the question when there is none
  bool operator==(const Mark&) const = default;
};

/// Empty where there is no file.
/// \error StudyCorrupt  the file holds something else, or a part
/// \error IoFailed      it cannot be read
Result<std::optional<Mark>> read_mark(const std::filesystem::path& path);

/// Replaces the file atomically; synced on return.
Status write_mark(const std::filesystem::path& path, const Mark& mark);

}  // namespace keel::study
