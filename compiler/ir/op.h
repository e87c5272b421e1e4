#pragma once

#include <string_view>
#include <variant>

#include "compiler/ir/op_elementwise.h"
#include "compiler/ir/op_index.h"
#include "compiler/ir/op_layout.h"
#include "compiler/ir/op_normalize.h"
#include "compiler/ir/op_product.h"
#include "compiler/ir/op_quantize.h"
#include "compiler/ir/op_recurrent.h"
#include "compiler/ir/op_reduce.h"
#include "compiler/ir/op_signal.h"
#include "compiler/ir/op_window.h"

namespace keel::ir {

// One struct per operator FAMILY, in the form of opset 18: what older opsets give as attributes
// (axes, pads, starts, ...) the importer turns into constant inputs. Adding a family is: a struct
// in one of the op_*.h (op_field.h says what it holds), a line in Op, a rule in shape_*.cpp, a
// line in the simulator's table and a kernel. Adding a kind to a family is an enumerator, its name,
// and a kernel case.
using Op = std::variant<
    // element by element
    Unary, Binary, Clip, Where, Cast, CastLike, Identity,
    // products, windows, recurrences
    Conv, ConvTranspose, MatMul, Gemm, Einsum, Det, Pool, MaxUnpool, Resize, GridSample, RoiAlign,
    Lstm, Gru, Rnn,
    // along axes
    Reduce, ArgReduce, TopK, CumSum, Softmax, Hardmax, LayerNorm, InstanceNorm, GroupNorm,
    MeanVarianceNorm, BatchNorm, Lrn, LpNorm, Loss,
    // moving elements
    Reshape, Transpose, Concat, Slice, Split, Gather, Expand, Tile, Pad, DepthSpace,
    ReverseSequence, Trilu, CenterCropPad, Choose, LoopEnd, ShapeOf, SizeOf, ConstantOfShape,
    // by index
    GatherElements, GatherNd, ScatterElements, ScatterNd, OneHot, EyeLike, Range, Compress, NonZero,
    Unique, NonMaxSuppression,
    // quantised
    QuantizeLinear, DequantizeLinear, DynamicQuantizeLinear, MatMulInteger, ConvInteger,
    QLinearMatMul, QLinearConv,
    // signals
    SignalWindow, Dft, Stft, MelWeightMatrix>;

/// "Conv", "Relu", "ReduceMean": the ONNX operator name.
std::string_view name(const Op& op);

/// The operator with default attributes; false where no operator has that name.
bool op_named(std::string_view name, Op& op);

/// Conv, ConvTranspose, MatMul, Gemm: one product of the cube (matrix) unit, whose result leaves
/// the accumulator once.
bool is_cube(const Op& op);

/// LSTM, GRU, RNN: products of the cube and vector steps in turn, in one operator.
bool is_recurrent(const Op& op);

/// How many leading inputs the cube multiplies: two of Conv, ConvTranspose, MatMul and Gemm, three
/// (x, w, r) of LSTM, GRU and RNN, none of others.
std::size_t cube_operands(const Op& op);

/// Reshape, Transpose, Concat, Slice, Gather, Pad and the like (kIsLayout): moves elements and
/// computes nothing, so any dtype gives the same values.
bool is_layout(const Op& op);

/// NonZero, Compress, Unique, NonMaxSuppression: the shape of the result follows from the content
/// of the inputs, so it is known only where they are constant.
bool has_data_dependent_shape(const Op& op);

}  // namespace keel::ir
