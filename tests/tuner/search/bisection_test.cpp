#include "tuner/search/bisection.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace keel::search {
namespace {

TEST(Bisection, FindsTheFirstGoodNumberInFewSteps) {
  for (std::size_t first_good = 1; first_good <= 100; ++first_good) {
    Bisection bisection(0, 100);
    int steps = 0;
    while (const std::optional<std::size_t> number = bisection.next()) {
      bisection.tell(*number >= first_good);
      ++steps;
    }
    EXPECT_EQ(bisection.good(), first_good);
    EXPECT_LE(steps, 7);
  }
}

TEST(CoarseToFine, HasEachNumberOnceTheMiddleFirst) {
  EXPECT_EQ(coarse_to_fine(8), (std::vector<std::size_t>{4, 2, 6, 1, 3, 5, 7}));
  EXPECT_TRUE(coarse_to_fine(0).empty());
  EXPECT_TRUE(coarse_to_fine(1).empty());
  std::vector<std::size_t> all = coarse_to_fine(101);
  std::ranges::sort(all);
  ASSERT_EQ(all.size(), 100U);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], i + 1);
}

}  // namespace
}  // namespace keel::search
