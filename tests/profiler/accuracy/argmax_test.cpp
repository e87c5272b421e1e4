#include "profiler/accuracy/argmax.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace keel::accuracy {
namespace {

double agreement(const Shape& shape, const std::vector<float>& output,
                 const std::vector<float>& reference, std::optional<std::int64_t> label = {}) {
  return share_of_rows_agreeing(make_f32(shape, output), make_f32(shape, reference), label);
}

TEST(Argmax, AgreesWhereTheLargestStandsAtTheSamePlace) {
  EXPECT_EQ(agreement({1, 3}, {1, 5, 2}, {0, 9, 8}), 1);
  EXPECT_EQ(agreement({1, 3}, {6, 5, 2}, {0, 9, 8}), 0);
}

TEST(Argmax, IsTheFirstOfEquals) {
  EXPECT_EQ(agreement({3}, {5, 5, 1}, {9, 8, 8}), 1);
  EXPECT_EQ(agreement({3}, {1, 5, 5}, {7, 8, 9}), 0);
}

TEST(Argmax, CountsTheRowsOfTheLastAxis) {
  EXPECT_EQ(agreement({1, 4, 2}, {1, 0, 1, 0, 1, 0, 1, 0}, {1, 0, 1, 0, 1, 0, 0, 1}), 0.75);
}

TEST(Argmax, IsComparedToTheLabel) {
  EXPECT_EQ(agreement({1, 3}, {1, 5, 2}, {9, 0, 0}, 1), 1);
  EXPECT_EQ(agreement({1, 3}, {1, 5, 2}, {0, 9, 0}, 2), 0);
  EXPECT_EQ(agreement({2, 2}, {0, 1, 1, 0}, {0, 1, 1, 0}, 1), 0.5);
}

TEST(Argmax, OfARowWithNanNeverAgrees) {
  EXPECT_EQ(agreement({2}, {NAN, 1}, {0, 1}), 0);
  EXPECT_EQ(agreement({2}, {NAN, 1}, {NAN, 1}), 0);
  EXPECT_EQ(agreement({2}, {1, 0}, {NAN, 0}), 0);
  EXPECT_EQ(agreement({2}, {NAN, 1}, {0, 1}, 1), 0);
}

TEST(Argmax, OfARowThatOverflowedNeverAgrees) {
  EXPECT_EQ(agreement({2}, {0, INFINITY}, {0, 1}), 0);
  EXPECT_EQ(agreement({2}, {-INFINITY, 1}, {0, 1}), 0);
  EXPECT_EQ(agreement({2}, {-INFINITY, 1}, {0, 1}, 1), 0);
}

TEST(Argmax, TakesTheInfinityOfTheReference) {
  EXPECT_EQ(agreement({2}, {-INFINITY, 1}, {-INFINITY, 1}), 1);
}

TEST(Argmax, OfOtherShapesNeverAgrees) {
  const Tensor two = make_f32({2}, std::vector<float>{1, 2});
  const Tensor three = make_f32({3}, std::vector<float>{1, 2, 0});
  EXPECT_EQ(share_of_rows_agreeing(two, three, std::nullopt), 0);
  EXPECT_EQ(share_of_rows_agreeing(three, two, std::nullopt), 0);
}

TEST(Argmax, OfAScalarAndOfNothingAgrees) {
  EXPECT_EQ(agreement({}, {3}, {4}), 1);
  EXPECT_EQ(agreement({2, 0}, {}, {}), 1);
}

}  // namespace
}  // namespace keel::accuracy
