#include "tests/places/places.h"

#include <cstdlib>

namespace keel::test {

std::filesystem::path source_folder() { return KEEL_SOURCE_DIR; }

std::filesystem::path shared_folder() {
  const char* given = std::getenv("KEEL_SHARED");
  return given != nullptr ? std::filesystem::path(given) : source_folder().parent_path() / "shared";
}

}  // namespace keel::test
