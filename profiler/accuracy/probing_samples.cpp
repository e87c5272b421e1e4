#include "profiler/accuracy/probing_samples.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace keel::accuracy {
namespace {

constexpr std::size_t kWorst = 4;
constexpr std::size_t kParts = 4;  // of the others
// Samples that a trial runs on otherwise, at least.
constexpr std::size_t kFewestForProbing = 2 * (kWorst + kParts);

double harm(const SampleScore& score) {
  const double error = score.squared_relative_l2;
  return score.non_finite || std::isnan(error) ? std::numeric_limits<double>::infinity() : error;
}

}  // namespace

double ProbingSamples::mean_squared_error(std::span<const SampleScore> scores) const {
  double sum = 0;
  double count = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    sum += weights[i] * scores[samples[i]].squared_relative_l2;
    count += weights[i];
  }
  return sum / count;
}

ProbingSamples choose_probing(const Split& split, std::span<const SampleScore> scores) {
  const std::size_t searched =
      split.ranking.size() + (split.validation == split.ranking ? 0 : split.validation.size());
  std::vector<std::size_t> order = split.ranking;
  if (searched < kFewestForProbing || order.size() <= kWorst + kParts) return {};
  std::ranges::sort(order, std::greater(),
                    [&](std::size_t s) { return std::pair(harm(scores[s]), s); });

  std::map<std::size_t, double> weights;
  for (std::size_t i = 0; i < kWorst; ++i) weights[order[i]] = 1;
  const std::size_t others = order.size() - kWorst;
  for (std::size_t part = 0; part < kParts; ++part) {
    const std::size_t from = kWorst + part * others / kParts;
    const std::size_t to = kWorst + (part + 1) * others / kParts;
    weights[order[(from + to) / 2]] = static_cast<double>(to - from);
  }
  ProbingSamples chosen;
  for (const auto& [sample, weight] : weights) {
    chosen.samples.push_back(sample);
    chosen.weights.push_back(weight);
  }
  return chosen;
}

}  // namespace keel::accuracy
