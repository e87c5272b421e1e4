#include "tuner/search/random_search.h"

#include <algorithm>
#include <limits>
#include <set>

#include "compiler/base/random.h"

namespace keel::search {
namespace {

/// Assignments there are, or SIZE_MAX if that does not fit.
std::size_t assignments_of(const Space& space) {
  const auto free_units =
      std::count_if(space.units.begin(), space.units.end(),
                    [](const Unit& unit) { return unit.state == UnitState::Free; });
  if (free_units >= std::numeric_limits<std::size_t>::digits)
    return std::numeric_limits<std::size_t>::max();
  return std::size_t{1} << free_units;
}

class RandomSearch final : public Strategy {
 public:
  RandomSearch(const Space& space, const StrategyOptions& options)
      : space_(space),
        budget_(std::min(options.max_trials, assignments_of(space))),
        rng_(options.seed) {}

  std::optional<Proposal> ask() override {
    if (asked_.size() >= budget_) return std::nullopt;
    if (asked_.insert(all_lowered(space_)).second)
      return Proposal{all_lowered(space_), Phase::Anchor};
    if (asked_.insert(all_kept(space_)).second) return Proposal{all_kept(space_), Phase::Anchor};
    while (true) {
      Assignment draw = sample();
      if (asked_.insert(draw).second) return Proposal{std::move(draw), Phase::Fill};
    }
  }

  void tell(const Trial&) override {}

 private:
  Assignment sample() {
    const double share = rng_.uniform();
    Assignment draw(space_.units.size());
    for (std::uint8_t& bit : draw) bit = rng_.uniform() < share ? 1 : 0;
    return with_fixed_units(space_, std::move(draw));
  }

  Space space_;
  std::size_t budget_;
  Rng rng_;
  std::set<Assignment> asked_;
};

}  // namespace

std::unique_ptr<Strategy> make_random_search(const Space& space, const StrategyOptions& options) {
  return std::make_unique<RandomSearch>(space, options);
}

}  // namespace keel::search
