#include <algorithm>
#include <cmath>

#include "compiler/passes/match.h"
#include "compiler/passes/pass.h"
#include "compiler/passes/rewrite.h"

namespace keel::passes {
namespace {

struct Folded {
  Tensor weight;
  Tensor bias;
};

// w' = w s, b' = (b - mean) s + beta with s = gamma / sqrt(variance + epsilon), per output channel.
Folded fold(const Tensor& weight, const Tensor* bias, std::span<const Tensor* const> parameters,
            double epsilon) {
  const auto gamma = parameters[0]->as<float>();
  const auto beta = parameters[1]->as<float>();
  const auto mean = parameters[2]->as<float>();
  const auto variance = parameters[3]->as<float>();
  const auto channels = static_cast<std::size_t>(weight.shape()[0]);
  const std::size_t per_channel = static_cast<std::size_t>(weight.size()) / channels;

  Folded folded{Tensor(DType::F32, weight.shape()), Tensor(DType::F32, {weight.shape()[0]})};
  const auto from = weight.as<float>();
  const auto to = folded.weight.fill<float>();
  const auto shift = folded.bias.fill<float>();
  for (std::size_t c = 0; c < channels; ++c) {
    const double scale = gamma[c] / std::sqrt(static_cast<double>(variance[c]) + epsilon);
    for (std::size_t i = c * per_channel; i < (c + 1) * per_channel; ++i)
      to[i] = static_cast<float>(from[i] * scale);
    const double old = bias ? bias->as<float>()[c] : 0.0;
    shift[c] = static_cast<float>((old - mean[c]) * scale + beta[c]);
  }
  return folded;
}

bool is_f32(const Tensor* constant) { return constant && constant->dtype() == DType::F32; }

}  // namespace

/// y = BatchNorm(Conv(x, w, b))  =>  y = Conv(x, w', b'), as the vendor's compiler does whatever
/// the precision. The convolution takes over the origins of both.
Result<bool> fold_batch_norm(ir::Graph& graph, const Context&) {
  bool changed = false;
  const Match match(graph);
  for (const ir::NodeId id : graph.nodes()) {
    if (!match.as<ir::Conv>(id)) continue;
    const std::optional<ir::NodeId> norm = match.only_reader(graph[id].outputs[0]);
    if (!norm || !match.as<ir::BatchNorm>(*norm)) continue;
    const std::vector<ir::ValueId>& inputs = graph[id].inputs;
    const Tensor* weight = match.constant(inputs[1]);
    const Tensor* bias = inputs.size() > 2 ? match.constant(inputs[2]) : nullptr;
    const bool has_bias = inputs.size() > 2 && inputs[2] != ir::kNoValue;
    if (!is_f32(weight) || (has_bias && !is_f32(bias))) continue;
    std::vector<const Tensor*> parameters;
    for (std::size_t i = 1; i < 5; ++i)
      parameters.push_back(match.constant(graph[*norm].inputs[i]));
    if (!std::ranges::all_of(parameters, is_f32)) continue;

    Folded folded = fold(*weight, bias, parameters, match.as<ir::BatchNorm>(*norm)->epsilon);
    const std::string stem = graph[graph[id].outputs[0]].name;
    const ir::ValueId new_weight =
        graph.add_constant(stem + "/folded_weight", std::move(folded.weight));
    const ir::ValueId new_bias = graph.add_constant(stem + "/folded_bias", std::move(folded.bias));
    absorb_reader(graph, id, *norm, {graph[id].inputs[0], new_weight, new_bias});
    changed = true;
  }
  return changed;
}

}  // namespace keel::passes
