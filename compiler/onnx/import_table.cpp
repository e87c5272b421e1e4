#include "compiler/onnx/import_table.h"

#include <algorithm>
#include <array>

#include "compiler/onnx/importers.h"

namespace keel::onnx_io {
namespace {

struct Entry {
  std::string_view onnx_op;
  ImportFunction import;
};

// In alphabetical order.
constexpr std::array kEntries = {
    Entry{"Abs", import_plain},
    Entry{"Acos", import_plain},
    Entry{"Acosh", import_plain},
    Entry{"Add", import_binary},
    Entry{"And", import_binary},
    Entry{"Asin", import_plain},
    Entry{"Asinh", import_plain},
    Entry{"Atan", import_plain},
    Entry{"Atanh", import_plain},
    Entry{"AveragePool", import_pool},
    Entry{"BatchNormalization", import_batch_normalization},
    Entry{"BitShift", import_bit_shift},
    Entry{"BitwiseAnd", import_plain},
    Entry{"BitwiseNot", import_plain},
    Entry{"BitwiseOr", import_plain},
    Entry{"BitwiseXor", import_plain},
    Entry{"Cast", import_cast},
    Entry{"CastLike", import_cast_like},
    Entry{"Ceil", import_plain},
    Entry{"Celu", import_celu},
    Entry{"Clip", import_clip},
    Entry{"Concat", import_concat},
    Entry{"ConstantOfShape", import_constant_of_shape},
    Entry{"Conv", import_conv},
    Entry{"Cos", import_plain},
    Entry{"Cosh", import_plain},
    Entry{"Div", import_binary},
    Entry{"Dropout", import_dropout},
    Entry{"Elu", import_elu},
    Entry{"Equal", import_binary},
    Entry{"Erf", import_plain},
    Entry{"Exp", import_plain},
    Entry{"Expand", import_plain},
    Entry{"Flatten", import_flatten},
    Entry{"Floor", import_plain},
    Entry{"Gather", import_gather},
    Entry{"Gelu", import_gelu},
    Entry{"Gemm", import_gemm},
    Entry{"GlobalAveragePool", import_plain},
    Entry{"GlobalMaxPool", import_plain},
    Entry{"Greater", import_binary},
    Entry{"GreaterOrEqual", import_plain},
    Entry{"HardSigmoid", import_hard_sigmoid},
    Entry{"HardSwish", import_plain},
    Entry{"Identity", import_plain},
    Entry{"IsInf", import_is_inf},
    Entry{"IsNaN", import_plain},
    Entry{"LSTM", import_lstm},
    Entry{"LayerNormalization", import_layer_normalization},
    Entry{"LeakyRelu", import_leaky_relu},
    Entry{"Less", import_binary},
    Entry{"LessOrEqual", import_plain},
    Entry{"Log", import_plain},
    Entry{"LogSoftmax", import_softmax},
    Entry{"MatMul", import_plain},
    Entry{"Max", import_max},
    Entry{"MaxPool", import_pool},
    Entry{"Mean", import_mean},
    Entry{"Min", import_min},
    Entry{"Mish", import_plain},
    Entry{"Mod", import_mod},
    Entry{"Mul", import_binary},
    Entry{"Neg", import_plain},
    Entry{"Not", import_plain},
    Entry{"Or", import_binary},
    Entry{"PRelu", import_prelu},
    Entry{"Pad", import_pad},
    Entry{"Pow", import_binary},
    Entry{"Reciprocal", import_plain},
    Entry{"ReduceL1", import_reduce},
    Entry{"ReduceL2", import_reduce},
    Entry{"ReduceMax", import_reduce},
    Entry{"ReduceMean", import_reduce},
    Entry{"ReduceMin", import_reduce},
    Entry{"ReduceProd", import_reduce},
    Entry{"ReduceSum", import_reduce},
    Entry{"ReduceSumSquare", import_reduce},
    Entry{"Relu", import_plain},
    Entry{"Reshape", import_reshape},
    Entry{"Round", import_plain},
    Entry{"Selu", import_selu},
    Entry{"Shape", import_shape},
    Entry{"Shrink", import_shrink},
    Entry{"Sigmoid", import_plain},
    Entry{"Sign", import_plain},
    Entry{"Sin", import_plain},
    Entry{"Sinh", import_plain},
    Entry{"Slice", import_slice},
    Entry{"Softmax", import_softmax},
    Entry{"Softplus", import_plain},
    Entry{"Softsign", import_plain},
    Entry{"Split", import_split},
    Entry{"Sqrt", import_plain},
    Entry{"Squeeze", import_squeeze},
    Entry{"Sub", import_binary},
    Entry{"Sum", import_sum},
    Entry{"Tan", import_plain},
    Entry{"Tanh", import_plain},
    Entry{"ThresholdedRelu", import_thresholded_relu},
    Entry{"Tile", import_plain},
    Entry{"Transpose", import_transpose},
    Entry{"Unsqueeze", import_unsqueeze},
    Entry{"Where", import_plain},
    Entry{"Xor", import_binary},
};
static_assert(std::ranges::is_sorted(kEntries, {}, &Entry::onnx_op));

}  // namespace

ImportFunction importer_of(std::string_view onnx_op) {
  const auto found = std::ranges::lower_bound(kEntries, onnx_op, {}, &Entry::onnx_op);
  return found != kEntries.end() && found->onnx_op == onnx_op ? found->import : nullptr;
}

}  // namespace keel::onnx_io
