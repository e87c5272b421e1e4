#include "tuner/search/exhaustive.h"

#include <algorithm>
#include <string>

#include "tuner/search/free_units.h"

namespace keel::search {
namespace {

/// Counts `x` up, from the last to the first.
void count_up(const Space& space, Assignment& x) {
  for (std::size_t u = x.size(); u-- > 0;) {
    const Unit& unit = space.units[u];
    if (unit.state != UnitState::Free) continue;
    // Behind it only those before it are what they will be.
    const bool may_be_lowered = !unit.follows || *unit.follows > u || x[*unit.follows] != 0;
    if (x[u] == 0 && may_be_lowered) {
      x[u] = 1;
      return;
    }
    x[u] = 0;
  }
}

class Exhaustive final : public Strategy {
 public:
  Exhaustive(const Space& space, const StrategyOptions& options)
      : space_(space),
        budget_(std::min(options.max_trials, count_assignments(space))),
        lowered_(all_lowered(space)),
        kept_(all_kept(space)),
        next_(kept_) {}

  std::optional<Proposal> ask() override {
    if (asked_ >= budget_) return std::nullopt;
    if (asked_ == 0) return proposal(lowered_, Phase::Anchor);
    if (asked_ == 1 && kept_ != lowered_) return proposal(kept_, Phase::Anchor);
    do {
      count_up(space_, next_);
    } while (!is_realised(space_, next_));  // units that must agree do not, or a later one is kept
    if (next_ != lowered_) return proposal(next_, Phase::Fill);
    budget_ = asked_;  // it is the last
    return std::nullopt;
  }

  void tell(const Trial&) override {}

 private:
  Proposal proposal(const Assignment& x, Phase phase) {
    ++asked_;
    return {x, phase};
  }

  Space space_;
  std::size_t budget_;
  std::size_t asked_ = 0;
  Assignment lowered_;
  Assignment kept_;
  Assignment next_;  ///< the last that was counted
};

}  // namespace

std::unique_ptr<Strategy> make_exhaustive(const Space& space, const StrategyOptions& options) {
  return std::make_unique<Exhaustive>(space, options);
}

Result<std::size_t> exhaustive_trials(const Space& space) {
  const std::size_t count = count_assignments(space);
  if (count <= kMostExhaustive) return count;
  return Error{ErrorCode::InvalidConfig,
               std::to_string(free_units(space).size()) + " free units have more than the " +
                   std::to_string(kMostExhaustive) +
                   " assignments that an exhaustive search evaluates",
               "option --strategy",
               "use another strategy, or a keep list that leaves at most 16 units free"};
}

}  // namespace keel::search
