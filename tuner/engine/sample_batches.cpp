#include "tuner/engine/sample_batches.h"

#include <algorithm>
#include <span>
#include <utility>

namespace keel::engine {

bool are_equal(std::span<const Tensor> a, std::span<const Tensor> b) {
  return std::ranges::equal(a, b, [](const Tensor& x, const Tensor& y) {
    return x.type() == y.type() && std::ranges::equal(x.bytes(), y.bytes());
  });
}

std::vector<std::vector<std::size_t>> batch_lists(const Bench& bench) {
  std::vector<std::size_t> probing;
  if (bench.probing != nullptr) probing = bench.probing->samples;
  const auto is_among = [](const std::vector<std::size_t>& sorted) {
    return [&sorted](std::size_t s) { return std::ranges::binary_search(sorted, s); };
  };
  std::vector<std::size_t> ordered = bench.split->ranking;
  ordered.insert(ordered.end(), bench.split->validation.begin(), bench.split->validation.end());
  if (bench.worst_first != nullptr && !bench.worst_first->empty()) ordered = *bench.worst_first;
  std::vector<std::size_t> ranking, validation;
  for (const std::size_t s : ordered) {
    if (is_among(probing)(s)) continue;
    (is_among(bench.split->ranking)(s) ? ranking : validation).push_back(s);
  }
  return {std::move(probing), std::move(ranking), std::move(validation), bench.split->hold_out};
}

SampleBatches::SampleBatches(BatchedModel model, double time_ratio, const Bench& bench)
    : model_(std::move(model)), time_ratio_(time_ratio) {
  for (const std::vector<std::size_t>& list : batch_lists(bench))
    for (std::size_t begin = 0; begin < list.size(); begin += size()) {
      const std::span<const std::size_t> part =
          std::span(list).subspan(begin, std::min(size(), list.size() - begin));
      batches_.push_back({{part.begin(), part.end()}, model_.stack(*bench.data, part)});
    }
}

Result<std::unique_ptr<BatchedProgram>> SampleBatches::compile(
    const Bench& bench, const search::Assignment& assignment) const {
  return model_.compile(bench.target->precisions(assignment));
}

std::vector<const SampleBatches::Batch*> SampleBatches::worth(
    const std::vector<std::size_t>& samples) const {
  std::vector<const Batch*> worth;
  for (const Batch& batch : batches_) {
    const auto asked = std::ranges::count_if(
        batch.samples, [&](std::size_t s) { return std::ranges::binary_search(samples, s); });
    if (static_cast<double>(asked) > time_ratio_ * static_cast<double>(size()))
      worth.push_back(&batch);
  }
  return worth;
}

}  // namespace keel::engine
