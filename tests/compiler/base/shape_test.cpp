#include "compiler/base/shape.h"

#include <gtest/gtest.h>

#include "compiler/base/random.h"

namespace keel {
namespace {

TEST(Shape, PrintsAndCounts) {
  EXPECT_EQ(to_text(Shape{}), "[]");
  EXPECT_EQ(to_text(Shape{1, 3, 224}), "[1,3,224]");
  EXPECT_EQ(element_count({}), 1);
  EXPECT_EQ(element_count({2, 0, 5}), 0);
}

TEST(Shape, BroadcastFollowsOnnx) {
  EXPECT_EQ(broadcast({2, 3}, {3}), (Shape{2, 3}));
  EXPECT_EQ(broadcast({2, 1}, {1, 3}), (Shape{2, 3}));
  EXPECT_EQ(broadcast({}, {4}), (Shape{4}));
  EXPECT_EQ(broadcast({1}, {0}), (Shape{0}));
  EXPECT_EQ(broadcast({2}, {3}), std::nullopt);
  EXPECT_EQ(broadcast({2, 3}, {2}), std::nullopt);
}

TEST(Shape, RowMajorStrides) {
  EXPECT_EQ(row_major_strides({2, 3, 4}), (Ints{12, 4, 1}));
  EXPECT_TRUE(row_major_strides({}).empty());
}

TEST(Shape, BroadcastStridesReadTheElementNumpyReads) {
  Rng rng(3);
  for (int round = 0; round < 200; ++round) {
    const std::size_t rank = 1 + rng.below(4);
    Shape to, from;
    for (std::size_t i = 0; i < rank; ++i)
      to.push_back(1 + static_cast<std::int64_t>(rng.below(4)));
    const std::size_t kept = rng.below(rank + 1);
    for (std::size_t i = rank - kept; i < rank; ++i) from.push_back(rng.below(2) ? to[i] : 1);
    const Ints strides = broadcast_strides(from, to);
    const Ints own = row_major_strides(from);
    for (std::int64_t element = 0; element < element_count(to); ++element) {
      std::int64_t rest = element, offset = 0, expected = 0;
      for (std::size_t i = rank; i-- > 0;) {
        const std::int64_t at = rest % to[i];
        rest /= to[i];
        offset += at * strides[i];
        if (i >= rank - kept) {
          const std::size_t j = i - (rank - kept);
          expected += (from[j] == 1 ? 0 : at) * own[j];
        }
      }
      ASSERT_EQ(offset, expected) << to_text(from) << " as " << to_text(to);
    }
  }
}

}  // namespace
}  // namespace keel
