#include "tuner/search/error_vectors.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <utility>

#include "compiler/base/check.h"
#include "tuner/search/error_covariance.h"
#include "tuner/search/free_units.h"
#include "tuner/search/gaussian_process.h"
#include "tuner/search/hypervolume.h"

namespace keel::search {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t kFewestTrials = 8;
// More make a prediction too slow; what is left out adds no more than any of them.
constexpr std::size_t kMostUnits = 1024;
// A unit that was seen to add nothing may yet: this share of the mean.
constexpr double kLeastShare = 1e-3;
// The last trials lie nearest the front: they say how large the unknown is there.
constexpr std::size_t kRecent = 32;
constexpr std::size_t kAtOnce = 256;

Eigen::Map<const Eigen::VectorXf> sketch_of(const Trial& trial) {
  const std::vector<float>& sketch = *trial.outcome.error_sketch;
  return {sketch.data(), static_cast<Index>(sketch.size())};
}

bool has_sketch(const Space& space, const Trial& trial) {
  const Outcome& outcome = trial.outcome;
  return outcome.error_sketch && std::isfinite(outcome.squared_error) &&
         with_fixed_units(space, trial.assignment) == trial.assignment;
}

const Trial* find_kept(const Space& space, const std::vector<Trial>& trials) {
  const Assignment kept = all_kept(space);
  const auto found = std::ranges::find_if(trials, [&](const Trial& trial) {
    return trial.assignment == kept && has_sketch(space, trial);
  });
  return found == trials.end() ? nullptr : &*found;
}

// Those that are not probes first, the last of them first; `kept` among them.
std::vector<const Trial*> told_trials(const Space& space, const std::vector<Trial>& trials,
                                      const Trial* kept) {
  std::vector<const Trial*> told;
  for (auto trial = trials.rbegin(); trial != trials.rend(); ++trial)
    if (has_sketch(space, *trial)) told.push_back(&*trial);
  std::ranges::stable_partition(told, [](const Trial* t) { return t->phase != Phase::Probe; });
  if (told.size() > GaussianProcess::kMaxPoints) {
    told.resize(GaussianProcess::kMaxPoints);
    if (std::ranges::find(told, kept) == told.end()) told.back() = kept;
  }
  return told;
}

// Squared length of what each unit adds to all kept, by UnitIndex: shared where several were probed
// at once, else that of an earlier study, else the median. Empty where no unit was probed.
std::vector<double> added_lengths(const Space& space, const std::vector<Trial>& trials,
                                  const Trial& kept) {
  std::vector<std::optional<double>> adds(space.units.size());
  std::vector<double> known;
  for (const Trial& trial : trials) {
    if (trial.phase != Phase::Probe || !has_sketch(space, trial)) continue;
    std::vector<UnitIndex> lowered;
    for (UnitIndex u = 0; u < space.units.size(); ++u)
      if (trial.assignment[u] != kept.assignment[u]) lowered.push_back(u);
    if (lowered.empty()) continue;
    const double length = (sketch_of(trial) - sketch_of(kept)).cast<double>().squaredNorm() /
                          static_cast<double>(lowered.size());
    for (const UnitIndex u : lowered) adds[u] = std::min(adds[u].value_or(length), length);
    known.push_back(length);
  }
  if (known.empty()) return {};
  double mean = 0;
  for (const double length : known) mean += length / static_cast<double>(known.size());
  const auto middle = known.begin() + static_cast<std::ptrdiff_t>(known.size() / 2);
  std::ranges::nth_element(known, middle);
  std::vector<double> all;
  for (UnitIndex u = 0; u < space.units.size(); ++u) {
    const double other = space.units[u].earlier_squared_error.value_or(*middle);
    all.push_back(adds[u].value_or(other) + kLeastShare * mean);
  }
  return all;
}

std::vector<UnitIndex> heaviest_units(const Space& space, const std::vector<double>& adds) {
  std::vector<UnitIndex> units = free_units(space);
  std::ranges::stable_sort(units, std::greater(), [&](UnitIndex u) { return adds[u]; });
  if (units.size() > kMostUnits) units.resize(kMostUnits);
  return units;
}

// Inner products of errors, of every pair.
MatrixXd products_of(const std::vector<const Trial*>& told) {
  MatrixXd errors(sketch_of(*told.front()).size(), static_cast<Index>(told.size()));
  for (Index i = 0; i < errors.cols(); ++i) {
    const auto sketch = sketch_of(*told[static_cast<std::size_t>(i)]);
    KEEL_CHECK(sketch.size() == errors.rows());
    errors.col(i) = sketch.cast<double>();
  }
  MatrixXd products = MatrixXd::Zero(errors.cols(), errors.cols());
  products.selfadjointView<Eigen::Lower>().rankUpdate(errors.transpose());
  return products.selfadjointView<Eigen::Lower>();
}

// Of those that are not probes, which stand first.
std::vector<double> log_errors_of_others(const std::vector<const Trial*>& told) {
  std::vector<double> log_errors;
  for (const Trial* trial : told)
    if (trial->phase != Phase::Probe) log_errors.push_back(log_error(trial->outcome.squared_error));
  return log_errors;
}

/// Of told trials: the inverse of their covariance, and its products with their errors.
struct Inverted {
  MatrixXd inverse, products;  ///< products: inverse * (inner products of errors) * inverse
  double variance = 0;         ///< by which covariances are to be multiplied
  std::vector<double> missed;  ///< decades, of those that are not probes
};

// \param log_errors  of the first trials, which are not probes
std::optional<Inverted> invert(const ErrorCovariance& covariance, const MatrixXd& rows,
                               const MatrixXd& products, const std::vector<double>& log_errors) {
  const Eigen::LLT<MatrixXd> cholesky(covariance.of(rows));
  if (cholesky.info() != Eigen::Success) return std::nullopt;
  Inverted result;
  result.inverse = cholesky.solve(MatrixXd::Identity(rows.rows(), rows.rows()));
  const MatrixXd solved = result.inverse * products;
  result.products = solved * result.inverse;
  const auto others = static_cast<Index>(log_errors.size());
  const Index recent = std::min(others, static_cast<Index>(kRecent));
  for (Index i = 0; i < recent; ++i)
    result.variance += result.products(i, i) / result.inverse(i, i) / static_cast<double>(recent);
  for (Index i = 0; i < others; ++i) {
    // Of the mean of all others at trial i.
    const double scale = result.inverse(i, i);
    const double length =
        products(i, i) - 2 * solved(i, i) / scale + result.products(i, i) / (scale * scale);
    result.missed.push_back(log_errors[static_cast<std::size_t>(i)] -
                            log_error(std::max(length, 0.0) + result.variance / scale));
  }
  return result;
}

}  // namespace

struct ErrorVectors::Fitted {
  std::vector<UnitIndex> units;
  MatrixXd rows;
  std::optional<ErrorCovariance> covariance;
  MatrixXd quadratic;  ///< what a squared error is of covariances, less the variance
  double variance = 0;

  MatrixXd rows_of(const auto& items, const auto& assignment_of) const {
    MatrixXd made(static_cast<Index>(items.size()), static_cast<Index>(units.size()));
    for (std::size_t i = 0; i < items.size(); ++i)
      for (std::size_t u = 0; u < units.size(); ++u)
        made(static_cast<Index>(i), static_cast<Index>(u)) = assignment_of(items[i])[units[u]];
    return made;
  }
};

std::optional<ErrorVectors> ErrorVectors::fit(const Space& space,
                                              const std::vector<Trial>& trials) {
  const Trial* kept = find_kept(space, trials);
  if (kept == nullptr) return std::nullopt;
  const std::vector<const Trial*> told = told_trials(space, trials, kept);
  if (told.size() < kFewestTrials) return std::nullopt;
  const std::vector<double> adds = added_lengths(space, trials, *kept);
  if (std::ranges::all_of(adds, [](double add) { return add <= 0; })) return std::nullopt;

  auto fitted = std::make_shared<Fitted>();
  fitted->units = heaviest_units(space, adds);
  fitted->rows = fitted->rows_of(
      told, [](const Trial* trial) -> const Assignment& { return trial->assignment; });
  VectorXd adds_of_row(static_cast<Index>(fitted->units.size()));
  for (Index i = 0; i < adds_of_row.size(); ++i)
    adds_of_row(i) = adds[fitted->units[static_cast<std::size_t>(i)]];
  const MatrixXd products = products_of(told);
  fitted->covariance = ErrorCovariance::most_likely(adds_of_row, fitted->rows, products);
  if (!fitted->covariance) return std::nullopt;
  const std::optional<Inverted> inverted =
      invert(*fitted->covariance, fitted->rows, products, log_errors_of_others(told));
  if (!inverted) return std::nullopt;
  fitted->quadratic = inverted->products - inverted->variance * inverted->inverse;
  fitted->variance = inverted->variance;
  ErrorVectors made(std::move(fitted));
  for (std::size_t i = 0; i < inverted->missed.size(); ++i)
    if (told[i] != kept) made.misses_.push_back({told[i], inverted->missed[i]});
  return made;
}

std::vector<double> ErrorVectors::squared_errors(std::span<const ModelPoint> points) const {
  const ErrorCovariance& covariance = *fitted_->covariance;
  std::vector<double> errors;
  errors.reserve(points.size());
  for (std::size_t from = 0; from < points.size(); from += kAtOnce) {
    const auto part = points.subspan(from, std::min(kAtOnce, points.size() - from));
    const MatrixXd rows = fitted_->rows_of(
        part, [](const ModelPoint& point) -> const Assignment& { return point.assignment; });
    const MatrixXd near = covariance.between(rows, fitted_->rows);
    const VectorXd known = (near * fitted_->quadratic).cwiseProduct(near).rowwise().sum();
    const VectorXd lengths = known + fitted_->variance * covariance.variances(rows);
    // What is by chance remains: less is but rounding of this sum.
    const VectorXd least = fitted_->variance * covariance.chances(rows);
    for (Index i = 0; i < lengths.size(); ++i) errors.push_back(std::max(lengths(i), least(i)));
  }
  return errors;
}

}  // namespace keel::search
