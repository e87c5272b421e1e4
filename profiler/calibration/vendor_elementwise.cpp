#include <string>

#include "profiler/calibration/kernel_text.h"
#include "profiler/calibration/vendor_kernels.h"

namespace keel::calibration {
namespace {

std::int64_t elements(const std::vector<Shape>& list) {
  std::int64_t count = 0;
  for (const Shape& shape : list) count += element_count(shape);
  return count;
}

std::string onnx_name(const std::string& op) {
  if (op == "maximum") return "Max";
  if (op == "minimum") return "Min";
  std::string name = op;
  name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  return name;
}

// One operand with one scalar, or with a second operand.
std::string scalar_kernel(std::string_view op, std::string_view dtype, const Shape& shape) {
  KernelText kernel;
  const std::string x = kernel.input(dtype, shape);
  kernel.output(kernel.node(op, {x, kernel.scalar(dtype, "2")}));
  return kernel.text();
}

std::string binary_kernel(std::string_view op, std::string_view dtype, const Shape& a,
                          const Shape& b) {
  KernelText kernel;
  const std::string x = kernel.input(dtype, a);
  kernel.output(kernel.node(op, {x, kernel.input(dtype, b)}));
  return kernel.text();
}

void repeat(Kernels& kernels, int times, const std::string& kernel) {
  for (int i = 0; i < times; ++i) kernels.push_back(kernel);
}

}  // namespace

Kernels elementwise_kernels(const OperatorRow& row) {
  const std::string op = onnx_name(row.op);
  if (row.has(1)) return {binary_kernel(op, row.dtypes[0], row.shape(0), row.shape(1))};
  return {unary_kernel(op, row.dtypes[0], row.shape(0))};
}

// base^(scale x + shift), as one generated kernel or as a launch for each step.
Kernels exp_kernels(const OperatorRow& row) {
  const std::string& dtype = row.dtypes[0];
  const Shape& shape = row.shape(0);
  Kernels kernels;
  repeat(kernels, row.launches("Mul") + row.launches("Muls"), scalar_kernel("Mul", dtype, shape));
  repeat(kernels, row.launches("Add") + row.launches("Adds"), scalar_kernel("Add", dtype, shape));
  repeat(kernels, row.launches("Exp"), unary_kernel("Exp", dtype, shape));
  if (!kernels.empty()) return kernels;
  KernelText kernel;
  const std::string x = kernel.input(dtype, shape);
  const std::string scaled = kernel.node("Mul", {x, kernel.scalar(dtype, "2")});
  const std::string shifted = kernel.node("Add", {scaled, kernel.scalar(dtype, "1")});
  kernel.output(kernel.node("Exp", {shifted}));
  return {kernel.text()};
}

// x mask scale: the mask is cast first where its dtype differs.
Kernels masked_scale_kernels(const OperatorRow& row) {
  const std::string& dtype = row.dtypes[0];
  const Shape& shape = row.shape(0);
  Kernels kernels;
  if (row.dtypes[1] != dtype) kernels.push_back(cast_kernel(shape, row.dtypes[1], dtype));
  kernels.push_back(binary_kernel("Mul", dtype, shape, shape));
  kernels.push_back(scalar_kernel("Mul", dtype, shape));
  return kernels;
}

// Euclid's algorithm: numbers up to a thousand take about 0.84 ln(1000) + 1.5 remainders.
Kernels gcd_kernels(const OperatorRow& row) {
  constexpr int kRemainders = 8;
  KernelText kernel;
  std::string a = kernel.input(row.dtypes[0], row.shape(0));
  std::string b = kernel.input(row.dtypes[1], row.shape(1));
  for (int i = 0; i < kRemainders; ++i) {
    const std::string rest = kernel.node("Mod", {a, b});
    a = b;
    b = rest;
  }
  kernel.output(b);
  return {kernel.text()};
}

// x + scalar a / b over lists of tensors in one launch.
Kernels addcdiv_kernels(const OperatorRow& row) {
  const std::string& dtype = row.dtypes[0];
  const Shape shape = {elements(row.operands[0])};
  KernelText kernel;
  const std::string x = kernel.input(dtype, shape);
  const std::string a = kernel.input(dtype, shape);
  const std::string b = kernel.input(dtype, shape);
  const std::string quotient = kernel.node("Div", {a, b});
  const std::string scaled = kernel.node("Mul", {quotient, kernel.scalar(dtype, "2")});
  kernel.output(kernel.node("Add", {x, scaled}));
  return {kernel.text()};
}

// Variable and both moments are read and written; all in fp32.
Kernels adam_kernels(const OperatorRow& row) {
  const std::string& dtype = row.dtypes[0];
  const Shape& shape = row.shape(0);
  KernelText kernel;
  const auto read = [&] { return kernel.cast(kernel.input(dtype, shape), dtype, "f32"); };
  const auto scaled = [&](const std::string& value) {
    return kernel.node("Mul", {value, kernel.scalar("f32", "2")});
  };
  const auto write = [&](const std::string& value) {
    kernel.output(kernel.cast(value, "f32", dtype));
  };
  const std::string variable = read();
  const std::string first = read();
  const std::string second = read();
  const std::string gradient = read();
  const std::string m = kernel.node("Add", {scaled(first), scaled(gradient)});
  const std::string squared = kernel.node("Mul", {gradient, gradient});
  const std::string v = kernel.node("Add", {scaled(second), scaled(squared)});
  const std::string root = kernel.node("Sqrt", {scaled(v)});
  const std::string below = kernel.node("Add", {root, kernel.scalar("f32", "1")});
  const std::string step = kernel.node("Div", {scaled(m), below});
  write(kernel.node("Sub", {scaled(variable), scaled(step)}));
  write(m);
  write(v);
  return {kernel.text()};
}

// silu: x sigmoid(x). swiglu: of one half, times the other.
Kernels swish_gate_kernels(const OperatorRow& row) {
  const std::string& dtype = row.dtypes[0];
  Shape shape = row.shape(0);
  const bool gated = row.op != "silu";
  if (gated) shape.back() /= 2;
  KernelText kernel;
  const std::string x = kernel.input(dtype, shape);
  std::string y = kernel.node("Mul", {x, kernel.node("Sigmoid", {x})});
  if (gated) y = kernel.node("Mul", {y, kernel.input(dtype, shape)});
  kernel.output(y);
  return {kernel.text()};
}

}  // namespace keel::calibration
