#include <algorithm>
#include <string>

#include "profiler/calibration/kernel_text.h"
#include "profiler/calibration/vendor_kernels.h"

namespace keel::calibration {
namespace {

constexpr std::int64_t kBlock = 16;  // channels of a block

std::int64_t divide_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }
std::int64_t padded(std::int64_t channels) { return divide_up(channels, kBlock) * kBlock; }

std::int64_t behind(const Shape& shape, std::size_t axis) {
  return element_count(Shape(shape.begin() + static_cast<std::ptrdiff_t>(axis), shape.end()));
}

// Convolutions compute fp32 in hf32 unless told otherwise, products in fp32.
std::string format_of(const std::string& dtype, bool convolution) {
  if (dtype == "f32") return convolution ? "compute=hf32" : "compute=f32";
  return dtype == "bf16" ? "compute=bf16" : "compute=f16";
}

std::string product(KernelText& kernel, const std::string& a, const std::string& b,
                    const std::string& dtype) {
  return kernel.node("MatMul", {a, b}, format_of(dtype, false));
}

}  // namespace

Kernels gemm_kernels(const OperatorRow& row) {
  KernelText kernel;
  const std::string a = kernel.input(row.dtypes[0], row.shape(0));
  kernel.output(product(kernel, a, kernel.input(row.dtypes[1], row.shape(1)), row.dtypes[0]));
  return {kernel.text()};
}

Kernels grouped_matmul_kernels(const OperatorRow& row) {
  const std::int64_t groups = row.shape(1)[0];
  const bool transposed = row.number("transpose_weight", 0) != 0;
  const Shape w = {groups, row.shape(1)[transposed ? 2 : 1], row.shape(1)[transposed ? 1 : 2]};
  KernelText kernel;
  const std::string a =
      kernel.input(row.dtypes[0], {groups, divide_up(row.shape(0)[0], groups), w[1]});
  kernel.output(product(kernel, a, kernel.input(row.dtypes[1], w), row.dtypes[0]));
  return {kernel.text()};
}

// Weights are brought into blocks, then multiplied, gated and quantised in one kernel.
Kernels grouped_swiglu_quant_kernels(const OperatorRow& row) {
  const Shape& w = row.shape(1);
  const Shape half = {w[0], divide_up(row.shape(0)[0], w[0]), w[2] / 2};
  KernelText kernel;
  const std::string x = kernel.cast(kernel.input("i8", {w[0], half[1], w[1]}), "i8", "f16");
  const auto side = [&] {
    const std::string weights = kernel.cast(kernel.input("i8", {w[0], w[1], half[2]}), "i8", "f16");
    return kernel.cast(product(kernel, x, weights, "f16"), "f16", "f32");
  };
  const std::string a = side();
  const std::string b = side();
  const std::string y =
      kernel.node("Mul", {kernel.node("Mul", {a, kernel.node("Sigmoid", {a})}), b});
  kernel.output(kernel.node("Cast", {y}, "to=i8"));
  return {trans_data_kernel("i8", {w[0], w[1], w[2]}), kernel.text()};
}

// int8 weights are dequantised on the vector unit: a cast, an offset and a factor for each.
Kernels weight_quant_kernels(const OperatorRow& row) {
  const std::string& dtype = row.dtypes[0];
  const Shape& w = row.shape(1);
  KernelText kernel;
  const std::string x = kernel.input(dtype, row.shape(0));
  std::string weights = kernel.cast(kernel.input("i8", w), "i8", "f16");
  weights = kernel.node("Mul", {weights, kernel.input("f16", {w[1]})});
  weights = kernel.cast(weights, "f16", dtype);
  kernel.output(product(kernel, x, weights, dtype));
  return {kernel.text()};
}

// The gradient of the filter, dy^T x over all positions, split over the cores along them where
// the result has few tiles. The windows of x are read out of its blocks by the load (Tile).
Kernels conv_filter_kernels(const OperatorRow& row) {
  constexpr std::int64_t kCores = 24;  // Ascend910B2
  const std::string& dtype = row.dtypes[0];
  const Shape& x = row.shape(0);
  const Shape& dy = row.shape(1);
  const auto filter = [&](std::size_t i) {
    return static_cast<std::int64_t>(row.number("filter_size", 1, i));
  };
  const std::int64_t window = filter(2) * filter(3) * filter(4);
  const std::int64_t n = padded(filter(1)) * window;
  const std::int64_t tiles = divide_up(filter(0), 128) * divide_up(n, 256);
  const std::int64_t parts = std::max<std::int64_t>(1, kCores / tiles);
  const std::int64_t positions = divide_up(dy[0] * behind(dy, 2), parts);
  KernelText kernel;
  const std::string a = kernel.input(dtype, {parts, padded(filter(0)), positions});
  const std::string in = kernel.input(dtype, {parts, positions, padded(filter(1))});
  const std::string windows = kernel.node("Tile", {in, kernel.ints({1, 1, window})});
  kernel.output(product(kernel, a, windows, dtype));
  const Shape result = {filter(0), filter(1), window};
  return {trans_data_kernel(dtype, x), trans_data_kernel(dtype, dy),
          trans_data_kernel("f32", result), fill_kernel(result, "f32"), kernel.text()};
}

// Operands go to blocks of channels and the result back; depthwise ones fill buffers first.
Kernels conv_kernels(const OperatorRow& row) {
  const std::string& dtype = row.dtypes[0];
  const Shape& x = row.shape(0);
  const bool depthwise = row.op == "depthwise_conv_2d";
  Shape w = row.shape(1);
  if (depthwise && w.size() == 3) w.insert(w.begin() + 1, 1);
  const auto attribute = [&](const char* one, const char* many, double otherwise, std::size_t i) {
    return static_cast<std::int64_t>(row.number(one, row.number(many, otherwise, i), i));
  };
  std::string strides, pads, dilations;
  Shape y = {x[0], w[0], 0, 0};
  for (std::size_t i = 0; i < 2; ++i) {
    const std::int64_t stride = attribute("stride", "strides", 1, i);
    const std::int64_t pad = attribute("padding", "pads", 0, i);
    const std::int64_t dilation = attribute("dilation", "dilations", 1, i);
    y[i + 2] = (x[i + 2] + 2 * pad - dilation * (w[i + 2] - 1) - 1) / stride + 1;
    const std::string comma = i == 0 ? "" : ",";
    strides += comma + std::to_string(stride);
    pads += comma + std::to_string(pad);
    dilations += comma + std::to_string(dilation);
  }
  KernelText kernel;
  const std::string in = kernel.input(dtype, x);
  kernel.output(kernel.node(
      "Conv", {in, kernel.input(dtype, w)},
      "strides=[" + strides + "] pads=[" + pads + "," + pads + "] dilations=[" + dilations +
          "] group=" + std::to_string(x[1] / w[1]) + " " + format_of(dtype, true)));
  Kernels kernels = {trans_data_kernel(dtype, x), trans_data_kernel(dtype, w),
                     trans_data_kernel(dtype, y)};
  if (depthwise) {
    kernels.push_back(trans_data_kernel(dtype, w));
    kernels.push_back(fill_kernel(y, dtype));
    kernels.push_back(fill_kernel(y, dtype));
    if (dtype == "bf16") kernels.push_back(cast_kernel({w[0]}, dtype, "f32"));
  }
  kernels.push_back(kernel.text());
  return kernels;
}

// Four projections in one kernel, the third for each head; its two normalisations pass over few
// elements and are left out.
Kernels mla_prolog_kernels(const OperatorRow& row) {
  const std::string& dtype = row.dtypes[0];
  const Shape& x = row.shape(0);
  const Shape& head = row.shape(3);  // heads, extent, latent extent
  const std::int64_t tokens = x[0] * x[1];
  KernelText kernel;
  const std::string in = kernel.input(dtype, {tokens, x[2]});
  const std::string down = product(kernel, in, kernel.input(dtype, row.shape(1)), dtype);
  kernel.output(product(kernel, in, kernel.input(dtype, row.shape(4)), dtype));
  const std::string up = product(kernel, down, kernel.input(dtype, row.shape(2)), dtype);
  const std::int64_t turned = row.shape(2)[1] / head[0] - head[1];
  const std::string split =
      kernel.node("Reshape", {up, kernel.ints({head[0], tokens, row.shape(2)[1] / head[0]})});
  const std::string latent =
      kernel.node("Slice", {split, kernel.ints({0}), kernel.ints({head[1]}), kernel.ints({2})});
  kernel.output(product(kernel, latent, kernel.input(dtype, head), dtype));
  const std::string rotary = kernel.node(
      "Slice", {split, kernel.ints({head[1]}), kernel.ints({head[1] + turned}), kernel.ints({2})});
  const std::string cosine = kernel.node("Mul", {rotary, kernel.input(dtype, {tokens, turned})});
  kernel.output(kernel.node("Add", {cosine, rotary}));
  return {kernel.text()};
}

}  // namespace keel::calibration
