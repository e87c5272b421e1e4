#include "tuner/engine/non_finite_outputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace keel::engine {
namespace {

bool is_finite(const Tensor& tensor) {
  const auto all = [](auto values) {
    return std::ranges::all_of(values, [](auto value) { return std::isfinite(value); });
  };
  if (is_tunable_float(tensor.dtype())) return all(tensor.as<float>());
  return tensor.dtype() != DType::F64 || all(tensor.as<double>());
}

}  // namespace

void NonFiniteOutputs::add(const ir::Graph& graph, const std::string& sample,
                           std::span<const Tensor> outputs) {
  ++samples_;
  const auto found = std::ranges::find_if_not(outputs, is_finite);
  if (found == outputs.end()) return;
  if (non_finite_++ > 0) return;
  output_ = graph[graph.outputs()[static_cast<std::size_t>(found - outputs.begin())]].name;
  sample_ = sample;
}

std::optional<Error> NonFiniteOutputs::warning() const {
  if (non_finite_ == 0) return std::nullopt;
  return Error{ErrorCode::InvalidModel,
               fmt::format("in plain fp32 output '{}' holds NaN or Inf, in {} of {} samples: no "
                           "figure tells how far variants are from that",
                           output_, non_finite_, samples_),
               "sample '" + sample_ + "'",
               "leave out samples that the model does not take, or the node that it comes from"};
}

std::optional<Error> non_finite_outputs(const ir::Graph& graph, const accuracy::Dataset& data,
                                        std::span<const std::vector<Tensor>> outputs) {
  NonFiniteOutputs found;
  for (std::size_t s = 0; s < outputs.size(); ++s)
    found.add(graph, data.samples[s].name, outputs[s]);
  return found.warning();
}

}  // namespace keel::engine
