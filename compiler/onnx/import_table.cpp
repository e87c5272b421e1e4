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
    Entry{"ArgMax", import_arg_reduce},
    Entry{"ArgMin", import_arg_reduce},
    Entry{"AveragePool", import_pool},
    Entry{"BatchNormalization", import_batch_normalization},
    Entry{"Cast", import_cast},
    Entry{"Ceil", import_plain},
    Entry{"CenterCropPad", import_center_crop_pad},
    Entry{"Clip", import_clip},
    Entry{"Compress", import_compress},
    Entry{"Concat", import_concat},
    Entry{"ConstantOfShape", import_constant_of_shape},
    Entry{"Conv", import_conv},
    Entry{"Cos", import_plain},
    Entry{"CumSum", import_cum_sum},
    Entry{"DepthToSpace", import_depth_space},
    Entry{"Div", import_plain},
    Entry{"Dropout", import_dropout},
    Entry{"Equal", import_plain},
    Entry{"Erf", import_plain},
    Entry{"Exp", import_plain},
    Entry{"Expand", import_plain},
    Entry{"EyeLike", import_eye_like},
    Entry{"Flatten", import_flatten},
    Entry{"Floor", import_plain},
    Entry{"Gather", import_gather},
    Entry{"GatherElements", import_gather_elements},
    Entry{"GatherND", import_gather_nd},
    Entry{"Gemm", import_gemm},
    Entry{"GlobalAveragePool", import_plain},
    Entry{"GlobalMaxPool", import_plain},
    Entry{"Greater", import_plain},
    Entry{"GreaterOrEqual", import_plain},
    Entry{"GridSample", import_grid_sample},
    Entry{"HardSigmoid", import_hard_sigmoid},
    Entry{"HardSwish", import_plain},
    Entry{"Hardmax", import_hardmax},
    Entry{"Identity", import_plain},
    Entry{"LSTM", import_lstm},
    Entry{"LayerNormalization", import_layer_normalization},
    Entry{"LeakyRelu", import_leaky_relu},
    Entry{"Less", import_plain},
    Entry{"LessOrEqual", import_plain},
    Entry{"Log", import_plain},
    Entry{"LogSoftmax", import_softmax},
    Entry{"MatMul", import_plain},
    Entry{"Max", import_max},
    Entry{"MaxPool", import_pool},
    Entry{"Mean", import_mean},
    Entry{"Min", import_min},
    Entry{"Mul", import_plain},
    Entry{"Neg", import_plain},
    Entry{"NonMaxSuppression", import_non_max_suppression},
    Entry{"NonZero", import_plain},
    Entry{"Not", import_plain},
    Entry{"OneHot", import_one_hot},
    Entry{"Or", import_plain},
    Entry{"Pad", import_pad},
    Entry{"Pow", import_plain},
    Entry{"Range", import_plain},
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
    Entry{"Resize", import_resize},
    Entry{"ReverseSequence", import_reverse_sequence},
    Entry{"RoiAlign", import_roi_align},
    Entry{"Round", import_plain},
    Entry{"Scatter", import_scatter_elements},
    Entry{"ScatterElements", import_scatter_elements},
    Entry{"ScatterND", import_scatter_nd},
    Entry{"Shape", import_shape},
    Entry{"Sigmoid", import_plain},
    Entry{"Sign", import_plain},
    Entry{"Sin", import_plain},
    Entry{"Size", import_plain},
    Entry{"Slice", import_slice},
    Entry{"Softmax", import_softmax},
    Entry{"Softplus", import_plain},
    Entry{"SpaceToDepth", import_depth_space},
    Entry{"Split", import_split},
    Entry{"Sqrt", import_plain},
    Entry{"Squeeze", import_squeeze},
    Entry{"Sub", import_plain},
    Entry{"Sum", import_sum},
    Entry{"Tanh", import_plain},
    Entry{"Tile", import_plain},
    Entry{"TopK", import_top_k},
    Entry{"Transpose", import_transpose},
    Entry{"Trilu", import_trilu},
    Entry{"Unique", import_unique},
    Entry{"Unsqueeze", import_unsqueeze},
    Entry{"Upsample", import_upsample},
    Entry{"Where", import_plain},
};
static_assert(std::ranges::is_sorted(kEntries, {}, &Entry::onnx_op));

}  // namespace

ImportFunction importer_of(std::string_view onnx_op) {
  const auto found = std::ranges::lower_bound(kEntries, onnx_op, {}, &Entry::onnx_op);
  return found != kEntries.end() && found->onnx_op == onnx_op ? found->import : nullptr;
}

}  // namespace keel::onnx_io
