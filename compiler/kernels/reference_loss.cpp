#include <algorithm>
#include <cmath>

#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/kernel_table.h"

namespace keel::kernels {
namespace {

using ir::Loss;
using ir::LossKind;
using ir::LossReduction;

bool supports(const Call& call) {
  return std::holds_alternative<Loss>(call.op) && is_tunable_float(call.inputs[0]->dtype()) &&
         (!optional_input(call, 2) || is_tunable_float(call.inputs[2]->dtype()));
}

/// Scores [n, classes, inner].
struct Scores {
  std::span<const float> values;
  std::size_t batch, classes, inner;
  std::size_t at(std::size_t n, std::size_t c, std::size_t i) const {
    return (n * classes + c) * inner + i;
  }
};

Tensor log_softmax(const Scores& s, const Shape& shape) {
  Tensor result(DType::F32, shape);
  const std::span<float> to = result.fill<float>();
  for (std::size_t n = 0; n < s.batch; ++n)
    for (std::size_t i = 0; i < s.inner; ++i) {
      double top = -INFINITY;
      for (std::size_t c = 0; c < s.classes; ++c)
        top = std::max(top, static_cast<double>(s.values[s.at(n, c, i)]));
      double sum = 0;
      for (std::size_t c = 0; c < s.classes; ++c)
        sum += std::exp(static_cast<double>(s.values[s.at(n, c, i)]) - top);
      for (std::size_t c = 0; c < s.classes; ++c)
        to[s.at(n, c, i)] =
            static_cast<float>(static_cast<double>(s.values[s.at(n, c, i)]) - top - std::log(sum));
    }
  return result;
}

struct Losses {
  std::vector<float> each;
  double sum = 0, weights = 0;
};

Result<Losses> losses_of(const Loss& op, const Scores& s, const ir::Ints& labels,
                         const Tensor* weights) {
  Losses losses;
  for (std::size_t n = 0; n < s.batch; ++n)
    for (std::size_t i = 0; i < s.inner; ++i) {
      const std::int64_t label = labels[n * s.inner + i];
      if (op.ignores && label == op.ignored_label) {
        losses.each.push_back(0);
        continue;
      }
      if (label < 0 || label >= static_cast<std::int64_t>(s.classes))
        return Error{
            ErrorCode::InvalidModel,
            "label " + std::to_string(label) + " is outside [0, " + std::to_string(s.classes) + ")",
            "", "feed labels in that range"};
      const auto c = static_cast<std::size_t>(label);
      const double weight = weights ? static_cast<double>(weights->as<float>()[c]) : 1.0;
      const double loss = -weight * static_cast<double>(s.values[s.at(n, c, i)]);
      losses.each.push_back(static_cast<float>(loss));
      losses.sum += loss;
      losses.weights += weight;
    }
  return losses;
}

Result<std::vector<Tensor>> run(const Call& call) {
  const auto& op = std::get<Loss>(call.op);
  const Tensor& x = *call.inputs[0];
  KEEL_TRY(const ir::Ints labels, ir::ints_of(*call.inputs[1]));
  Scores scores{x.as<float>(), static_cast<std::size_t>(x.shape()[0]),
                static_cast<std::size_t>(x.shape()[1]), 1};
  for (std::size_t i = 2; i < x.shape().size(); ++i)
    scores.inner *= static_cast<std::size_t>(x.shape()[i]);
  Tensor logarithms = x;
  if (op.kind == LossKind::SoftmaxCrossEntropyLoss) {
    logarithms = log_softmax(scores, x.shape());
    scores.values = logarithms.as<float>();
  }
  KEEL_TRY(const Losses losses, losses_of(op, scores, labels, optional_input(call, 2)));
  Tensor loss(DType::F32, call.outputs[0].shape);
  if (op.reduction == LossReduction::None) {
    std::ranges::copy(losses.each, loss.fill<float>().begin());
  } else {
    const double divisor = op.reduction == LossReduction::Mean ? losses.weights : 1.0;
    loss.fill<float>()[0] = static_cast<float>(losses.sum / divisor);
  }
  std::vector<Tensor> outputs{std::move(loss)};
  if (call.outputs.size() == 2) outputs.push_back(std::move(logarithms));
  return outputs;
}

}  // namespace

const Kernel kReferenceLoss{"reference-loss", supports, run};

}  // namespace keel::kernels
