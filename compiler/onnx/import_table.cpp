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
    Entry{"Add", import_plain},
    Entry{"And", import_plain},
    Entry{"AveragePool", import_pool},
    Entry{"BatchNormalization", import_batch_normalization},
    Entry{"BlackmanWindow", import_signal_window},
    Entry{"Cast", import_cast},
    Entry{"Ceil", import_plain},
    Entry{"Clip", import_clip},
    Entry{"Concat", import_concat},
    Entry{"ConstantOfShape", import_constant_of_shape},
    Entry{"Conv", import_conv},
    Entry{"ConvInteger", import_conv_integer},
    Entry{"ConvTranspose", import_conv_transpose},
    Entry{"Cos", import_plain},
    Entry{"DFT", import_dft},
    Entry{"DequantizeLinear", import_dequantize_linear},
    Entry{"Det", import_plain},
    Entry{"Div", import_plain},
    Entry{"Dropout", import_dropout},
    Entry{"DynamicQuantizeLinear", import_plain},
    Entry{"Einsum", import_einsum},
    Entry{"Equal", import_plain},
    Entry{"Erf", import_plain},
    Entry{"Exp", import_plain},
    Entry{"Expand", import_plain},
    Entry{"Flatten", import_flatten},
    Entry{"Floor", import_plain},
    Entry{"GRU", import_gru},
    Entry{"Gather", import_gather},
    Entry{"Gemm", import_gemm},
    Entry{"GlobalAveragePool", import_plain},
    Entry{"GlobalLpPool", import_global_lp_pool},
    Entry{"GlobalMaxPool", import_plain},
    Entry{"Greater", import_plain},
    Entry{"GreaterOrEqual", import_plain},
    Entry{"GroupNormalization", import_group_normalization},
    Entry{"HammingWindow", import_signal_window},
    Entry{"HannWindow", import_signal_window},
    Entry{"HardSigmoid", import_hard_sigmoid},
    Entry{"HardSwish", import_plain},
    Entry{"Identity", import_plain},
    Entry{"InstanceNormalization", import_instance_normalization},
    Entry{"LRN", import_lrn},
    Entry{"LSTM", import_lstm},
    Entry{"LayerNormalization", import_layer_normalization},
    Entry{"LeakyRelu", import_leaky_relu},
    Entry{"Less", import_plain},
    Entry{"LessOrEqual", import_plain},
    Entry{"Log", import_plain},
    Entry{"LogSoftmax", import_softmax},
    Entry{"LpNormalization", import_lp_normalization},
    Entry{"LpPool", import_pool},
    Entry{"MatMul", import_plain},
    Entry{"MatMulInteger", import_plain},
    Entry{"Max", import_max},
    Entry{"MaxPool", import_pool},
    Entry{"MaxUnpool", import_max_unpool},
    Entry{"Mean", import_mean},
    Entry{"MeanVarianceNormalization", import_mean_variance_normalization},
    Entry{"MelWeightMatrix", import_mel_weight_matrix},
    Entry{"Min", import_min},
    Entry{"Mul", import_plain},
    Entry{"Neg", import_plain},
    Entry{"NegativeLogLikelihoodLoss", import_loss},
    Entry{"Not", import_plain},
    Entry{"Or", import_plain},
    Entry{"Pad", import_pad},
    Entry{"Pow", import_plain},
    Entry{"QLinearConv", import_qlinear_conv},
    Entry{"QLinearMatMul", import_plain},
    Entry{"QuantizeLinear", import_quantize_linear},
    Entry{"RNN", import_rnn},
    Entry{"Reciprocal", import_plain},
    Entry{"ReduceL1", import_reduce},
    Entry{"ReduceL2", import_reduce},
    Entry{"ReduceLogSum", import_reduce},
    Entry{"ReduceLogSumExp", import_reduce},
    Entry{"ReduceMax", import_reduce},
    Entry{"ReduceMean", import_reduce},
    Entry{"ReduceMin", import_reduce},
    Entry{"ReduceProd", import_reduce},
    Entry{"ReduceSum", import_reduce},
    Entry{"ReduceSumSquare", import_reduce},
    Entry{"Relu", import_plain},
    Entry{"Reshape", import_reshape},
    Entry{"Round", import_plain},
    Entry{"STFT", import_stft},
    Entry{"Shape", import_shape},
    Entry{"Sigmoid", import_plain},
    Entry{"Sign", import_plain},
    Entry{"Sin", import_plain},
    Entry{"Slice", import_slice},
    Entry{"Softmax", import_softmax},
    Entry{"SoftmaxCrossEntropyLoss", import_loss},
    Entry{"Softplus", import_plain},
    Entry{"Split", import_split},
    Entry{"Sqrt", import_plain},
    Entry{"Squeeze", import_squeeze},
    Entry{"Sub", import_plain},
    Entry{"Sum", import_sum},
    Entry{"Tanh", import_plain},
    Entry{"Tile", import_plain},
    Entry{"Transpose", import_transpose},
    Entry{"Unsqueeze", import_unsqueeze},
    Entry{"Where", import_plain},
};
static_assert(std::ranges::is_sorted(kEntries, {}, &Entry::onnx_op));

}  // namespace

ImportFunction importer_of(std::string_view onnx_op) {
  const auto found = std::ranges::lower_bound(kEntries, onnx_op, {}, &Entry::onnx_op);
  return found != kEntries.end() && found->onnx_op == onnx_op ? found->import : nullptr;
}

}  // namespace keel::onnx_io
