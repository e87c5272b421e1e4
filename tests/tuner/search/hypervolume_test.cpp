#include "tuner/search/hypervolume.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "compiler/base/random.h"

namespace keel::search {
namespace {

/// Counts cells of an integer grid that some point dominates.
double counted_area(const std::vector<FrontPoint>& points, int size) {
  double area = 0;
  for (int error = 0; error < size; ++error)
    for (int latency = 0; latency < size; ++latency)
      for (const FrontPoint& point : points)
        if (point.log_error <= error && point.latency_us <= latency) {
          area += 1;
          break;
        }
  return area;
}

TEST(Hypervolume, EqualsTheCountOfDominatedGridCells) {
  Rng rng(1);
  for (int round = 0; round < 100; ++round) {
    std::vector<FrontPoint> points;
    Hypervolume volume({12, 12}, {});
    for (int i = 0; i < 12; ++i) {
      const FrontPoint point{static_cast<double>(rng.below(14)),
                             static_cast<double>(rng.below(14))};
      const double before = volume.value();
      const double gain = volume.gain(point);
      volume.add(point);
      points.push_back(point);
      EXPECT_EQ(volume.value(), before + gain);
      EXPECT_EQ(volume.value(), counted_area(points, 12)) << "round " << round << " point " << i;
    }
    EXPECT_EQ(Hypervolume({12, 12}, points).value(), volume.value());
  }
}

TEST(Hypervolume, FloorsTheErrorWhereTheReferenceIsNoise) {
  EXPECT_DOUBLE_EQ(log_error(1e-4), -2);
  EXPECT_DOUBLE_EQ(log_error(0), -7);
  EXPECT_DOUBLE_EQ(log_error(1e-20), -7);
}

TEST(Hypervolume, MeasuresFromTheAnchors) {
  Space space;
  space.units.assign(2, Unit{UnitState::Free, 30, 10, 1, false});
  std::vector<Trial> trials{
      {0, {1, 1}, Phase::Anchor, {TrialState::Complete, 20, 1e-4, 0}},
      {1, {0, 0}, Phase::Anchor, {TrialState::Complete, 50, 0, 0}},
      {2, {0, 1}, Phase::Probe, {TrialState::Complete, 90, 1e-2, 0}},
  };
  EXPECT_DOUBLE_EQ(reference_point(space, trials).log_error, -2);
  EXPECT_DOUBLE_EQ(reference_point(space, trials).latency_us, 51);

  trials[0].outcome = {TrialState::NonFinite, 20, std::nan(""), 0};
  EXPECT_DOUBLE_EQ(reference_point(space, trials).log_error, 0);
  EXPECT_DOUBLE_EQ(reference_point(space, {}).latency_us, 1.02 * 60);
}

}  // namespace
}  // namespace keel::search
