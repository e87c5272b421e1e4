#pragma once

#include "compiler/ir/op_field.h"

namespace keel::ir {

enum class ScatterReduction : std::uint8_t { None, Add, Mul, Max, Min };
constexpr std::array kScatterReductionNames =
    std::to_array<std::string_view>({"none", "add", "mul", "max", "min"});
constexpr const auto& names_of(ScatterReduction) { return kScatterReductionNames; }

/// y[i, j, k] = x[indices[i, j, k], j, k] for axis 0. Inputs: x, indices.
struct GatherElements {
  static constexpr std::string_view kName = "GatherElements";
  static constexpr Arity kInputs{2, 2};
  static constexpr bool kIsLayout = true;
  std::int64_t axis = 0;
  static constexpr auto fields() { return std::tuple(Field{"axis", &GatherElements::axis}); }
  bool operator==(const GatherElements&) const = default;
};

/// Inputs: x, indices [..., m]: each row picks what is left of x behind its first m axes, after
/// `batch_dims` that both share.
struct GatherNd {
  static constexpr std::string_view kName = "GatherND";
  static constexpr Arity kInputs{2, 2};
  static constexpr bool kIsLayout = true;
  std::int64_t batch_dims = 0;
  static constexpr auto fields() { return std::tuple(Field{"batch_dims", &GatherNd::batch_dims}); }
  bool operator==(const GatherNd&) const = default;
};

/// y = x, but y[indices[i, j, k], j, k] = updates[i, j, k] for axis 0, or combined with what is
/// there. Inputs: x, indices, updates.
struct ScatterElements {
  static constexpr std::string_view kName = "ScatterElements";
  static constexpr Arity kInputs{3, 3};
  std::int64_t axis = 0;
  ScatterReduction reduction = ScatterReduction::None;
  static constexpr auto fields() {
    return std::tuple(Field{"axis", &ScatterElements::axis},
                      Field{"reduction", &ScatterElements::reduction});
  }
  bool operator==(const ScatterElements&) const = default;
};

/// y = x, but for the slices that the rows of indices name. Inputs: x, indices [..., m], updates.
struct ScatterNd {
  static constexpr std::string_view kName = "ScatterND";
  static constexpr Arity kInputs{3, 3};
  ScatterReduction reduction = ScatterReduction::None;
  static constexpr auto fields() { return std::tuple(Field{"reduction", &ScatterNd::reduction}); }
  bool operator==(const ScatterNd&) const = default;
};

/// Inputs: indices, depth (constant of one element), values [off, on].
struct OneHot {
  static constexpr std::string_view kName = "OneHot";
  static constexpr Arity kInputs{3, 3};
  std::int64_t axis = -1;
  static constexpr auto fields() { return std::tuple(Field{"axis", &OneHot::axis}); }
  bool operator==(const OneHot&) const = default;
};

/// 1 on diagonal k, else 0, in the shape of x.
struct EyeLike {
  static constexpr std::string_view kName = "EyeLike";
  static constexpr Arity kInputs{1, 1};
  std::int64_t k = 0;
  bool has_dtype = false;
  DType dtype = DType::F32;  ///< where has_dtype; else that of x
  static constexpr auto fields() {
    return std::tuple(Field{"k", &EyeLike::k}, Field{"has_dtype", &EyeLike::has_dtype},
                      Field{"dtype", &EyeLike::dtype});
  }
  bool operator==(const EyeLike&) const = default;
};

/// Inputs: start, limit, delta: constants of one element.
struct Range {
  static constexpr std::string_view kName = "Range";
  static constexpr Arity kInputs{3, 3};
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const Range&) const = default;
};

/// The slices of x along `axis`, or elements of x flattened, where the condition holds. Inputs: x,
/// condition (bool).
struct Compress {
  static constexpr std::string_view kName = "Compress";
  static constexpr Arity kInputs{2, 2};
  static constexpr bool kHasDataDependentShape = true;
  bool has_axis = false;
  std::int64_t axis = 0;
  static constexpr auto fields() {
    return std::tuple(Field{"has_axis", &Compress::has_axis}, Field{"axis", &Compress::axis});
  }
  bool operator==(const Compress&) const = default;
};

/// The places of what is not 0: i64 [rank of x, count].
struct NonZero {
  static constexpr std::string_view kName = "NonZero";
  static constexpr Arity kInputs{1, 1};
  static constexpr bool kHasDataDependentShape = true;
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const NonZero&) const = default;
};

/// The distinct slices along `axis`, or elements of x flattened. Outputs: them, then i64: where
/// each is first, which of them each slice of x is, how often each occurs.
struct Unique {
  static constexpr std::string_view kName = "Unique";
  static constexpr Arity kInputs{1, 1};
  static constexpr Arity kOutputs{1, 4};
  static constexpr bool kHasDataDependentShape = true;
  bool has_axis = false;
  std::int64_t axis = 0;
  bool sorted = true;
  static constexpr auto fields() {
    return std::tuple(Field{"has_axis", &Unique::has_axis}, Field{"axis", &Unique::axis},
                      Field{"sorted", &Unique::sorted});
  }
  bool operator==(const Unique&) const = default;
};

/// Inputs: boxes [batch, n, 4], scores [batch, classes, n], most boxes a class (i64), IoU
/// threshold, score threshold, the last three optional. i64 [selected, 3]: batch, class, box.
struct NonMaxSuppression {
  static constexpr std::string_view kName = "NonMaxSuppression";
  static constexpr Arity kInputs{2, 5};
  static constexpr bool kHasDataDependentShape = true;
  bool center_point_box = false;  ///< boxes are (x, y, width, height) about the centre
  static constexpr auto fields() {
    return std::tuple(Field{"center_point_box", &NonMaxSuppression::center_point_box});
  }
  bool operator==(const NonMaxSuppression&) const = default;
};

}  // namespace keel::ir
