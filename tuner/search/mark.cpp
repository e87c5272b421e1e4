#include "tuner/search/mark.h"

#include "tuner/search/bisection.h"
#include "tuner/search/free_units.h"
#include "tuner/search/script.h"

namespace keel::search {
namespace {

enum class Direction { First, Last };

class Marking {
 public:
  explicit Marking(const Space& space) : space_(space), units_(free_units(space)) {}

  std::size_t units() const { return units_.size(); }

  /// The first or last `count` free units kept, the others lowered.
  Assignment kept(Direction direction, std::size_t count) const {
    Assignment x = all_lowered(space_);
    const std::size_t begin = direction == Direction::First ? 0 : units_.size() - count;
    for (std::size_t i = begin; i < begin + count; ++i) x[units_[i]] = 0;
    return with_fixed_units(space_, std::move(x));
  }

 private:
  Space space_;
  std::vector<UnitIndex> units_;
};

Script mark(Space space) {
  const Marking marking(space);
  const Batch anchors{{all_lowered(space), all_kept(space)}, Phase::Anchor};
  const std::vector<Outcome> ends = co_await anchors;
  if (!meets_requirements(ends[0]) && meets_requirements(ends[1])) {
    for (const Direction direction : {Direction::First, Direction::Last}) {
      Bisection fewest(0, marking.units());
      while (const std::optional<std::size_t> count = fewest.next()) {
        const Batch attempt{{marking.kept(direction, *count)}, Phase::Fill};
        const std::vector<Outcome> outcomes = co_await attempt;
        fewest.tell(meets_requirements(outcomes[0]));
      }
    }
  }
  for (const std::size_t count : coarse_to_fine(marking.units())) {
    const Batch both{{marking.kept(Direction::First, count), marking.kept(Direction::Last, count)},
                     Phase::Fill};
    co_await both;
  }
}

}  // namespace

std::unique_ptr<Strategy> make_mark(const Space& space, const StrategyOptions& options) {
  return make_scripted(mark(space), options.max_trials);
}

}  // namespace keel::search
