#include <string>

#include "compiler/ir/shape_rules.h"

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

}  // namespace keel::ir
