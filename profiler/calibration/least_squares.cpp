#include "profiler/calibration/least_squares.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace keel::calibration {
namespace {

constexpr double kStep = 1e-4;          // of the numerical derivative, in logarithms of parameters
constexpr double kLongestStep = 0.7;    // a parameter may double, not more, in one step
constexpr double kSmallestGain = 1e-7;  // relative; below it the search ends
constexpr int kDampings = 8;

double square_sum(const Numbers& values) {
  return std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
}

}  // namespace

Numbers solve(std::vector<Numbers> a, Numbers b) {
  const std::size_t n = b.size();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = a[i][j];
      for (std::size_t k = 0; k < j; ++k) sum -= a[i][k] * a[j][k];
      a[i][j] = i == j ? std::sqrt(std::max(sum, 1e-300)) : sum / a[j][j];
    }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= a[i][k] * b[k];
    b[i] /= a[i][i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= a[k][i] * b[k];
    b[i] /= a[i][i];
  }
  return b;
}

Numbers least_squares(const std::function<Numbers(const Numbers&)>& residuals, Numbers x,
                      int iterations) {
  const std::size_t n = x.size();
  Numbers r = residuals(x);
  double cost = square_sum(r);
  double damping = 1e-2;
  for (int iteration = 0; iteration < iterations; ++iteration) {
    std::vector<Numbers> columns(n);
    for (std::size_t j = 0; j < n; ++j) {
      Numbers moved = x;
      moved[j] += kStep;
      columns[j] = residuals(moved);
      for (std::size_t i = 0; i < r.size(); ++i) columns[j][i] = (columns[j][i] - r[i]) / kStep;
    }
    std::vector<Numbers> normal(n, Numbers(n));
    Numbers descent(n);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j)
        normal[i][j] =
            std::inner_product(columns[i].begin(), columns[i].end(), columns[j].begin(), 0.0);
      descent[i] = -std::inner_product(columns[i].begin(), columns[i].end(), r.begin(), 0.0);
    }
    bool better = false;
    for (int attempt = 0; attempt < kDampings && !better; ++attempt, damping *= 5) {
      std::vector<Numbers> damped = normal;
      for (std::size_t i = 0; i < n; ++i) damped[i][i] += damping * normal[i][i] + 1e-12;
      const Numbers step = solve(std::move(damped), descent);
      Numbers next = x;
      for (std::size_t i = 0; i < n; ++i)
        next[i] += std::clamp(step[i], -kLongestStep, kLongestStep);
      Numbers next_r = residuals(next);
      const double next_cost = square_sum(next_r);
      if (!(next_cost < cost)) continue;
      better = cost - next_cost > kSmallestGain * cost;
      x = std::move(next);
      r = std::move(next_r);
      cost = next_cost;
      damping /= 25;
      if (!better) return x;
    }
    if (!better) break;
  }
  return x;
}

}  // namespace keel::calibration
