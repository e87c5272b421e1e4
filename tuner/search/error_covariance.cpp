#include "tuner/search/error_covariance.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

#include "tuner/search/gaussian_process.h"
#include "tuner/search/gram_root.h"

namespace keel::search {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Variances as shares of what all lowered units add: of what all kept is wrong by, of what
// roundings do to each other, and of what differs whatever is lowered.
constexpr double kKept = 0.2;
constexpr double kTogether = 0.02;
constexpr double kLeastChance = 0.003;
// Of what a unit adds: the same whatever else is lowered, as the rounding of weights is. The rest
// is the same as long as little else is.
constexpr double kAlways = 0.5;
// Of products of errors: where all are zero, the logarithm stays finite.
constexpr double kLeastVariance = 1e-30;

constexpr double kLengths[] = {0.1, 0.3, 1};
constexpr double kMiddleChance = 0.03;
constexpr double kOtherChances[] = {0.003, 0.1};

}  // namespace

ErrorCovariance::Pairs ErrorCovariance::pairs(const Shares& shares, const MatrixXd& a,
                                              const MatrixXd& b) {
  MatrixXd differing = -2 * (a * shares.changes.asDiagonal() * b.transpose());
  differing.colwise() += a * shares.changes;
  differing.rowwise() += (b * shares.changes).transpose();
  return {differing.array(), (a * shares.adds.asDiagonal() * b.transpose()).array()};
}

MatrixXd ErrorCovariance::between(const Pairs& pairs) const {
  const Eigen::ArrayXXd alike = (-pairs.differing / form_.length).exp();
  return kKept + kTogether * alike + pairs.common * (kAlways + (1 - kAlways) * alike);
}

MatrixXd ErrorCovariance::between(const MatrixXd& a, const MatrixXd& b) const {
  return between(pairs(shares_, a, b));
}

MatrixXd ErrorCovariance::of(const MatrixXd& rows) const {
  MatrixXd matrix = between(rows, rows);
  matrix.diagonal() += chances(rows);
  return matrix;
}

VectorXd ErrorCovariance::variances(const MatrixXd& rows) const {
  return (rows * shares_.adds).array() + kKept + kTogether + chances(rows).array();
}

VectorXd ErrorCovariance::chances(const MatrixXd& rows) const {
  return kLeastChance + form_.chance * (rows * shares_.adds).array();
}

// Logarithm, up to a constant; the least there is where the covariance is not positive definite.
// \param errors  rows with the inner products that the errors of `rows` have
double ErrorCovariance::likelihood(const MatrixXd& rows, const Pairs& pairs,
                                   const MatrixXd& errors) const {
  MatrixXd matrix = between(pairs);
  matrix.diagonal() += chances(rows);
  const Eigen::LLT<MatrixXd> cholesky(matrix);
  if (cholesky.info() != Eigen::Success) return -std::numeric_limits<double>::infinity();
  const auto count = static_cast<double>(rows.rows());
  const double variance = cholesky.matrixL().solve(errors).squaredNorm() / count;
  return -0.5 * count * std::log(std::max(variance, kLeastVariance)) -
         cholesky.matrixLLT().diagonal().array().log().sum();
}

std::optional<ErrorCovariance> ErrorCovariance::most_likely(const VectorXd& adds,
                                                            const MatrixXd& rows,
                                                            const MatrixXd& products) {
  const Index few = std::min(rows.rows(), static_cast<Index>(GaussianProcess::kMostToChoose));
  const MatrixXd first = rows.topRows(few);
  const MatrixXd errors = gram_root(products.topLeftCorner(few, few));
  const Shares shares{adds / adds.sum(), adds.cwiseSqrt() / adds.cwiseSqrt().sum()};
  const Pairs of_first = pairs(shares, first, first);
  std::optional<ErrorCovariance> best;
  double most = -std::numeric_limits<double>::infinity();
  const auto consider = [&](const Form& form) {
    const ErrorCovariance tried(shares, form);
    const double likely = tried.likelihood(first, of_first, errors);
    if (likely <= most) return;
    most = likely;
    best = tried;
  };
  for (const double length : kLengths) consider({length, kMiddleChance});
  if (!best) return std::nullopt;
  const double length = best->form_.length;
  for (const double chance : kOtherChances) consider({length, chance});
  return best;
}

}  // namespace keel::search
