#include <algorithm>
#include <array>
#include <string>

#include "compiler/ir/shape_rules.h"

namespace keel::ir {
namespace {

// Batch, channel and at least one spatial axis.
Status spatial_operand(const RuleInputs& in) {
  if (in.rank(0) >= 3) return Done{};
  return invalid_model("input 0 " + to_text(in.shape(0)) +
                       " has no spatial axes after batch and channel");
}

Shape spatial_of(const Shape& shape) { return {shape.begin() + 2, shape.end()}; }

Types with_window(const RuleInputs& in, std::int64_t channels, const Result<Window>& window) {
  if (!window.ok()) return window.error();
  Shape shape{in.shape(0)[0], channels};
  shape.insert(shape.end(), window->output.begin(), window->output.end());
  return one(in.dtype(0), std::move(shape));
}

}  // namespace

Types infer(const Conv& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(spatial_operand(in));
  KEEL_TRY_STATUS(float_operand(in));
  KEEL_TRY_STATUS(same_dtype(in, 0, 1));
  const Shape &x = in.shape(0), &w = in.shape(1);
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
  KEEL_TRY_STATUS(expect_shape(in, 2, "bias", {w[0]}));
  return with_window(in, w[0],
                     resolve_window(spatial_of(x), spatial_of(w), op.strides, op.dilations, op.pads,
                                    op.auto_pad, false));
}

Types infer(const Pool& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(spatial_operand(in));
  const Shape spatial = spatial_of(in.shape(0));
  if (op.kind != PoolKind::MaxPool) {
    KEEL_TRY_STATUS(float_operand(in));
  }
  if (is_global(op.kind)) {
    Shape shape(in.rank(0), 1);
    std::copy_n(in.shape(0).begin(), 2, shape.begin());
    return one(in.dtype(0), std::move(shape));
  }
  if (op.kernel.size() != spatial.size())
    return invalid_model("kernel " + to_text(op.kernel) + " does not fit " +
                         std::to_string(spatial.size()) + " spatial axes");
  KEEL_TRY(std::vector<TensorType> types,
           with_window(in, in.shape(0)[1],
                       resolve_window(spatial, op.kernel, op.strides, op.dilations, op.pads,
                                      op.auto_pad, op.ceil_mode)));
  if (in.output_count == 2 && op.kind == PoolKind::MaxPool)
    types.push_back({DType::I64, types[0].shape});
  return types;
}

Types infer(const MatMul&, const RuleInputs& in) {
  KEEL_TRY_STATUS(same_dtype(in, 0, 1));
  Shape a = in.shape(0), b = in.shape(1);
  const auto mismatch = [&] {
    return invalid_model("MatMul of " + to_text(in.shape(0)) + " and " + to_text(in.shape(1)) +
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
  if (!shape->empty()) {
    KEEL_TRY_STATUS(expect_shape(in, 2, "bias", {shape->back()}));
  }
  return one(in.dtype(0), *std::move(shape));
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

Types infer(const Softmax& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  // Flattening may also divide after the last axis.
  if (!op.flatten || op.axis != static_cast<std::int64_t>(in.rank(0))) {
    KEEL_TRY_STATUS(resolve_axis(op.axis, in.rank(0)));
  }
  return one(in.dtype(0), in.shape(0));
}

Types infer(const LayerNorm& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  KEEL_TRY(const std::size_t axis, resolve_axis(op.axis, in.rank(0)));
  for (std::size_t i = 1; i < in.size(); ++i)
    if (in.has(i) && broadcast(in.shape(i), in.shape(0)) != in.shape(0))
      return invalid_model("input " + std::to_string(i) + " " + to_text(in.shape(i)) +
                           " does not broadcast to " + to_text(in.shape(0)));
  Shape group = in.shape(0);
  std::fill(group.begin() + static_cast<std::ptrdiff_t>(axis), group.end(), 1);
  std::vector<TensorType> types{in.type(0), {DType::F32, group}, {DType::F32, group}};
  return first_outputs(std::move(types), in);
}

Types infer(const BatchNorm&, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  if (in.rank(0) < 2)
    return invalid_model("input 0 " + to_text(in.shape(0)) + " has no channel axis");
  const Shape channels{in.shape(0)[1]};
  constexpr std::array kRoles = {"", "scale", "bias", "mean", "variance"};
  for (std::size_t i = 1; i < kRoles.size(); ++i) {
    KEEL_TRY_STATUS(expect_shape(in, i, kRoles[i], channels));
  }
  return one(in.dtype(0), in.shape(0));
}

}  // namespace keel::ir
