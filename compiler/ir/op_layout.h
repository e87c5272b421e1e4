#pragma once

#include "compiler/ir/op_field.h"

namespace keel::ir {

enum class ReshapeKind : std::uint8_t { Reshape, Squeeze, Unsqueeze, Flatten };
constexpr std::array kReshapeNames =
    std::to_array<std::string_view>({"Reshape", "Squeeze", "Unsqueeze", "Flatten"});

/// The same elements under another shape. Inputs: x, and shape (Reshape) or axes (Squeeze: or none,
/// Unsqueeze) as an i64 constant.
struct Reshape {
  static constexpr bool kIsLayout = true;
  ReshapeKind kind = ReshapeKind::Reshape;
  std::int64_t axis = 1;  ///< Flatten
  bool allow_zero = false;
  static constexpr Arity inputs(const Reshape& op) {
    if (op.kind == ReshapeKind::Flatten) return {1, 1};
    return {op.kind == ReshapeKind::Squeeze ? std::size_t{1} : std::size_t{2}, 2};
  }
  static constexpr auto fields() {
    return std::tuple(Field{"axis", &Reshape::axis}, Field{"allow_zero", &Reshape::allow_zero});
  }
  bool operator==(const Reshape&) const = default;
};

/// Empty perm reverses the axes.
struct Transpose {
  static constexpr std::string_view kName = "Transpose";
  static constexpr Arity kInputs{1, 1};
  static constexpr bool kIsLayout = true;
  Ints perm;
  static constexpr auto fields() { return std::tuple(Field{"perm", &Transpose::perm}); }
  bool operator==(const Transpose&) const = default;
};

struct Concat {
  static constexpr std::string_view kName = "Concat";
  static constexpr Arity kInputs{1, kAnyNumber};
  static constexpr bool kIsLayout = true;
  std::int64_t axis = 0;
  static constexpr auto fields() { return std::tuple(Field{"axis", &Concat::axis}); }
  bool operator==(const Concat&) const = default;
};

/// y = condition ? a : b, one of them as it is; their shapes may differ. Inputs: condition (one
/// element), a, b.
struct Choose {
  static constexpr std::string_view kName = "If";
  static constexpr Arity kInputs{3, 3};
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const Choose&) const = default;
};

/// y = x, of a loop whose iterations are all in the graph; an error where it goes on after the
/// last. Inputs: whether it does (one element), x.
struct LoopEnd {
  static constexpr std::string_view kName = "Loop";
  static constexpr Arity kInputs{2, 2};
  std::int64_t iterations = 0;
  static constexpr auto fields() { return std::tuple(Field{"iterations", &LoopEnd::iterations}); }
  bool operator==(const LoopEnd&) const = default;
};

/// Inputs: x, starts, ends, axes or none, steps or none (i64 or i32 constants).
struct Slice {
  static constexpr std::string_view kName = "Slice";
  static constexpr Arity kInputs{3, 5};
  static constexpr bool kIsLayout = true;
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const Slice&) const = default;
};

/// Inputs: x, sizes (i64 constant) or none for equal parts; as many outputs as parts.
struct Split {
  static constexpr std::string_view kName = "Split";
  static constexpr Arity kInputs{1, 2};
  static constexpr Arity kOutputs{1, kAnyNumber};
  static constexpr bool kIsLayout = true;
  std::int64_t axis = 0;
  static constexpr auto fields() { return std::tuple(Field{"axis", &Split::axis}); }
  bool operator==(const Split&) const = default;
};

/// Inputs: x, indices.
struct Gather {
  static constexpr std::string_view kName = "Gather";
  static constexpr Arity kInputs{2, 2};
  static constexpr bool kIsLayout = true;
  std::int64_t axis = 0;
  static constexpr auto fields() { return std::tuple(Field{"axis", &Gather::axis}); }
  bool operator==(const Gather&) const = default;
};

/// Inputs: x, shape (i64 constant).
struct Expand {
  static constexpr std::string_view kName = "Expand";
  static constexpr Arity kInputs{2, 2};
  static constexpr bool kIsLayout = true;
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const Expand&) const = default;
};

/// Inputs: x, repeats (i64 constant, one per axis).
struct Tile {
  static constexpr std::string_view kName = "Tile";
  static constexpr Arity kInputs{2, 2};
  static constexpr bool kIsLayout = true;
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const Tile&) const = default;
};

enum class PadMode : std::uint8_t { Constant, Reflect, Edge, Wrap };
constexpr std::array kPadModeNames =
    std::to_array<std::string_view>({"constant", "reflect", "edge", "wrap"});
constexpr const auto& names_of(PadMode) { return kPadModeNames; }

/// Inputs: x, pads (i64 constant: all begins, then all ends), value or none (mode Constant only). A
/// negative pad crops, before anything is reflected or repeated.
struct Pad {
  static constexpr std::string_view kName = "Pad";
  static constexpr Arity kInputs{2, 3};
  static constexpr bool kIsLayout = true;
  PadMode mode = PadMode::Constant;
  static constexpr auto fields() { return std::tuple(Field{"mode", &Pad::mode}); }
  bool operator==(const Pad&) const = default;
};

/// The extents of x in [start, end) as i64; known as soon as the shape of x is.
struct ShapeOf {
  static constexpr std::string_view kName = "Shape";
  static constexpr Arity kInputs{1, 1};
  std::int64_t start = 0;
  std::int64_t end = INT64_MAX;
  static constexpr auto fields() {
    return std::tuple(Field{"start", &ShapeOf::start}, Field{"end", &ShapeOf::end});
  }
  bool operator==(const ShapeOf&) const = default;
};

/// Inputs: shape (i64 constant). Every element is `value` in `dtype`.
struct ConstantOfShape {
  static constexpr std::string_view kName = "ConstantOfShape";
  static constexpr Arity kInputs{1, 1};
  float value = 0;
  DType dtype = DType::F32;
  static constexpr auto fields() {
    return std::tuple(Field{"value", &ConstantOfShape::value},
                      Field{"dtype", &ConstantOfShape::dtype});
  }
  bool operator==(const ConstantOfShape&) const = default;
};

/// The element count of x as i64; known as soon as the shape of x is.
struct SizeOf {
  static constexpr std::string_view kName = "Size";
  static constexpr Arity kInputs{1, 1};
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const SizeOf&) const = default;
};

enum class DepthSpaceKind : std::uint8_t { DepthToSpace, SpaceToDepth };
constexpr std::array kDepthSpaceNames =
    std::to_array<std::string_view>({"DepthToSpace", "SpaceToDepth"});

/// Between channels and blocks of block x block pixels of [n, c, h, w].
struct DepthSpace {
  static constexpr Arity kInputs{1, 1};
  static constexpr bool kIsLayout = true;
  DepthSpaceKind kind = DepthSpaceKind::DepthToSpace;
  std::int64_t block = 1;
  bool channel_first = false;  ///< DepthToSpace: mode CRD, the channel varies slowest
  static constexpr auto fields() {
    return std::tuple(Field{"block", &DepthSpace::block},
                      Field{"channel_first", &DepthSpace::channel_first});
  }
  bool operator==(const DepthSpace&) const = default;
};

/// Reverses the first lengths[b] steps of each sequence. Inputs: x, lengths (i64, one a batch).
struct ReverseSequence {
  static constexpr std::string_view kName = "ReverseSequence";
  static constexpr Arity kInputs{2, 2};
  static constexpr bool kIsLayout = true;
  std::int64_t batch_axis = 1, time_axis = 0;
  static constexpr auto fields() {
    return std::tuple(Field{"batch_axis", &ReverseSequence::batch_axis},
                      Field{"time_axis", &ReverseSequence::time_axis});
  }
  bool operator==(const ReverseSequence&) const = default;
};

/// Keeps one triangle of the last two axes, else 0. Inputs: x, the diagonal k (i64) or none.
struct Trilu {
  static constexpr std::string_view kName = "Trilu";
  static constexpr Arity kInputs{1, 2};
  static constexpr bool kIsLayout = true;
  bool upper = true;
  static constexpr auto fields() { return std::tuple(Field{"upper", &Trilu::upper}); }
  bool operator==(const Trilu&) const = default;
};

/// Crops or pads around the centre. Inputs: x, extents (i64 constant), one for each of `axes`.
struct CenterCropPad {
  static constexpr std::string_view kName = "CenterCropPad";
  static constexpr Arity kInputs{2, 2};
  static constexpr bool kIsLayout = true;
  Ints axes;  ///< empty: all
  static constexpr auto fields() { return std::tuple(Field{"axes", &CenterCropPad::axes}); }
  bool operator==(const CenterCropPad&) const = default;
};

}  // namespace keel::ir
