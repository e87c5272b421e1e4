#include "compiler/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace keel {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "keel: internal error: %s does not hold at %s:%d\n", condition, file, line);
  std::abort();
}

}  // namespace keel
