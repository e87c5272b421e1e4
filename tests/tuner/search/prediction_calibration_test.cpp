#include "tuner/search/prediction_calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace keel::search {
namespace {

constexpr Prediction kClaim{100, -3, 0.01, 0.5};

Outcome outcome(double log_error, double latency_us) {
  return {TrialState::Complete, latency_us, std::pow(10, 2 * log_error), 0};
}

TEST(PredictionCalibration, LeavesHonestAndTooWidePredictionsAsTheyAre) {
  PredictionCalibration calibration;
  for (int i = 0; i < 20; ++i) calibration.add(kClaim, outcome(-3 + 0.005 * (i % 2), 100));
  EXPECT_EQ(calibration.widened(kClaim).deviation, kClaim.deviation);
  EXPECT_EQ(calibration.widened(kClaim).latency_deviation_us, kClaim.latency_deviation_us);
}

// Eight honest ones are taken as seen before: (8 + 24 * 4^2) / 32 = 3.5^2.
TEST(PredictionCalibration, WidensByWhatMissesWereInDeviations) {
  PredictionCalibration calibration;
  for (int i = 0; i < 24; ++i) calibration.add(kClaim, outcome(-3.04, 100));
  EXPECT_NEAR(calibration.widened(kClaim).deviation, 0.035, 1e-9);
  EXPECT_EQ(calibration.widened(kClaim).latency_deviation_us, kClaim.latency_deviation_us);
}

TEST(PredictionCalibration, WidensLatenciesByTheirOwnMisses) {
  PredictionCalibration calibration;
  for (int i = 0; i < 24; ++i) calibration.add(kClaim, outcome(-3, 102));
  EXPECT_NEAR(calibration.widened(kClaim).latency_deviation_us, 1.75, 1e-9);
  EXPECT_EQ(calibration.widened(kClaim).deviation, kClaim.deviation);
}

// (8 + 8^2) / 9 = 8.
TEST(PredictionCalibration, CountsAMissOfManyDeviationsAsEight) {
  PredictionCalibration calibration;
  calibration.add(kClaim, outcome(0, 100));
  EXPECT_NEAR(calibration.widened(kClaim).deviation, 0.01 * std::sqrt(8.0), 1e-9);
}

TEST(PredictionCalibration, LearnsNothingFromWhatHasNoError) {
  PredictionCalibration calibration;
  const double infinity = std::numeric_limits<double>::infinity();
  calibration.add(kClaim, {TrialState::NonFinite, 200, 0, infinity});
  calibration.add(kClaim, {TrialState::Failed, 200, 0, infinity});
  calibration.add(kClaim, {TrialState::Complete, 200, infinity, infinity});
  calibration.add({100, -3, 0, 0}, outcome(-2, 200));  // claims to be sure
  EXPECT_EQ(calibration.widened(kClaim).deviation, kClaim.deviation);
  EXPECT_EQ(calibration.widened(kClaim).latency_deviation_us, kClaim.latency_deviation_us);
}

}  // namespace
}  // namespace keel::search
