#include "tuner/search/strategies.h"

#include <array>
#include <string>

#include "tuner/search/additive_cut.h"
#include "tuner/search/random_search.h"

namespace keel::search {
namespace {

constexpr std::array kStrategies{
    StrategyKind{"additive-cut",
                 "probes, an additive error model, exact minimum cuts, refinement (default)",
                 &make_additive_cut},
    StrategyKind{"random", "random assignments without repeats: the baseline to beat",
                 &make_random_search},
};

}  // namespace

std::span<const StrategyKind> strategies() { return kStrategies; }

Result<StrategyKind> find_strategy(std::string_view name) {
  std::string names;
  for (const StrategyKind& kind : kStrategies) {
    if (kind.name == name) return kind;
    names += (names.empty() ? "'" : ", '") + std::string(kind.name) + "'";
  }
  return Error{ErrorCode::InvalidConfig, "no search strategy is named '" + std::string(name) + "'",
               "option --strategy", "use one of " + names};
}

}  // namespace keel::search
