#include "benchmarks/kernel_cases.h"

namespace keel::bench {
namespace {

// One line a case, whatever its length.
// clang-format off
constexpr auto kCases = std::to_array<KernelCase>({
    // products
    {"Conv 7x7/2 3>64 @224", "Conv(a, b, c) strides=[2, 2] pads=[3, 3, 3, 3]", {"float[1,3,224,224]", "float[64,3,7,7]", "float[64]"}},
    {"Conv 3x3 64>64 @56", "Conv(a, b, c) pads=[1, 1, 1, 1]", {"float[1,64,56,56]", "float[64,64,3,3]", "float[64]"}},
    {"Conv 3x3 256>256 @14", "Conv(a, b, c) pads=[1, 1, 1, 1]", {"float[1,256,14,14]", "float[256,256,3,3]", "float[256]"}},
    {"Conv 1x1 256>64 @56", "Conv(a, b, c)", {"float[1,256,56,56]", "float[64,256,1,1]", "float[64]"}},
    {"Conv depthwise 3x3 144 @56", "Conv(a, b, c) pads=[1, 1, 1, 1] group=144", {"float[1,144,56,56]", "float[144,1,3,3]", "float[144]"}},
    {"Conv 1-D 5 80>256 @400", "Conv(a, b, c) pads=[2, 2]", {"float[1,80,400]", "float[256,80,5]", "float[256]"}},
    {"ConvTranspose 2x2/2 128>64", "ConvTranspose(a, b, c) strides=[2, 2]", {"float[1,128,28,28]", "float[128,64,2,2]", "float[64]"}},
    {"MatMul 256x256x256", "MatMul(a, b)", {"float[256,256]", "float[256,256]"}},
    {"MatMul 1x512x512", "MatMul(a, b)", {"float[1,512]", "float[512,512]"}},
    {"MatMul 128x768x3072 bias", "MatMul(a, b, c)", {"float[1,128,768]", "float[768,3072]", "float[3072]"}},
    {"MatMul 12 of 128x64x128", "MatMul(a, b)", {"float[1,12,128,64]", "float[1,12,64,128]"}},
    {"Gemm 1x2048x1000 trans_b", "Gemm(a, b, c) trans_b=true", {"float[1,2048]", "float[1000,2048]", "float[1000]"}},
    {"LSTM 64 steps 128>128", "LSTM(a, b, c, d)", {"float[64,1,128]", "float[1,512,128]", "float[1,512,128]", "float[1,1024]"}},
    {"GRU 64 steps 128>128", "GRU(a, b, c, d)", {"float[64,1,128]", "float[1,384,128]", "float[1,384,128]", "float[1,768]"}},
    {"RNN 64 steps 128>128", "RNN(a, b, c, d)", {"float[64,1,128]", "float[1,128,128]", "float[1,128,128]", "float[1,256]"}},
    // element by element
    {"Relu", "Relu(a)", {"float[1,64,56,56]"}},
    {"Sigmoid", "Sigmoid(a)", {"float[1,64,56,56]"}},
    {"HardSwish", "HardSwish(a)", {"float[1,64,56,56]"}},
    {"Tanh", "Tanh(a)", {"float[1,64,56,56]"}},
    {"Exp", "Exp(a)", {"float[1,64,56,56]"}},
    {"Erf", "Erf(a)", {"float[1,64,56,56]"}},
    {"Gelu", "Gelu(a)", {"float[1,64,56,56]"}},
    {"Sin", "Sin(a)", {"float[1,64,56,56]"}},
    {"Softplus", "Softplus(a)", {"float[1,64,56,56]"}},
    {"Add", "Add(a, b)", {"float[1,64,56,56]", "float[1,64,56,56]"}},
    {"Add channel", "Add(a, b)", {"float[1,64,56,56]", "float[64,1,1]"}},
    {"Add row", "Add(a, b)", {"float[1,128,768]", "float[768]"}},
    {"Add outer", "Add(a, b)", {"float[512,1]", "float[1,512]"}},
    {"Mul", "Mul(a, b)", {"float[1,64,56,56]", "float[1,64,56,56]"}},
    {"Div scalar", "Div(a, b)", {"float[1,64,56,56]", "float[] {8}"}},
    {"Pow 2", "Pow(a, b)", {"float[1,128,768]", "float[] {2}"}},
    {"PRelu", "PRelu(a, b)", {"float[1,64,56,56]", "float[64,1,1]"}},
    {"Greater", "Greater(a, b)", {"float[1,64,56,56]", "float[1,64,56,56]"}},
    {"Clip", "Clip(a, b, c)", {"float[1,64,56,56]", "float[] {0}", "float[] {6}"}},
    {"Where", "Where(a, b, c)", {"bool[1,1,128,128] splat(1)", "float[1,12,128,128]", "float[] {-10000}"}},
    {"Cast to f16", "Cast(a) to=f16", {"float[1,64,56,56]"}},
    // along axes
    {"Softmax", "Softmax(a)", {"float[1,12,128,128]"}},
    {"Softmax of 2", "Softmax(a)", {"float[1,4420,2]"}},
    {"Softmax axis 1", "Softmax(a) axis=1", {"float[1,21,64,64]"}},
    {"LayerNorm", "LayerNormalization(a, b, c)", {"float[1,128,768]", "float[768]", "float[768]"}},
    {"BatchNorm", "BatchNormalization(a, b, b, b, c)", {"float[1,64,56,56]", "float[64]", "float[64] splat(1)"}},
    {"InstanceNorm", "InstanceNormalization(a, b, b)", {"float[1,64,56,56]", "float[64]"}},
    {"GroupNorm", "GroupNormalization(a, b, b) groups=32", {"float[1,64,56,56]", "float[64]"}},
    {"ReduceMean last", "ReduceMean(a, b)", {"float[1,128,768]", "i64[1] {-1}"}},
    {"ReduceMean spatial", "ReduceMean(a, b)", {"float[1,64,56,56]", "i64[2] {2, 3}"}},
    {"ReduceSum axis 1", "ReduceSum(a, b)", {"float[1,64,56,56]", "i64[1] {1}"}},
    {"ReduceMax last", "ReduceMax(a, b)", {"float[1,128,768]", "i64[1] {-1}"}},
    {"ArgMax", "ArgMax(a) axis=-1", {"float[1,128,768]"}},
    {"TopK 5", "TopK(a, b)", {"float[1,128,768]", "i64[1] {5}"}},
    {"CumSum", "CumSum(a, b)", {"float[1,128,768]", "i64[] {-1}"}},
    // windows and resampling
    {"MaxPool 3x3/2", "MaxPool(a) kernel=[3, 3] strides=[2, 2] pads=[1, 1, 1, 1]", {"float[1,64,112,112]"}},
    {"AveragePool 3x3", "AveragePool(a) kernel=[3, 3] strides=[1, 1] pads=[1, 1, 1, 1]", {"float[1,64,56,56]"}},
    {"GlobalAveragePool", "GlobalAveragePool(a)", {"float[1,256,14,14]"}},
    {"Resize nearest x2", "Resize(a, _, b)", {"float[1,64,28,28]", "f32[4] {1, 1, 2, 2}"}},
    {"Resize linear x2", "Resize(a, _, b) mode=linear", {"float[1,64,28,28]", "f32[4] {1, 1, 2, 2}"}},
    {"Resize cubic x2", "Resize(a, _, b) mode=cubic", {"float[1,64,28,28]", "f32[4] {1, 1, 2, 2}"}},
    {"GridSample", "GridSample(a, b)", {"float[1,64,28,28]", "float[1,28,28,2]"}},
    // moving elements
    {"Transpose NCHW>NHWC", "Transpose(a) perm=[0, 2, 3, 1]", {"float[1,64,56,56]"}},
    {"Transpose heads", "Transpose(a) perm=[0, 2, 1, 3]", {"float[1,128,12,64]"}},
    {"Concat channels", "Concat(a, b) axis=1", {"float[1,64,56,56]", "float[1,64,56,56]"}},
    {"Slice", "Slice(a, b, c, d)", {"float[1,64,56,56]", "i64[2] {1, 1}", "i64[2] {55, 55}", "i64[2] {2, 3}"}},
    {"Slice 2 of 4", "Slice(a, b, c, d)", {"float[1,4420,4]", "i64[1] {2}", "i64[1] {4}", "i64[1] {2}"}},
    {"Pad", "Pad(a, b)", {"float[1,64,56,56]", "i64[8] {0, 0, 1, 1, 0, 0, 1, 1}"}},
    {"Gather rows", "Gather(a, b)", {"float[8192,768]", "i64[128] splat(77)"}},
    {"Expand", "Expand(a, b)", {"float[1,64,1,1]", "i64[4] {1, 64, 56, 56}"}},
    {"DepthToSpace", "DepthToSpace(a) block=2", {"float[1,64,56,56]"}},
    {"ScatterND rows", "ScatterND(a, b, c)", {"float[512,768]", "i64[128,1] splat(77)", "float[128,768]"}},
});
// clang-format on

}  // namespace

std::span<const KernelCase> kernel_cases() { return kCases; }

}  // namespace keel::bench
