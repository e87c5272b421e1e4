#include "tuner/search/residual_process.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "compiler/base/check.h"

namespace keel::search {
namespace {

// Repeats agree to about 1 %, relative to the spread of residuals.
constexpr double kNugget = 1e-2;
// In decades of error. A few lucky residuals must not make the process certain of everything.
constexpr double kLeastDeviation = 0.03;
constexpr double kUnfittedDeviation = 0.15;
constexpr std::size_t kFewestPoints = 4;
// Lengths tried, as fractions of the number of units.
constexpr double kLengthFractions[] = {1.0 / 16, 1.0 / 8, 1.0 / 4, 1.0 / 2, 1.0};

std::vector<std::uint64_t> to_bits(const Assignment& x) {
  std::vector<std::uint64_t> words((x.size() + 63) / 64, 0);
  for (std::size_t u = 0; u < x.size(); ++u) words[u / 64] |= std::uint64_t{x[u]} << (u % 64);
  return words;
}

int hamming(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  int distance = 0;
  for (std::size_t i = 0; i < a.size(); ++i) distance += std::popcount(a[i] ^ b[i]);
  return distance;
}

}  // namespace

ResidualProcess::ResidualProcess(const std::vector<Assignment>& assignments,
                                 const std::vector<double>& residuals)
    : deviation_(kUnfittedDeviation) {
  KEEL_CHECK(assignments.size() == residuals.size() && assignments.size() <= kMaxPoints);
  if (assignments.size() < kFewestPoints) return;
  for (const Assignment& x : assignments) points_.push_back(to_bits(x));
  const auto count = static_cast<Eigen::Index>(points_.size());
  const Eigen::Map<const Eigen::VectorXd> targets(residuals.data(), count);

  Eigen::MatrixXd distance(count, count);
  for (Eigen::Index i = 0; i < count; ++i)
    for (Eigen::Index j = 0; j <= i; ++j)
      distance(i, j) = distance(j, i) =
          hamming(points_[static_cast<std::size_t>(i)], points_[static_cast<std::size_t>(j)]);

  double best_likelihood = -std::numeric_limits<double>::infinity();
  for (const double fraction : kLengthFractions) {
    const double length = std::max(1.0, fraction * static_cast<double>(assignments[0].size()));
    Eigen::MatrixXd kernel = (-distance.array() / length).exp().matrix();
    kernel.diagonal().array() += kNugget;
    const Eigen::LLT<Eigen::MatrixXd> cholesky(kernel);
    if (cholesky.info() != Eigen::Success) continue;
    const Eigen::VectorXd weights = cholesky.solve(targets);
    const double variance = std::max(targets.dot(weights) / static_cast<double>(count), 1e-12);
    const Eigen::MatrixXd factor = cholesky.matrixL();
    const double likelihood = -0.5 * static_cast<double>(count) * std::log(variance) -
                              factor.diagonal().array().log().sum();
    if (likelihood <= best_likelihood) continue;
    best_likelihood = likelihood;
    length_ = length;
    factor_.assign(factor.data(), factor.data() + factor.size());
    weights_.assign(weights.data(), weights.data() + weights.size());
    deviation_ = std::max(std::sqrt(variance), kLeastDeviation);
  }
}

ResidualProcess::Value ResidualProcess::at(const Assignment& x) const {
  if (points_.empty()) return {0, deviation_};
  const Bits bits = to_bits(x);
  const auto count = static_cast<Eigen::Index>(points_.size());
  const Eigen::Map<const Eigen::MatrixXd> factor(factor_.data(), count, count);
  const Eigen::Map<const Eigen::VectorXd> weights(weights_.data(), count);
  Eigen::VectorXd kernel(count);
  for (Eigen::Index i = 0; i < kernel.size(); ++i)
    kernel[i] = std::exp(-hamming(points_[static_cast<std::size_t>(i)], bits) / length_);
  const double mean = kernel.dot(weights);
  const Eigen::VectorXd solved = factor.triangularView<Eigen::Lower>().solve(kernel);
  const double remaining = std::clamp(1 - solved.squaredNorm(), kNugget, 1.0);
  return {mean, deviation_ * std::sqrt(remaining)};
}

}  // namespace keel::search
