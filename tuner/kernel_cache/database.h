#pragma once

#include <filesystem>

#include "compiler/base/result.h"
#include "tuner/study/sqlite.h"

namespace keel::kernel_cache {

/// Raised when a column is added or means something else: files of two versions lie side by side.
constexpr int kFormatVersion = 1;

/// DIR/kernel_times-1.db
std::filesystem::path database_path(const std::filesystem::path& folder);

/// Opens the database, or makes an empty one. \pre the caller keeps all others out
/// \error StudyCorrupt  the file is there and is no kernel cache of this version, or damaged
/// \error IoFailed      it cannot be opened, or is not there and cannot be made
Result<study::Connection> open_database(const std::filesystem::path& folder);

}  // namespace keel::kernel_cache
