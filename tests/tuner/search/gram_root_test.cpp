#include "tuner/search/gram_root.h"

#include <gtest/gtest.h>

#include <cmath>

#include "compiler/base/random.h"

namespace keel::search {
namespace {

TEST(GramRoot, HasTheInnerProductsOfRowsOfAnySize) {
  Rng rng(3);
  Eigen::MatrixXd rows(12, 40);
  for (Eigen::Index i = 0; i < rows.rows(); ++i)
    for (Eigen::Index j = 0; j < rows.cols(); ++j)
      rows(i, j) = (rng.uniform() - 0.5) * std::pow(10.0, static_cast<double>(i % 4));
  rows.row(7) = rows.row(2);  // two trials of one error
  rows.row(9).setZero();
  const Eigen::MatrixXd gram = rows * rows.transpose();
  const Eigen::MatrixXd root = gram_root(gram);
  ASSERT_EQ(root.rows(), 12);
  for (Eigen::Index i = 0; i < 12; ++i)
    for (Eigen::Index j = 0; j < 12; ++j)
      EXPECT_NEAR(root.row(i).dot(root.row(j)), gram(i, j),
                  1e-9 * std::sqrt(gram(i, i) * gram(j, j)))
          << i << ", " << j;
}

}  // namespace
}  // namespace keel::search
