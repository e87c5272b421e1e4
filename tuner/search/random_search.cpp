#include "tuner/search/random_search.h"

#include <algorithm>
#include <set>

#include "tuner/search/free_units.h"

namespace keel::search {
namespace {

// Draws in a row that give nothing new, after which there is taken to be nothing new: gangs make
// the number of realised assignments hard to count.
constexpr int kMostRepeats = 10'000;

class RandomSearch final : public Strategy {
 public:
  RandomSearch(const Space& space, const StrategyOptions& options)
      : space_(space),
        budget_(std::min(options.max_trials, count_assignments(space))),
        rng_(options.seed) {}

  std::optional<Proposal> ask() override {
    if (asked_.size() >= budget_) return std::nullopt;
    if (asked_.insert(all_lowered(space_)).second)
      return Proposal{all_lowered(space_), Phase::Anchor};
    if (asked_.insert(all_kept(space_)).second) return Proposal{all_kept(space_), Phase::Anchor};
    for (int repeats = 0; repeats < kMostRepeats; ++repeats) {
      Assignment draw = draw_assignment(space_, rng_);
      if (asked_.insert(draw).second) return Proposal{std::move(draw), Phase::Fill};
    }
    budget_ = 0;
    return std::nullopt;
  }

  void tell(const Trial&) override {}

 private:
  Space space_;
  std::size_t budget_;
  Rng rng_;
  std::set<Assignment> asked_;
};

}  // namespace

Assignment draw_assignment(const Space& space, Rng& rng) {
  const double share = rng.uniform();
  Assignment draw(space.units.size());
  for (std::uint8_t& bit : draw) bit = rng.uniform() < share ? 1 : 0;
  return with_fixed_units(space, std::move(draw));
}

std::unique_ptr<Strategy> make_random_search(const Space& space, const StrategyOptions& options) {
  return std::make_unique<RandomSearch>(space, options);
}

}  // namespace keel::search
