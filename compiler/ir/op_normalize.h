#pragma once

#include "compiler/ir/op_field.h"

namespace keel::ir {

/// y = exp(x - max) / sum, along `axis`; its logarithm with `log`. With `flatten` (opset < 13) over
/// every axis from `axis` on.
struct Softmax {
  static constexpr std::string_view kName = "Softmax";
  static constexpr Arity kInputs{1, 1};
  std::int64_t axis = -1;
  bool log = false;
  bool flatten = false;
  static constexpr auto fields() {
    return std::tuple(Field{"axis", &Softmax::axis}, Field{"log", &Softmax::log},
                      Field{"flatten", &Softmax::flatten});
  }
  bool operator==(const Softmax&) const = default;
};

/// Inputs: x, scale, bias or none; normalised over the axes from `axis` on. Outputs: y, and with
/// extent 1 along those axes the mean and 1 / sqrt(variance + epsilon).
struct LayerNorm {
  static constexpr std::string_view kName = "LayerNormalization";
  static constexpr Arity kInputs{2, 3};
  static constexpr Arity kOutputs{1, 3};
  std::int64_t axis = -1;
  float epsilon = 1e-5f;
  static constexpr auto fields() {
    return std::tuple(Field{"axis", &LayerNorm::axis}, Field{"epsilon", &LayerNorm::epsilon});
  }
  bool operator==(const LayerNorm&) const = default;
};

/// Inference form. Inputs: x [n, c, ...], scale, bias, mean, variance, each [c].
struct BatchNorm {
  static constexpr std::string_view kName = "BatchNormalization";
  static constexpr Arity kInputs{5, 5};
  float epsilon = 1e-5f;
  static constexpr auto fields() { return std::tuple(Field{"epsilon", &BatchNorm::epsilon}); }
  bool operator==(const BatchNorm&) const = default;
};

/// Inputs: x [n, c, spatial...], scale [c], bias [c]; normalised over the spatial axes.
struct InstanceNorm {
  static constexpr std::string_view kName = "InstanceNormalization";
  static constexpr Arity kInputs{3, 3};
  float epsilon = 1e-5f;
  static constexpr auto fields() { return std::tuple(Field{"epsilon", &InstanceNorm::epsilon}); }
  bool operator==(const InstanceNorm&) const = default;
};

/// Inputs: x [n, c, spatial...], scale, bias: each [groups] (opset 18) or [c] (21); normalised over
/// a group of channels and the spatial axes.
struct GroupNorm {
  static constexpr std::string_view kName = "GroupNormalization";
  static constexpr Arity kInputs{3, 3};
  std::int64_t groups = 1;
  float epsilon = 1e-5f;
  static constexpr auto fields() {
    return std::tuple(Field{"groups", &GroupNorm::groups}, Field{"epsilon", &GroupNorm::epsilon});
  }
  bool operator==(const GroupNorm&) const = default;
};

/// y = (x - mean) / sqrt(variance) over `axes`, with 1e-9 added to the root.
struct MeanVarianceNorm {
  static constexpr std::string_view kName = "MeanVarianceNormalization";
  static constexpr Arity kInputs{1, 1};
  Ints axes = {0, 2, 3};
  static constexpr auto fields() { return std::tuple(Field{"axes", &MeanVarianceNorm::axes}); }
  bool operator==(const MeanVarianceNorm&) const = default;
};

/// y = x / (bias + alpha / size * the sum of squares over `size` channels around)^beta.
struct Lrn {
  static constexpr std::string_view kName = "LRN";
  static constexpr Arity kInputs{1, 1};
  float alpha = 1e-4f, beta = 0.75f, bias = 1;
  std::int64_t size = 1;
  static constexpr auto fields() {
    return std::tuple(Field{"alpha", &Lrn::alpha}, Field{"beta", &Lrn::beta},
                      Field{"bias", &Lrn::bias}, Field{"size", &Lrn::size});
  }
  bool operator==(const Lrn&) const = default;
};

/// y = x / its p-norm along `axis`; 0 where that is 0.
struct LpNorm {
  static constexpr std::string_view kName = "LpNormalization";
  static constexpr Arity kInputs{1, 1};
  std::int64_t axis = -1, p = 2;
  static constexpr auto fields() {
    return std::tuple(Field{"axis", &LpNorm::axis}, Field{"p", &LpNorm::p});
  }
  bool operator==(const LpNorm&) const = default;
};

/// 1 at the first maximum along `axis`, else 0. With `flatten` (opset < 13) over every axis from
/// `axis` on.
struct Hardmax {
  static constexpr std::string_view kName = "Hardmax";
  static constexpr Arity kInputs{1, 1};
  std::int64_t axis = -1;
  bool flatten = false;
  static constexpr auto fields() {
    return std::tuple(Field{"axis", &Hardmax::axis}, Field{"flatten", &Hardmax::flatten});
  }
  bool operator==(const Hardmax&) const = default;
};

enum class LossKind : std::uint8_t { NegativeLogLikelihoodLoss, SoftmaxCrossEntropyLoss };
constexpr std::array kLossNames =
    std::to_array<std::string_view>({"NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss"});

enum class LossReduction : std::uint8_t { None, Sum, Mean };
constexpr std::array kLossReductionNames = std::to_array<std::string_view>({"none", "sum", "mean"});
constexpr const auto& names_of(LossReduction) { return kLossReductionNames; }

/// Inputs: scores [n, c, d...], i32 or i64 labels [n, d...], weights [c] or none. Mean divides by
/// the sum of the weights used. SoftmaxCrossEntropyLoss may have a second output: the logarithm of
/// the softmax over axis 1.
struct Loss {
  static constexpr Arity kInputs{2, 3};
  static constexpr Arity kOutputs{1, 2};
  LossKind kind = LossKind::NegativeLogLikelihoodLoss;
  LossReduction reduction = LossReduction::Mean;
  bool ignores = false;
  std::int64_t ignored_label = 0;  ///< counts nothing, where `ignores`
  static constexpr auto fields() {
    return std::tuple(Field{"reduction", &Loss::reduction}, Field{"ignores", &Loss::ignores},
                      Field{"ignored_label", &Loss::ignored_label});
  }
  bool operator==(const Loss&) const = default;
};

}  // namespace keel::ir
