#include <cmath>
#include <string>

#include "profiler/calibration/kernel_text.h"
#include "profiler/calibration/vendor_kernels.h"

namespace keel::calibration {
namespace {

std::string reduced(KernelText& kernel, std::string_view op, const std::string& value) {
  return kernel.node(op, {value, kernel.ints({-1})});
}

// 1 / sqrt(mean of squares), one a row.
std::string inverse_norm(KernelText& kernel, const std::string& x) {
  const std::string mean = reduced(kernel, "ReduceMean", kernel.node("Mul", {x, x}));
  return kernel.node("Reciprocal", {kernel.node("Sqrt", {mean})});
}

// Codes of fp32 rows, and their scales.
void output_quantised(KernelText& kernel, const std::string& x) {
  const std::string largest = reduced(kernel, "ReduceMax", kernel.node("Abs", {x}));
  const std::string scale = kernel.node("Reciprocal", {largest});
  const std::string rounded = kernel.node("Round", {kernel.node("Mul", {x, scale})});
  kernel.output(kernel.node("Cast", {rounded}, "to=i8"));
  kernel.output(scale);
}

std::string norm_kernel(std::string_view dtype, const Shape& shape, double order) {
  const bool plain = order == 1 || order == 2 || std::isinf(order);
  KernelText kernel;
  std::string x = kernel.cast(kernel.input(dtype, {element_count(shape)}), dtype, "f32");
  x = kernel.node("Abs", {x});
  if (plain && order == 2) x = kernel.node("Mul", {x, x});
  if (!plain) {  // |x|^p by exp and ln
    const std::string log = kernel.node("Log", {x});
    x = kernel.node("Exp", {kernel.node("Mul", {log, kernel.scalar("f32", "3")})});
  }
  const std::string sum = reduced(kernel, std::isinf(order) ? "ReduceMax" : "ReduceSum", x);
  kernel.output(kernel.cast(sum, "f32", dtype));
  return kernel.text();
}

}  // namespace

// The norm of each tensor of a list: one launch for all, or launches of a general kernel for each.
Kernels norm_kernels(const OperatorRow& row) {
  const std::string& dtype = row.dtypes[0];
  const double order = row.number("scalar", 2);
  if (row.kernels.empty() || row.launches("ForeachNorm") > 0) {
    std::int64_t count = 0;
    for (const Shape& shape : row.operands[0]) count += element_count(shape);
    return {norm_kernel(dtype, {count}, order)};
  }
  Kernels kernels;
  for (const Shape& shape : row.operands[0]) {
    const bool casts = row.launches("Cast") > 0;
    if (casts) kernels.push_back(cast_kernel(shape, dtype, "f32"));
    kernels.push_back(norm_kernel(casts ? "f32" : dtype, shape, order));
    if (row.launches("LpNormUpdateV2") > 0) kernels.push_back(unary_kernel("Sqrt", "f32", {1}));
    if (casts) kernels.push_back(cast_kernel({1}, "f32", dtype));
  }
  return kernels;
}

Kernels rms_norm_kernels(const OperatorRow& row) {
  const std::string& dtype = row.dtypes[0];
  KernelText kernel;
  const std::string x = kernel.cast(kernel.input(dtype, row.shape(0)), dtype, "f32");
  const std::string gain = kernel.cast(kernel.input(dtype, row.shape(1)), dtype, "f32");
  const std::string inverse = inverse_norm(kernel, x);
  const std::string y = kernel.node("Mul", {kernel.node("Mul", {x, inverse}), gain});
  kernel.output(kernel.cast(y, "f32", dtype));
  kernel.output(inverse);
  return {kernel.text()};
}

Kernels add_rms_norm_quant_kernels(const OperatorRow& row) {
  const std::string& dtype = row.dtypes[0];
  KernelText kernel;
  const std::string a = kernel.cast(kernel.input(dtype, row.shape(0)), dtype, "f32");
  const std::string b = kernel.cast(kernel.input(dtype, row.shape(1)), dtype, "f32");
  const std::string gain = kernel.cast(kernel.input(dtype, row.shape(2)), dtype, "f32");
  const std::string x = kernel.node("Add", {a, b});
  kernel.output(kernel.cast(x, "f32", dtype));
  const std::string scaled = kernel.node("Mul", {x, inverse_norm(kernel, x)});
  output_quantised(kernel, kernel.node("Mul", {scaled, gain}));
  return {kernel.text()};
}

Kernels dynamic_quant_kernels(const OperatorRow& row) {
  KernelText kernel;
  output_quantised(kernel,
                   kernel.cast(kernel.input(row.dtypes[0], row.shape(0)), row.dtypes[0], "f32"));
  return {kernel.text()};
}

// a sigmoid(a) b of the halves a and b of each row, dequantised before, quantised after.
Kernels swiglu_quant_kernels(const OperatorRow& row) {
  const std::string& dtype = row.dtypes[0];
  Shape half = row.shape(0);
  half.back() /= 2;
  KernelText kernel;
  const auto side = [&] {
    std::string x = kernel.cast(kernel.input(dtype, half), dtype, "f32");
    if (dtype != "i32") return x;
    x = kernel.node("Mul", {x, kernel.input("f32", {half.back()})});
    return kernel.node("Mul", {x, kernel.input("f32", {half[0], 1})});
  };
  const std::string a = side();
  const std::string b = side();
  std::string y = kernel.node("Mul", {kernel.node("Mul", {a, kernel.node("Sigmoid", {a})}), b});
  if (row.has(3)) y = kernel.node("Mul", {y, kernel.input("f32", {half.back()})});
  output_quantised(kernel, y);
  return {kernel.text()};
}

Kernels average_pool_kernels(const OperatorRow& row) {
  const Shape& x = row.shape(0);
  KernelText kernel;
  const std::string in =
      kernel.input(row.dtypes[0], {x[0] * x[1], element_count(x) / (x[0] * x[1])});
  kernel.output(reduced(kernel, "ReduceMean", in));
  return {kernel.text()};
}

Kernels softmax_kernels(const OperatorRow& row) {
  const auto axis = static_cast<std::int64_t>(row.number("dim", row.number("axis", -1)));
  return {unary_kernel("Softmax", row.dtypes[0], row.shape(0), "axis=" + std::to_string(axis))};
}

Kernels layer_norm_kernels(const OperatorRow& row) {
  KernelText kernel;
  const Shape length = {row.shape(0).back()};
  const std::string x = kernel.input(row.dtypes[0], row.shape(0));
  const std::string scale = kernel.input(row.dtypes[0], length);
  kernel.output(kernel.node("LayerNormalization", {x, scale, kernel.input(row.dtypes[0], length)}));
  return {kernel.text()};
}

Kernels gating_top_k_kernels(const OperatorRow& row) {
  KernelText kernel;
  const std::string scores = kernel.node("Softmax", {kernel.input(row.dtypes[0], row.shape(0))});
  const auto k = static_cast<std::int64_t>(row.number("k", 1));
  kernel.output(kernel.node("TopK", {scores, kernel.ints({k})}));
  return {kernel.text()};
}

}  // namespace keel::calibration
