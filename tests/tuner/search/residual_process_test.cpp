#include "tuner/search/residual_process.h"

#include <gtest/gtest.h>

#include <cmath>

#include "compiler/base/random.h"

namespace keel::search {
namespace {

Assignment draw(Rng& rng) {
  Assignment x(70);  // more than one machine word
  for (std::uint8_t& bit : x) bit = static_cast<std::uint8_t>(rng.below(2));
  return x;
}

TEST(ResidualProcess, ReturnsWhatItWasToldAndIsSurestThere) {
  Rng rng(1);
  std::vector<Assignment> points;
  std::vector<double> residuals;
  for (int i = 0; i < 20; ++i) {
    points.push_back(draw(rng));
    residuals.push_back(rng.uniform() - 0.5);
  }
  const ResidualProcess process(points, residuals);
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_NEAR(process.at(points[i]).mean, residuals[i], 0.03);
    EXPECT_LT(process.at(points[i]).deviation, 0.3 * process.at(draw(rng)).deviation);
  }
}

TEST(ResidualProcess, CarriesAResidualToNeighbours) {
  Rng rng(2);
  std::vector<Assignment> points;
  std::vector<double> residuals;
  for (int i = 0; i < 30; ++i) {
    points.push_back(draw(rng));
    points.push_back(points.back());
    points.back()[static_cast<std::size_t>(i)] ^= 1;
    residuals.insert(residuals.end(), 2, i % 2 == 0 ? 0.3 : -0.3);
  }
  const ResidualProcess process(points, residuals);
  Assignment neighbour = points[0];
  neighbour[60] ^= 1;
  EXPECT_GT(process.at(neighbour).mean, 0.2);
}

TEST(ResidualProcess, StaysAtThePriorWithFewPoints) {
  const ResidualProcess process({Assignment(70, 0)}, {0.4});
  EXPECT_EQ(process.at(Assignment(70, 0)).mean, 0);
  EXPECT_GT(process.at(Assignment(70, 0)).deviation, 0.1);
}

TEST(ResidualProcess, StandsRepeatedPoints) {
  const ResidualProcess process(std::vector<Assignment>(8, Assignment(70, 1)),
                                std::vector<double>(8, 0.2));
  EXPECT_NEAR(process.at(Assignment(70, 1)).mean, 0.2, 0.01);
}

}  // namespace
}  // namespace keel::search
