#include "tuner/search/bisection.h"

#include <deque>
#include <utility>

namespace keel::search {

std::vector<std::size_t> coarse_to_fine(std::size_t count) {
  std::vector<std::size_t> order;
  std::deque<std::pair<std::size_t, std::size_t>> gaps{{0, count}};
  while (!gaps.empty()) {
    const auto [first, last] = gaps.front();
    gaps.pop_front();
    if (last - first <= 1) continue;
    const std::size_t middle = first + (last - first) / 2;
    order.push_back(middle);
    gaps.emplace_back(first, middle);
    gaps.emplace_back(middle, last);
  }
  return order;
}

}  // namespace keel::search
