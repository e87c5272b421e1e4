#include "tuner/search/gaussian_process.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "compiler/base/check.h"

namespace keel::search {
namespace {

// Of squared targets: where all are zero, the logarithm stays finite.
constexpr double kLeastVariance = 1e-12;

}  // namespace

std::optional<GaussianProcess> GaussianProcess::fit(const std::vector<double>& similarity,
                                                    const std::vector<double>& targets,
                                                    double nugget) {
  KEEL_CHECK(!targets.empty() && similarity.size() == targets.size() * targets.size());
  const auto count = static_cast<Eigen::Index>(targets.size());
  const Eigen::Map<const Eigen::VectorXd> told(targets.data(), count);
  Eigen::MatrixXd kernel = Eigen::Map<const Eigen::MatrixXd>(similarity.data(), count, count);
  kernel.diagonal().array() += nugget;
  const Eigen::LLT<Eigen::MatrixXd> cholesky(kernel);
  if (cholesky.info() != Eigen::Success) return std::nullopt;
  const Eigen::VectorXd weights = cholesky.solve(told);
  const Eigen::MatrixXd factor = cholesky.matrixL();
  const double variance = std::max(told.dot(weights) / static_cast<double>(count), kLeastVariance);
  GaussianProcess process;
  process.factor_.assign(factor.data(), factor.data() + factor.size());
  process.weights_.assign(weights.data(), weights.data() + weights.size());
  process.nugget_ = nugget;
  process.deviation_ = std::sqrt(variance);
  process.likelihood_ = -0.5 * static_cast<double>(count) * std::log(variance) -
                        factor.diagonal().array().log().sum();
  return process;
}

std::vector<GaussianProcess::Value> GaussianProcess::at(
    const std::vector<double>& similarities) const {
  KEEL_CHECK(similarities.size() % weights_.size() == 0);
  if (similarities.empty()) return {};  // Eigen may not solve for no columns
  const auto count = static_cast<Eigen::Index>(weights_.size());
  const auto things = static_cast<Eigen::Index>(similarities.size()) / count;
  const Eigen::Map<const Eigen::MatrixXd> factor(factor_.data(), count, count);
  const Eigen::Map<const Eigen::VectorXd> weights(weights_.data(), count);
  const Eigen::Map<const Eigen::MatrixXd> near(similarities.data(), count, things);
  const Eigen::VectorXd means = near.transpose() * weights;
  const Eigen::MatrixXd solved = factor.triangularView<Eigen::Lower>().solve(near);
  const Eigen::VectorXd known = solved.colwise().squaredNorm();
  std::vector<Value> values;
  for (Eigen::Index i = 0; i < things; ++i)
    values.push_back({means(i), deviation_ * std::sqrt(std::clamp(1 - known(i), nugget_, 1.0))});
  return values;
}

}  // namespace keel::search
