#include <string>

#include "profiler/calibration/kernel_text.h"
#include "profiler/calibration/kernelbench_cases.h"
#include "profiler/calibration/vendor_kernels.h"

namespace keel::calibration {
namespace {

const Shape kActivation = {16, 16384};

std::string product(const Shape& a, const Shape& b) {
  KernelText kernel;
  const std::string x = kernel.input("f32", a);
  kernel.output(kernel.node("MatMul", {x, kernel.input("f32", b)}, "compute=f32"));
  return kernel.text();
}

std::string reduction(std::string_view op, const Shape& shape, std::int64_t axis) {
  KernelText kernel;
  const std::string x = kernel.input("f32", shape);
  kernel.output(kernel.node(op, {x, kernel.ints({axis})}));
  return kernel.text();
}

std::string scaled(const Shape& shape) {
  KernelText kernel;
  const std::string x = kernel.input("f32", shape);
  kernel.output(kernel.node("Mul", {x, kernel.scalar("f32", "3.14")}));
  return kernel.text();
}

// An eager convolution: operands to blocks of channels, the product, the result back.
std::vector<std::string> convolution(std::string_view op, const Shape& x, const Shape& w,
                                     const Shape& y, const std::string& attributes = "") {
  KernelText kernel;
  const std::string in = kernel.input("f32", x);
  kernel.output(kernel.node(op, {in, kernel.input("f32", w)}, attributes + " compute=hf32"));
  return {trans_data_kernel("f32", x), trans_data_kernel("f32", w), kernel.text(),
          trans_data_kernel("f32", y)};
}

std::string activation(std::string_view op, std::string_view attributes = "") {
  return unary_kernel(op, "f32", kActivation, attributes);
}

}  // namespace

std::vector<KernelBenchCase> kernelbench_graphs() {
  return {
      {"level1/1_Square_matrix_multiplication_", {product({2048, 2048}, {2048, 2048})}},
      {"level1/2_Standard_matrix_multiplication_", {product({1024, 4096}, {4096, 2048})}},
      {"level1/3_Batched_matrix_multiplication", {product({128, 128, 256}, {128, 256, 512})}},
      {"level1/5_Matrix_scalar_multiplication", {scaled({16384, 4096})}},
      {"level1/6_Matmul_with_large_K_dimension_", {product({256, 131072}, {131072, 256})}},
      {"level1/7_Matmul_with_small_K_dimension_", {product({16384, 32}, {32, 16384})}},
      {"level1/8_Matmul_with_irregular_shapes_", {product({8205, 2949}, {2949, 5921})}},
      {"level1/9_Tall_skinny_matrix_multiplication_", {product({16384, 16}, {16, 16384})}},
      {"level1/10_3D_tensor_matrix_multiplication", {product({16, 1024, 2048}, {2048, 768})}},
      {"level1/19_ReLU", {activation("Relu")}},
      {"level1/20_LeakyReLU", {activation("LeakyRelu", "alpha=0.01")}},
      {"level1/21_Sigmoid", {activation("Sigmoid")}},
      {"level1/22_Tanh", {activation("Tanh")}},
      {"level1/23_Softmax", {activation("Softmax", "axis=1")}},
      {"level1/24_LogSoftmax", {activation("Softmax", "axis=1 log=true")}},
      {"level1/26_GELU_", {activation("Gelu")}},
      {"level1/27_SELU_", {activation("Selu")}},
      {"level1/28_HardSigmoid", {activation("HardSigmoid")}},
      {"level1/29_Softplus", {activation("Softplus")}},
      {"level1/31_ELU", {activation("Elu", "alpha=1")}},
      {"level1/44_Average_Pooling_1D",
       {unary_kernel("AveragePool", "f32", {16, 32, 128}, "kernel=[4] strides=[2] pads=[1,1]")}},
      {"level1/45_Average_Pooling_2D",
       {unary_kernel("AveragePool", "f32", {16, 64, 256, 256}, "kernel=[3,3] strides=[3,3]")}},
      {"level1/47_Sum_reduction_over_a_dimension", {reduction("ReduceSum", {16, 256, 256}, 1)}},
      {"level1/48_Mean_reduction_over_a_dimension", {reduction("ReduceMean", {16, 256, 256}, 1)}},
      {"level1/50_Product_reduction_over_a_dimension",
       {reduction("ReduceProd", {16, 256, 256}, 1)}},
      {"level1/54_conv_standard_3D__square_input__square_kernel",
       convolution("Conv", {16, 3, 64, 64, 64}, {64, 3, 3, 3, 3}, {16, 64, 62, 62, 62})},
      {"level1/57_conv_transposed_2D__square_input__square_kernel",
       convolution("ConvTranspose", {16, 32, 128, 128}, {32, 64, 3, 3}, {16, 64, 130, 130})},
      {"level1/62_conv_standard_2D__square_input__asymmetric_kernel",
       convolution("Conv", {16, 3, 256, 256}, {64, 3, 3, 5}, {16, 64, 254, 252})},
      {"level1/63_conv_standard_2D__square_input__square_kernel",
       convolution("Conv", {16, 3, 256, 256}, {64, 3, 3, 3}, {16, 64, 254, 254})},
      {"level1/82_conv_depthwise_2D_square_input_square_kernel",
       convolution("Conv", {16, 3, 256, 256}, {3, 1, 3, 3}, {16, 3, 254, 254}, "group=3")},
      {"level1/87_conv_pointwise_2D",
       convolution("Conv", {16, 3, 256, 256}, {64, 3, 1, 1}, {16, 64, 256, 256})},
  };
}

}  // namespace keel::calibration
