#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "compiler/base/dtype.h"

namespace keel::ir {

using Ints = std::vector<std::int64_t>;

/// One attribute of an operator, by which it is printed, parsed, hashed and compared.
template <class Op, class T>
struct Field {
  std::string_view name;
  T Op::*member;
};
template <class Op, class T>
Field(const char*, T Op::*) -> Field<Op, T>;

// One struct per operator FAMILY, in the form of opset 18: what older opsets give as attributes
// (axes, pads, starts, ...) the importer turns into constant inputs. Adding a family is: a struct
// here, a line in Op, a line in shape_inference.cpp and a kernel. Adding a kind to a family is an
// enumerator, its name, and a kernel case.

enum class UnaryKind : std::uint8_t {
  Relu,
  LeakyRelu,
  Sigmoid,
  HardSigmoid,
  HardSwish,
  Tanh,
  Exp,
  Log,
  Sqrt,
  Reciprocal,
  Neg,
  Abs,
  Erf,
  Floor,
  Ceil,
  Round,
  Sign,
  Sin,
  Cos,
  Softplus,
  Not,
};
constexpr std::array kUnaryNames = std::to_array<std::string_view>(
    {"Relu", "LeakyRelu", "Sigmoid",    "HardSigmoid", "HardSwish", "Tanh",     "Exp",
     "Log",  "Sqrt",      "Reciprocal", "Neg",         "Abs",       "Erf",      "Floor",
     "Ceil", "Round",     "Sign",       "Sin",         "Cos",       "Softplus", "Not"});

/// y = f(x), element by element.
struct Unary {
  UnaryKind kind = UnaryKind::Relu;
  float alpha = 0;  ///< LeakyRelu slope; HardSigmoid slope
  float beta = 0;   ///< HardSigmoid offset
  static constexpr auto fields() {
    return std::tuple(Field{"alpha", &Unary::alpha}, Field{"beta", &Unary::beta});
  }
  bool operator==(const Unary&) const = default;
};

enum class BinaryKind : std::uint8_t {
  Add,
  Sub,
  Mul,
  Div,
  Pow,
  Max,
  Min,
  Equal,
  Greater,
  GreaterOrEqual,
  Less,
  LessOrEqual,
  And,
  Or,
};
constexpr std::array kBinaryNames = std::to_array<std::string_view>(
    {"Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Equal", "Greater", "GreaterOrEqual", "Less",
     "LessOrEqual", "And", "Or"});

/// True for the kinds whose result is Bool whatever the operands are.
constexpr bool is_predicate(BinaryKind kind) { return kind >= BinaryKind::Equal; }

/// y = f(a, b), element by element after broadcasting.
struct Binary {
  BinaryKind kind = BinaryKind::Add;
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const Binary&) const = default;
};

/// y = min(max(x, low), high). Inputs: x, low or none, high or none.
struct Clip {
  static constexpr std::string_view kName = "Clip";
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const Clip&) const = default;
};

/// y = condition ? a : b. Inputs: condition, a, b.
struct Where {
  static constexpr std::string_view kName = "Where";
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const Where&) const = default;
};

/// y = x in another dtype. Casts of the model and casts the compiler inserted alike.
struct Cast {
  static constexpr std::string_view kName = "Cast";
  DType to = DType::F32;
  static constexpr auto fields() { return std::tuple(Field{"to", &Cast::to}); }
  bool operator==(const Cast&) const = default;
};

enum class AutoPad : std::uint8_t { NotSet, SameUpper, SameLower, Valid };
constexpr std::array kAutoPadNames =
    std::to_array<std::string_view>({"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"});

/// N-dimensional convolution. Inputs: x [n, c, spatial...], w [m, c/group, kernel...], bias [m] or
/// none. Empty strides and dilations mean 1, empty pads 0; pads are all begins, then all ends.
struct Conv {
  static constexpr std::string_view kName = "Conv";
  Ints strides, dilations, pads;
  std::int64_t group = 1;
  AutoPad auto_pad = AutoPad::NotSet;
  static constexpr auto fields() {
    return std::tuple(Field{"strides", &Conv::strides}, Field{"dilations", &Conv::dilations},
                      Field{"pads", &Conv::pads}, Field{"group", &Conv::group},
                      Field{"auto_pad", &Conv::auto_pad});
  }
  bool operator==(const Conv&) const = default;
};

/// y = a x b over the last two axes, the leading ones broadcast; numpy's rules for rank 1.
/// A third input is a bias of the last axis, added before the result is rounded.
struct MatMul {
  static constexpr std::string_view kName = "MatMul";
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const MatMul&) const = default;
};

/// y = alpha op(a) x op(b) + beta c. Inputs: a, b, c or none.
struct Gemm {
  static constexpr std::string_view kName = "Gemm";
  float alpha = 1, beta = 1;
  bool trans_a = false, trans_b = false;
  static constexpr auto fields() {
    return std::tuple(Field{"alpha", &Gemm::alpha}, Field{"beta", &Gemm::beta},
                      Field{"trans_a", &Gemm::trans_a}, Field{"trans_b", &Gemm::trans_b});
  }
  bool operator==(const Gemm&) const = default;
};

enum class PoolKind : std::uint8_t { MaxPool, AveragePool, GlobalMaxPool, GlobalAveragePool };
constexpr std::array kPoolNames = std::to_array<std::string_view>(
    {"MaxPool", "AveragePool", "GlobalMaxPool", "GlobalAveragePool"});

/// Pooling over the spatial axes of [n, c, spatial...].
struct Pool {
  PoolKind kind = PoolKind::MaxPool;
  Ints kernel, strides, dilations, pads;
  AutoPad auto_pad = AutoPad::NotSet;
  bool ceil_mode = false;
  bool count_include_pad = false;
  static constexpr auto fields() {
    return std::tuple(Field{"kernel", &Pool::kernel}, Field{"strides", &Pool::strides},
                      Field{"dilations", &Pool::dilations}, Field{"pads", &Pool::pads},
                      Field{"auto_pad", &Pool::auto_pad}, Field{"ceil_mode", &Pool::ceil_mode},
                      Field{"count_include_pad", &Pool::count_include_pad});
  }
  bool operator==(const Pool&) const = default;
};

enum class ReduceKind : std::uint8_t {
  ReduceSum,
  ReduceMean,
  ReduceMax,
  ReduceMin,
  ReduceProd,
  ReduceSumSquare,
  ReduceL1,
  ReduceL2,
};
constexpr std::array kReduceNames =
    std::to_array<std::string_view>({"ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin",
                                     "ReduceProd", "ReduceSumSquare", "ReduceL1", "ReduceL2"});

/// Reduction over axes. Inputs: x, axes (i64 constant) or none for all.
struct Reduce {
  ReduceKind kind = ReduceKind::ReduceSum;
  bool keepdims = true;
  bool noop_with_empty_axes = false;
  static constexpr auto fields() {
    return std::tuple(Field{"keepdims", &Reduce::keepdims},
                      Field{"noop_with_empty_axes", &Reduce::noop_with_empty_axes});
  }
  bool operator==(const Reduce&) const = default;
};

/// y = exp(x - max) / sum, along `axis`; its logarithm with `log`. With `flatten` (opset < 13) over
/// every axis from `axis` on.
struct Softmax {
  static constexpr std::string_view kName = "Softmax";
  std::int64_t axis = -1;
  bool log = false;
  bool flatten = false;
  static constexpr auto fields() {
    return std::tuple(Field{"axis", &Softmax::axis}, Field{"log", &Softmax::log},
                      Field{"flatten", &Softmax::flatten});
  }
  bool operator==(const Softmax&) const = default;
};

/// Inputs: x, scale, bias or none; normalised over the axes from `axis` on.
struct LayerNorm {
  static constexpr std::string_view kName = "LayerNormalization";
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
  float epsilon = 1e-5f;
  static constexpr auto fields() { return std::tuple(Field{"epsilon", &BatchNorm::epsilon}); }
  bool operator==(const BatchNorm&) const = default;
};

enum class LstmDirection : std::uint8_t { Forward, Reverse, Bidirectional };
constexpr std::array kLstmDirectionNames =
    std::to_array<std::string_view>({"forward", "reverse", "bidirectional"});

/// Long short-term memory with the activations sigmoid, tanh, tanh. Inputs, absent ones from b on
/// allowed:
///
///     x [steps, batch, inputs]              w [directions, 4 hidden, inputs]
///     r [directions, 4 hidden, hidden]      b [directions, 8 hidden], those of w, then those of r
///     sequence_lens i32 [batch]             initial_h, initial_c [directions, batch, hidden]
///     p [directions, 3 hidden]              peepholes of the gates i, o, f
///
/// Rows of w, r and b stand in the order of the gates i, o, f, c. Outputs, of which the node has
/// the first one, two or three: y [steps, directions, batch, hidden], y_h and y_c [directions,
/// batch, hidden]. With `batch_first` the batch is the first axis of x, y and every state.
struct Lstm {
  static constexpr std::string_view kName = "LSTM";
  LstmDirection direction = LstmDirection::Forward;
  bool batch_first = false;   ///< ONNX layout=1
  bool input_forget = false;  ///< the forget gate is 1 - i
  float clip = 0;             ///< bounds the argument of every activation to [-clip, clip]; 0: none
  std::int64_t directions() const { return direction == LstmDirection::Bidirectional ? 2 : 1; }
  static constexpr auto fields() {
    return std::tuple(Field{"direction", &Lstm::direction},
                      Field{"batch_first", &Lstm::batch_first},
                      Field{"input_forget", &Lstm::input_forget}, Field{"clip", &Lstm::clip});
  }
  bool operator==(const Lstm&) const = default;
};

enum class ReshapeKind : std::uint8_t { Reshape, Squeeze, Unsqueeze, Flatten };
constexpr std::array kReshapeNames =
    std::to_array<std::string_view>({"Reshape", "Squeeze", "Unsqueeze", "Flatten"});

/// The same elements under another shape. Inputs: x, and shape (Reshape) or axes (Squeeze: or none,
/// Unsqueeze) as an i64 constant.
struct Reshape {
  ReshapeKind kind = ReshapeKind::Reshape;
  std::int64_t axis = 1;  ///< Flatten
  bool allow_zero = false;
  static constexpr auto fields() {
    return std::tuple(Field{"axis", &Reshape::axis}, Field{"allow_zero", &Reshape::allow_zero});
  }
  bool operator==(const Reshape&) const = default;
};

/// Empty perm reverses the axes.
struct Transpose {
  static constexpr std::string_view kName = "Transpose";
  Ints perm;
  static constexpr auto fields() { return std::tuple(Field{"perm", &Transpose::perm}); }
  bool operator==(const Transpose&) const = default;
};

struct Concat {
  static constexpr std::string_view kName = "Concat";
  std::int64_t axis = 0;
  static constexpr auto fields() { return std::tuple(Field{"axis", &Concat::axis}); }
  bool operator==(const Concat&) const = default;
};

/// Inputs: x, starts, ends, axes or none, steps or none (i64 or i32 constants).
struct Slice {
  static constexpr std::string_view kName = "Slice";
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const Slice&) const = default;
};

/// Inputs: x, sizes (i64 constant) or none for equal parts; as many outputs as parts.
struct Split {
  static constexpr std::string_view kName = "Split";
  std::int64_t axis = 0;
  static constexpr auto fields() { return std::tuple(Field{"axis", &Split::axis}); }
  bool operator==(const Split&) const = default;
};

/// Inputs: x, indices.
struct Gather {
  static constexpr std::string_view kName = "Gather";
  std::int64_t axis = 0;
  static constexpr auto fields() { return std::tuple(Field{"axis", &Gather::axis}); }
  bool operator==(const Gather&) const = default;
};

/// Inputs: x, shape (i64 constant).
struct Expand {
  static constexpr std::string_view kName = "Expand";
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const Expand&) const = default;
};

/// Inputs: x, repeats (i64 constant, one per axis).
struct Tile {
  static constexpr std::string_view kName = "Tile";
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const Tile&) const = default;
};

enum class PadMode : std::uint8_t { Constant, Reflect, Edge };
constexpr std::array kPadModeNames =
    std::to_array<std::string_view>({"constant", "reflect", "edge"});

/// Inputs: x, pads (i64 constant: all begins, then all ends), value or none (mode Constant only). A
/// negative pad crops, before anything is reflected or repeated.
struct Pad {
  static constexpr std::string_view kName = "Pad";
  PadMode mode = PadMode::Constant;
  static constexpr auto fields() { return std::tuple(Field{"mode", &Pad::mode}); }
  bool operator==(const Pad&) const = default;
};

/// The extents of x in [start, end) as i64; known as soon as the shape of x is.
struct ShapeOf {
  static constexpr std::string_view kName = "Shape";
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
  float value = 0;
  DType dtype = DType::F32;
  static constexpr auto fields() {
    return std::tuple(Field{"value", &ConstantOfShape::value},
                      Field{"dtype", &ConstantOfShape::dtype});
  }
  bool operator==(const ConstantOfShape&) const = default;
};

/// y = x; also Dropout, which does nothing when a model is used.
struct Identity {
  static constexpr std::string_view kName = "Identity";
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const Identity&) const = default;
};

using Op = std::variant<Unary, Binary, Clip, Where, Cast, Conv, MatMul, Gemm, Pool, Reduce, Softmax,
                        LayerNorm, BatchNorm, Lstm, Reshape, Transpose, Concat, Slice, Split,
                        Gather, Expand, Tile, Pad, ShapeOf, ConstantOfShape, Identity>;

/// "Conv", "Relu", "ReduceMean": the ONNX operator name.
std::string_view name(const Op& op);

/// The operator with default attributes; false where no operator has that name.
bool op_named(std::string_view name, Op& op);

/// Conv, MatMul, Gemm: one product of the cube (matrix) unit, whose result leaves the accumulator
/// once.
bool is_cube(const Op& op);

/// How many leading inputs the cube multiplies: two of Conv, MatMul and Gemm, three (x, w, r) of
/// LSTM, none of others.
std::size_t cube_operands(const Op& op);

/// Reshape, Transpose, Concat, Slice, Split, Gather, Expand, Tile, Pad, Identity: moves elements
/// and computes nothing, so any dtype gives the same values.
bool is_layout(const Op& op);

}  // namespace keel::ir
