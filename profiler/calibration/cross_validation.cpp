#include "profiler/calibration/cross_validation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "compiler/base/hash.h"

namespace keel::calibration {
namespace {

std::uint64_t fold_of(const MeasuredCase& one) {
  Hasher hasher;
  hasher.add(std::string_view(one.id));
  return hasher.digest().low % kFolds;
}

std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> result(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (std::size_t j = i; j < end; ++j) result[order[j]] = static_cast<double>(i + end - 1) / 2;
    i = end;
  }
  return result;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size());
  const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n;
  const double mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
    ab += (a[i] - mean_a) * (b[i] - mean_b);
  }
  return ab / std::sqrt(aa * bb);
}

}  // namespace

CrossValidation cross_validate(const ascend::Soc& soc, const std::vector<MeasuredCase>& cases) {
  CrossValidation result;
  result.by_case.resize(cases.size());
  result.by_group.resize(cases.size());
  const auto leave_out = [&](const auto& is_left_out, std::vector<double>& predicted) {
    Training training{cases, {}};
    for (const MeasuredCase& one : cases) training.used.push_back(!is_left_out(one));
    ascend::Soc fitted = soc;
    fitted.timing = fit(soc, training);
    for (std::size_t i = 0; i < cases.size(); ++i)
      if (!training.used[i]) predicted[i] = predicted_us(fitted, cases[i]);
    return fitted.timing;
  };
  for (std::uint64_t fold = 0; fold < kFolds; ++fold)
    leave_out([&](const MeasuredCase& one) { return fold_of(one) == fold; }, result.by_case);
  for (const MeasuredCase& first : cases) {
    if (result.without.contains(first.group)) continue;
    result.without[first.group] = leave_out(
        [&](const MeasuredCase& one) { return one.group == first.group; }, result.by_group);
  }
  return result;
}

Accuracy accuracy(const std::vector<double>& predicted, const std::vector<double>& measured) {
  if (predicted.empty()) return {};
  std::vector<double> errors;
  for (std::size_t i = 0; i < predicted.size(); ++i)
    errors.push_back(std::abs(predicted[i] / measured[i] - 1));
  Accuracy result;
  result.mean =
      std::accumulate(errors.begin(), errors.end(), 0.0) / static_cast<double>(errors.size());
  std::ranges::sort(errors);
  const std::size_t half = errors.size() / 2;
  result.median = errors.size() % 2 == 1 ? errors[half] : (errors[half - 1] + errors[half]) / 2;
  result.spearman = correlation(ranks(predicted), ranks(measured));
  return result;
}

}  // namespace keel::calibration
