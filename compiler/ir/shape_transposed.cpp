#include <string>

#include "compiler/ir/shape_rules.h"

// What undoes a convolution or a pooling.

namespace keel::ir {

Types infer(const ConvTranspose& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  KEEL_TRY_STATUS(same_dtype(in, 0, 1));
  const Shape &x = in.shape(0), &w = in.shape(1);
  if (x.size() < 3 || w.size() != x.size())
    return invalid_model("weights " + to_text(w) + " do not fit input " + to_text(x));
  if (op.group < 1 || x[1] % op.group != 0 || w[0] != x[1])
    return invalid_model("weights " + to_text(w) + " of " + std::to_string(op.group) +
                         " groups do not take the " + std::to_string(x[1]) + " channels of " +
                         to_text(x));
  std::int64_t channels = 0;
  if (__builtin_mul_overflow(w[1], op.group, &channels))
    return invalid_model("the result has too many channels");
  KEEL_TRY_STATUS(expect_shape(in, 2, "bias", {channels}));
  KEEL_TRY(const Window window,
           resolve_transposed_window(op, {x.begin() + 2, x.end()}, {w.begin() + 2, w.end()}));
  Shape shape{x[0], channels};
  shape.insert(shape.end(), window.output.begin(), window.output.end());
  return one(in.dtype(0), std::move(shape));
}

Types infer(const MaxUnpool& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(expect_shape(in, 1, "list of places", in.shape(0)));
  const Shape& x = in.shape(0);
  if (x.size() < 3 || op.kernel.size() != x.size() - 2)
    return invalid_model("kernel " + to_text(op.kernel) + " does not fit " + to_text(x));
  if (in.dtype(1) != DType::I64) return invalid_model("the places are not i64");
  if (in.has(2)) {
    KEEL_TRY(Shape shape, constant_ints(in, 2, "shape"));
    if (shape.size() != x.size())
      return invalid_model("the shape " + to_text(shape) + " has not the rank of " + to_text(x));
    return one(in.dtype(0), std::move(shape));
  }
  Shape shape = x;
  const std::size_t spatial = op.kernel.size();
  for (const Ints* list : {&op.strides, &op.pads})
    if (!list->empty() && list->size() != (list == &op.pads ? 2 : 1) * spatial)
      return invalid_model("attribute lists of MaxUnpool differ in length");
  for (std::size_t i = 0; i < spatial; ++i) {
    const std::int64_t stride = op.strides.empty() ? 1 : op.strides[i];
    const std::int64_t pads = op.pads.empty() ? 0 : op.pads[i] + op.pads[spatial + i];
    if (__builtin_mul_overflow(x[2 + i] - 1, stride, &shape[2 + i]) ||
        __builtin_add_overflow(shape[2 + i], op.kernel[i] - pads, &shape[2 + i]))
      return invalid_model("the result of MaxUnpool is too large");
  }
  return one(in.dtype(0), std::move(shape));
}

}  // namespace keel::ir
