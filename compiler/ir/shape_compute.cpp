#include <algorithm>
#include <string>

#include "compiler/ir/shape_rules.h"

namespace keel::ir {
namespace {

bool is_pooled(const Pool& op, DType dtype) {
  if (is_tunable_float(dtype) || dtype == DType::F64) return true;
  return op.kind == PoolKind::MaxPool && (dtype == DType::I8 || dtype == DType::U8);
}

}  // namespace

Status spatial_operand(const RuleInputs& in) {
  if (in.rank(0) >= 3) return Done{};
  return invalid_model("input 0 " + to_text(in.shape(0)) +
                       " has no spatial axes after batch and channel");
}

Shape spatial_of(const Shape& shape) { return {shape.begin() + 2, shape.end()}; }

Result<Shape> conv_shape(const Conv& op, const Shape& x, const Shape& w) {
  if (w.size() != x.size())
    return invalid_model("weights " + to_text(w) + " and input " + to_text(x) + " differ in rank");
  if (op.group < 1) return invalid_model("group is " + std::to_string(op.group) + ", not positive");
  if (x[1] % op.group != 0 || x[1] / op.group != w[1])
    return invalid_model("the input has " + std::to_string(x[1]) + " channels, the weights take " +
                         std::to_string(w[1]) + " in each of " + std::to_string(op.group) +
                         " groups");
  if (w[0] % op.group != 0)
    return invalid_model("conv group " + std::to_string(op.group) + " does not divide " +
                         std::to_string(w[0]) + " output channels");
  KEEL_TRY(const Window window, resolve_window(spatial_of(x), spatial_of(w), op.strides,
                                               op.dilations, op.pads, op.auto_pad, false));
  Shape shape{x[0], w[0]};
  shape.insert(shape.end(), window.output.begin(), window.output.end());
  return shape;
}

Types infer(const Conv& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(spatial_operand(in));
  KEEL_TRY_STATUS(float_operand(in));
  KEEL_TRY_STATUS(same_dtype(in, 0, 1));
  KEEL_TRY(Shape shape, conv_shape(op, in.shape(0), in.shape(1)));
  KEEL_TRY_STATUS(expect_shape(in, 2, "bias", {shape[1]}));
  return one(in.dtype(0), std::move(shape));
}

Types infer(const ConvTranspose& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(spatial_operand(in));
  KEEL_TRY_STATUS(float_operand(in));
  KEEL_TRY_STATUS(same_dtype(in, 0, 1));
  const Shape &x = in.shape(0), &w = in.shape(1);
  if (w.size() != x.size())
    return invalid_model("weights " + to_text(w) + " and input " + to_text(x) + " differ in rank");
  if (x[1] != w[0])
    return invalid_model("the input has " + std::to_string(x[1]) + " channels, the weights take " +
                         std::to_string(w[0]));
  if (op.group < 1 || x[1] % op.group != 0)
    return invalid_model("group " + std::to_string(op.group) + " does not divide " +
                         std::to_string(x[1]) + " input channels");
  if (w[1] > kLargestElementCount / op.group)
    return invalid_model(std::to_string(op.group) + " groups of " + std::to_string(w[1]) +
                         " channels are too many");
  KEEL_TRY(const Window window, resolve_transposed_window(spatial_of(x), spatial_of(w), op));
  Shape shape{x[0], w[1] * op.group};
  KEEL_TRY_STATUS(expect_shape(in, 2, "bias", {shape[1]}));
  shape.insert(shape.end(), window.output.begin(), window.output.end());
  return one(in.dtype(0), std::move(shape));
}

Types infer(const Pool& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(spatial_operand(in));
  const Shape spatial = spatial_of(in.shape(0));
  if (!is_pooled(op, in.dtype(0)))
    return invalid_model(std::string(name(Op(op))) + " of " + std::string(name(in.dtype(0))));
  if (op.p < 1) return invalid_model("the norm p is " + std::to_string(op.p) + ", not positive");
  Shape shape(in.rank(0), 1);
  std::copy_n(in.shape(0).begin(), 2, shape.begin());
  if (!is_global(op.kind)) {
    if (op.kernel.size() != spatial.size())
      return invalid_model("kernel " + to_text(op.kernel) + " does not fit " +
                           std::to_string(spatial.size()) + " spatial axes");
    KEEL_TRY(const Window window, resolve_window(spatial, op.kernel, op.strides, op.dilations,
                                                 op.pads, op.auto_pad, op.ceil_mode));
    std::ranges::copy(window.output, shape.begin() + 2);
  }
  std::vector<TensorType> types{{in.dtype(0), shape}};
  if (op.kind == PoolKind::MaxPool && in.output_count > 1) types.push_back({DType::I64, shape});
  return types;
}

Types infer(const MaxUnpool& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(spatial_operand(in));
  KEEL_TRY_STATUS(float_operand(in));
  if (in.dtype(1) != DType::I64)
    return invalid_model("the indices are " + std::string(name(in.dtype(1))) + ", not i64");
  KEEL_TRY_STATUS(expect_shape(in, 1, "list of indices", in.shape(0)));
  KEEL_TRY(Shape shape, unpooled_shape(in.shape(0), op));
  if (!in.has(2)) return one(in.dtype(0), std::move(shape));
  KEEL_TRY(Shape given, constant_ints(in, 2, "output shape"));
  bool holds = given.size() == shape.size();
  for (std::size_t i = 0; holds && i < shape.size(); ++i) holds = given[i] >= shape[i];
  if (!holds)
    return invalid_model("the output shape " + to_text(given) + " does not hold what was pooled, " +
                         to_text(shape));
  return one(in.dtype(0), std::move(given));
}

Result<Shape> matmul_shape(const Shape& given_a, const Shape& given_b) {
  Shape a = given_a, b = given_b;
  const auto mismatch = [&] {
    return invalid_model("MatMul of " + to_text(given_a) + " and " + to_text(given_b) +
                         " does not fit");
  };
  if (a.empty() || b.empty()) return mismatch();
  const bool row = a.size() == 1, column = b.size() == 1;
  if (row) a.insert(a.begin(), 1);
  if (column) b.push_back(1);
  if (a.back() != b[b.size() - 2]) return mismatch();
  std::optional<Shape> shape = broadcast({a.begin(), a.end() - 2}, {b.begin(), b.end() - 2});
  if (!shape) return mismatch();
  if (!row) shape->push_back(a[a.size() - 2]);
  if (!column) shape->push_back(b.back());
  return *std::move(shape);
}

Types infer(const MatMul&, const RuleInputs& in) {
  KEEL_TRY_STATUS(same_dtype(in, 0, 1));
  KEEL_TRY(Shape shape, matmul_shape(in.shape(0), in.shape(1)));
  if (!shape.empty()) {
    KEEL_TRY_STATUS(expect_shape(in, 2, "bias", {shape.back()}));
  }
  return one(in.dtype(0), std::move(shape));
}

Types infer(const Gemm& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(same_dtype(in, 0, 1));
  const Shape &a = in.shape(0), &b = in.shape(1);
  if (a.size() != 2 || b.size() != 2)
    return invalid_model("Gemm of " + to_text(a) + " and " + to_text(b) + ", not two matrices");
  if (a[op.trans_a ? 0 : 1] != b[op.trans_b ? 1 : 0])
    return invalid_model("Gemm of " + to_text(a) + (op.trans_a ? " transposed" : "") + " and " +
                         to_text(b) + (op.trans_b ? " transposed" : "") + " does not fit");
  Shape shape{a[op.trans_a ? 1 : 0], b[op.trans_b ? 0 : 1]};
  if (in.has(2) && broadcast(in.shape(2), shape) != shape)
    return invalid_model("input 2 " + to_text(in.shape(2)) + " does not broadcast to " +
                         to_text(shape));
  return one(in.dtype(0), std::move(shape));
}

Types infer(const Reduce& op, const RuleInputs& in) {
  Ints given;
  if (in.has(1)) {
    KEEL_TRY(given, constant_ints(in, 1, "axes"));
  }
  if (given.empty() && op.noop_with_empty_axes) return one(in.dtype(0), in.shape(0));
  KEEL_TRY(const Ints axes, resolve_axes(given, in.rank(0)));
  Shape shape;
  for (std::size_t i = 0; i < in.rank(0); ++i) {
    const bool reduced =
        axes.empty() || std::ranges::binary_search(axes, static_cast<std::int64_t>(i));
    if (!reduced) shape.push_back(in.shape(0)[i]);
    if (reduced && op.keepdims) shape.push_back(1);
  }
  return one(in.dtype(0), std::move(shape));
}

}  // namespace keel::ir
