#include "tuner/engine/certificates.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>

#include "tests/tuner/search/strategy_run.h"
#include "tests/tuner/search/synthetic_model.h"
#include "tuner/search/additive_cut.h"

namespace keel::engine {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// A tuned model, where validation samples show `validation` times the error of the model and those
// that rank `ranking` times; the end of the interval of the former is 1.5 times as far.
report::TuneResult tuned(const search::SyntheticModel& model, double ranking, double validation) {
  report::TuneResult result;
  result.requirements = {{accuracy::find_metric("relative_l2"), true, 10 * model.error_bound}};
  for (const search::Trial& trial :
       search::run_to_the_end(search::make_additive_cut(model.space, {1, 60}), model)) {
    const double error = std::sqrt(trial.outcome.squared_error);
    study::TrialRecord record;
    record.trial = trial;
    record.ranking = {ranking * error, 1, kNone, kNone, kNone};
    record.validation = {validation * error, 1, kNone, kNone, kNone};
    record.validation_lo = record.validation;
    record.validation_hi = {1.5 * validation * error, 1, kNone, kNone, kNone};
    result.trials.push_back(std::move(record));
  }
  std::vector<search::Trial> trials;
  for (const study::TrialRecord& record : result.trials) trials.push_back(record.trial);
  result.recommended = search::recommend(model.space, trials)->number;
  return result;
}

// Measured over predicted squared error, by the median.
double ratio(double ranking, double validation, std::optional<double> confidence = {}) {
  const search::SyntheticModel model = search::random_model(3, 12);
  report::TuneResult result = tuned(model, ranking, validation);
  result.confidence = confidence;
  const auto found = certificates(model.space, result);
  KEEL_CHECK(found.size() == 1 && found[0]);
  return found[0]->ratio;
}

TEST(Certificates, GoByTheWorseOfWhatRanksAndWhatValidates) {
  const double base = ratio(1, 1);
  EXPECT_NEAR(ratio(1, 2), 4 * base, 1e-9 * base);
  EXPECT_NEAR(ratio(2, 1), 4 * base, 1e-9 * base);
  EXPECT_NEAR(ratio(0.5, 1), base, 1e-9 * base);
}

TEST(Certificates, GoByTheEndOfTheIntervalWithAConfidence) {
  const double base = ratio(1, 1);
  EXPECT_NEAR(ratio(1, 1, 0.95), 2.25 * base, 1e-9 * base);
  EXPECT_NEAR(ratio(2, 1, 0.95), 4 * base, 1e-9 * base) << "what ranks is worse than the end";
}

}  // namespace
}  // namespace keel::engine
