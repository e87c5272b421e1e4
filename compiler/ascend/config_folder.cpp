#include <cstdlib>

#include "compiler/ascend/soc.h"

namespace keel::ascend {
namespace {

namespace fs = std::filesystem;

bool is_folder(const fs::path& path) {
  std::error_code ignored;  // what cannot be looked at is no folder of ours
  return fs::is_directory(path, ignored);
}

constexpr const char* kFix = "set KEEL_CONFIGS to the configs folder of keel";

}  // namespace

Result<fs::path> config_folder() {
  if (const char* named = std::getenv("KEEL_CONFIGS"); named != nullptr && *named != '\0') {
    if (is_folder(named)) return fs::path(named);
    return Error{ErrorCode::InvalidConfig, "KEEL_CONFIGS names no folder", named, kFix};
  }

  std::error_code code;
  const fs::path binary = fs::read_symlink("/proc/self/exe", code);
  const fs::path installed = binary.parent_path().parent_path() / "share" / "keel" / "configs";
  if (!code && is_folder(installed)) return installed;

  const fs::path source = KEEL_SOURCE_CONFIGS;
  if (is_folder(source)) return source;
  return Error{ErrorCode::InvalidConfig, "the configs folder was not found",
               installed.string() + ", " + source.string(), kFix};
}

}  // namespace keel::ascend
