#include "compiler/ascend/cann.h"

#include <array>
#include <string>

namespace keel::ascend {
namespace {

struct Release {
  Cann cann;
  std::string_view name;
  std::string_view stem;
};

constexpr std::array kReleases = {Release{Cann::V8, "8", "execeptionlist"},
                                  Release{Cann::V9, "9", "exceptionlist"}};

const Release& release(Cann cann) { return kReleases[static_cast<std::size_t>(cann)]; }

}  // namespace

std::string_view name(Cann cann) { return release(cann).name; }

Result<Cann> cann_named(std::string_view text) {
  for (const Release& each : kReleases)
    if (each.name == text) return each.cann;
  return Error{ErrorCode::InvalidConfig,
               "'" + std::string(text) + "' is no release of CANN that keel writes files for",
               "--cann", "use 8 (up to 8.5) or 9 (from 9.0)"};
}

std::string_view keep_list_stem(Cann cann) { return release(cann).stem; }

}  // namespace keel::ascend
