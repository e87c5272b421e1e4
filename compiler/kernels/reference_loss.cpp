#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/float_type.h"
#include "compiler/kernels/kernel_table.h"

namespace keel::kernels {
namespace {

// Scores as [outer, classes, inner].
struct Extents {
  std::size_t outer, classes, inner;
};

Extents extents_of(const Shape& scores) {
  const auto classes = static_cast<std::size_t>(scores[1]);
  return {static_cast<std::size_t>(scores[0]), classes,
          static_cast<std::size_t>(element_count({scores.begin() + 2, scores.end()}))};
}

bool supports(const Call& call) {
  if (!std::holds_alternative<ir::Loss>(call.op)) return false;
  const auto is_float = [](const Tensor* t) {
    return !t || is_tunable_float(t->dtype()) || t->dtype() == DType::F64;
  };
  return is_float(call.inputs[0]) && is_float(optional_input(call, 2));
}

// The labels; -1 for those that are ignored.
Result<ir::Ints> labels_of(const ir::Loss& op, const Tensor& given, std::int64_t classes) {
  KEEL_TRY(ir::Ints labels, ir::ints_of(given));
  for (std::int64_t& label : labels) {
    const bool ignored = op.ignores && label == op.ignored_label;
    if (!ignored && (label < 0 || label >= classes))
      return Error{
          ErrorCode::InvalidModel,
          "label " + std::to_string(label) + " is outside [0, " + std::to_string(classes) + ")", "",
          "feed labels in that range, or set ignore_index"};
    if (ignored) label = -1;
  }
  return labels;
}

template <class T>
void log_softmax(const Extents& extents, std::span<const T> x, std::span<double> y) {
  const std::size_t step = extents.inner;
  const std::size_t length = extents.classes * step;
  for (std::size_t o = 0; o < extents.outer; ++o)
    for (std::size_t i = o * length; i < o * length + step; ++i) {
      double largest = -std::numeric_limits<double>::infinity();
      for (std::size_t k = i; k < i + length; k += step)
        if (!(static_cast<double>(x[k]) <= largest)) largest = static_cast<double>(x[k]);
      double sum = 0;
      for (std::size_t k = i; k < i + length; k += step)
        sum += std::exp(static_cast<double>(x[k]) - largest);
      for (std::size_t k = i; k < i + length; k += step)
        y[k] = static_cast<double>(x[k]) - largest - std::log(sum);
    }
}

template <class T>
void lose(const ir::Loss& op, const Extents& extents, std::span<const double> scores,
          const ir::Ints& labels, const Tensor* weights, std::span<T> y) {
  double total = 0;
  double used = 0;
  for (std::size_t at = 0; at < labels.size(); ++at) {
    double weight = 0;
    double loss = 0;
    if (labels[at] >= 0) {
      const auto label = static_cast<std::size_t>(labels[at]);
      const std::size_t o = at / extents.inner;
      weight = weights ? static_cast<double>(weights->as<T>()[label]) : 1.0;
      loss = -scores[(o * extents.classes + label) * extents.inner + at % extents.inner] * weight;
    }
    total += loss;
    used += weight;
    if (op.reduction == ir::LossReduction::None) y[at] = static_cast<T>(loss);
  }
  if (op.reduction == ir::LossReduction::Sum) y[0] = static_cast<T>(total);
  if (op.reduction == ir::LossReduction::Mean) y[0] = static_cast<T>(total / used);
}

Result<Tensors> run(const Call& call) {
  const auto& op = std::get<ir::Loss>(call.op);
  const Tensor& x = *call.inputs[0];
  const Extents extents = extents_of(x.shape());
  KEEL_TRY(const ir::Ints labels, labels_of(op, *call.inputs[1], x.shape()[1]));
  const DType dtype = raw_dtype(x.dtype());
  Tensors results;
  for (const TensorType& output : call.outputs) results.emplace_back(dtype, output.shape);
  with_float_type(dtype, [&](auto type) {
    using T = decltype(type);
    std::vector<double> scores(x.as<T>().begin(), x.as<T>().end());
    if (op.kind == ir::LossKind::SoftmaxCrossEntropyLoss)
      log_softmax<T>(extents, x.as<T>(), scores);
    lose<T>(op, extents, scores, labels, optional_input(call, 2), results[0].fill<T>());
    if (results.size() > 1)
      std::ranges::transform(scores, results[1].fill<T>().begin(),
                             [](double score) { return static_cast<T>(score); });
  });
  return results;
}

}  // namespace

const Kernel kReferenceLoss{"reference-loss", supports, run};

}  // namespace keel::kernels
