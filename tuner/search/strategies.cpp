#include "tuner/search/strategies.h"

#include <array>
#include <string>

#include "tuner/search/additive_cut.h"
#include "tuner/search/exhaustive.h"
#include "tuner/search/free_units.h"
#include "tuner/search/mark.h"
#include "tuner/search/nsga2.h"
#include "tuner/search/random_search.h"
#include "tuner/search/rank.h"
#include "tuner/search/segment.h"

namespace keel::search {
namespace {

// Probing takes one trial a unit; the search needs 20 to 70 more whatever the size, and the
// refinement about one for each unit the recommendation keeps.
Result<std::size_t> usual_trials(const Space& space) {
  constexpr std::size_t kSearchTrials = 100;
  return 3 * count_choices(space) + kSearchTrials;
}

constexpr std::array kStrategies{
    StrategyKind{
        "additive-cut",
        "probes, models of errors as sums and as vectors, exact minimum cuts, refinement (default)",
        &make_additive_cut, &usual_trials},
    StrategyKind{"random", "random assignments without repeats: the baseline to beat",
                 &make_random_search, &usual_trials},
    StrategyKind{"mark", "the first or the last units kept, by bisection, as Polygraphy",
                 &make_mark, &usual_trials},
    StrategyKind{"segment", "segments halved until they may be lowered, as onnxconverter-common",
                 &make_segment, &usual_trials},
    StrategyKind{"rank", "units lowered in order of the error each makes alone, as AIMET",
                 &make_rank, &usual_trials},
    StrategyKind{"nsga2", "a genetic search on latency and error", &make_nsga2, &usual_trials},
    StrategyKind{"exhaustive", "every assignment, of at most 16 free units", &make_exhaustive,
                 &exhaustive_trials},
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
