#include "tuner/search/residual_process.h"

#include <gtest/gtest.h>

#include <cmath>

#include "compiler/base/random.h"
#include "tests/tuner/search/value_at.h"

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
    EXPECT_NEAR(value_at(process, points[i]).mean, residuals[i], 0.03);
    EXPECT_LT(value_at(process, points[i]).deviation, 0.3 * value_at(process, draw(rng)).deviation);
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
  EXPECT_GT(value_at(process, neighbour).mean, 0.2);
}

// Residuals go with the pair of heavy units; the other 68 add nothing.
TEST(ResidualProcess, CarriesAResidualAcrossUnitsThatAddNoError) {
  Rng rng(3);
  Space space;
  space.units.resize(70);
  ErrorModel model{0, std::vector<double>(70, 0.0), {}};
  model.unit[3] = model.unit[30] = 1;
  std::vector<Assignment> points;
  std::vector<double> residuals;
  for (int i = 0; i < 24; ++i) {
    points.push_back(draw(rng));
    points.back()[3] = 1;
    points.back()[30] = i % 2 == 0 ? 1 : 0;
    residuals.push_back(i % 2 == 0 ? 0.3 : -0.3);
  }
  const ResidualProcess process(points, residuals, SharedError(space, model));
  const ResidualProcess by_units(points, residuals);
  for (int i = 0; i < 10; ++i) {
    Assignment x = draw(rng);
    x[3] = 1;
    x[30] = 0;
    EXPECT_NEAR(value_at(process, x).mean, -0.3, 0.01);
    EXPECT_LT(value_at(process, x).deviation, value_at(by_units, x).deviation);
  }
}

TEST(ResidualProcess, StaysAtThePriorWithFewPoints) {
  const ResidualProcess process({Assignment(70, 0)}, {0.4});
  EXPECT_EQ(value_at(process, Assignment(70, 0)).mean, 0);
  EXPECT_GT(value_at(process, Assignment(70, 0)).deviation, 0.1);
}

TEST(ResidualProcess, IsNotSureOfAllAfterLuckyResiduals) {
  Rng rng(5);
  std::vector<Assignment> points;
  for (int i = 0; i < 6; ++i) points.push_back(draw(rng));
  const ResidualProcess process(points, {1e-6, -1e-6, 1e-6, -1e-6, 1e-6, -1e-6});
  EXPECT_GT(value_at(process, draw(rng)).deviation, 0.01);  // decades
}

TEST(ResidualProcess, StandsRepeatedPoints) {
  const ResidualProcess process(std::vector<Assignment>(8, Assignment(70, 1)),
                                std::vector<double>(8, 0.2));
  EXPECT_NEAR(value_at(process, Assignment(70, 1)).mean, 0.2, 0.01);
}

}  // namespace
}  // namespace keel::search
