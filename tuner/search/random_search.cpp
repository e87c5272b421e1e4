#include "tuner/search/random_search.h"

#include <algorithm>
#include <limits>
#include <set>

#include "compiler/base/random.h"

namespace keel::search {
namespace {

// Draws in a row that give nothing new, after which there is taken to be nothing new: gangs make
// the number of realised assignments hard to count.
constexpr int kMostRepeats = 10'000;

/// Realised assignments there are if no units must agree, or SIZE_MAX if that does not fit.
std::size_t assignments_of(const Space& space) {
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  const auto times = [](std::size_t a, std::size_t b) { return a > kMost / b ? kMost : a * b; };
  std::size_t total = 1;
  // Of each unit: choices of all that follow it, when it is lowered.
  std::vector<std::size_t> followers(space.units.size(), 1);
  for (std::size_t u = space.units.size(); u-- > 0;) {
    const Unit& unit = space.units[u];
    if (unit.state != UnitState::Free) continue;
    const std::size_t choices = followers[u] == kMost ? kMost : followers[u] + 1;  // or kept
    const bool leader_is_free = unit.follows && space.units[*unit.follows].state == UnitState::Free;
    std::size_t& product = leader_is_free ? followers[*unit.follows] : total;
    product = times(product, choices);
  }
  return total;
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
    for (int repeats = 0; repeats < kMostRepeats; ++repeats) {
      Assignment draw = sample();
      if (asked_.insert(draw).second) return Proposal{std::move(draw), Phase::Fill};
    }
    budget_ = 0;
    return std::nullopt;
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
