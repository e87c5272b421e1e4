#include "compiler/base/nearest.h"

#include <gtest/gtest.h>

namespace keel {
namespace {

using Names = std::vector<std::string>;

TEST(Nearest, LastPathComponentRanksFirst) {
  const Names names{"conv11", "my_conv1_x", "resnet/conv1"};
  EXPECT_EQ(nearest("conv1", names, 3), (Names{"resnet/conv1", "conv11", "my_conv1_x"}));
}

TEST(Nearest, FindsAMisspelling) {
  EXPECT_EQ(nearest("con1_rleu", Names{"dense", "conv1_relu"}, 1), Names{"conv1_relu"});
}

TEST(Nearest, IgnoresCase) { EXPECT_EQ(nearest("CONV", Names{"a/conv"}, 1), Names{"a/conv"}); }

TEST(Nearest, FindsNothingTooFar) {
  EXPECT_TRUE(nearest("abc", Names{"xyz", "uvw"}, 2).empty());
  EXPECT_TRUE(nearest("", Names{"x"}, 1).empty());
  EXPECT_TRUE(nearest("x", Names{}, 1).empty());
}

TEST(Nearest, ReturnsAtMostCountInTheOrderGivenAmongEquals) {
  EXPECT_EQ(nearest("ab", Names{"ab1", "ab2", "ab3"}, 2), (Names{"ab1", "ab2"}));
}

}  // namespace
}  // namespace keel
