#include <string>

#include "compiler/base/host_type.h"
#include "compiler/ir/shape_rules.h"

namespace keel::ir {
namespace {

// The one integer that input `i` holds.
Result<std::int64_t> constant_integer(const RuleInputs& in, std::size_t i, const char* role) {
  KEEL_TRY(const Ints values, constant_ints(in, i, role));
  if (values.size() == 1) return values[0];
  return invalid_model(std::string("the ") + role + " is not one element");
}

// Bins of a transform of `length` real or complex values.
std::int64_t bins(std::int64_t length, bool onesided) { return onesided ? length / 2 + 1 : length; }

}  // namespace

Types infer(const SignalWindow& op, const RuleInputs& in) {
  KEEL_TRY(const std::int64_t size, constant_integer(in, 0, "size"));
  return one(op.dtype, {size});
}

Result<std::int64_t> dft_axis(const Dft& op, const Tensor* given, std::size_t rank) {
  std::int64_t axis = op.axis;
  if (given != nullptr) {
    KEEL_TRY(const Ints values, ints_of(*given));
    if (values.size() != 1) return invalid_model("the axis is not one element");
    axis = values[0];
  }
  KEEL_TRY(const std::size_t resolved, resolve_axis(axis, rank));
  if (resolved + 1 == rank) return invalid_model("a DFT along the real and imaginary parts");
  return static_cast<std::int64_t>(resolved);
}

Types infer(const Dft& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  const Shape& x = in.shape(0);
  if (x.size() < 2 || (x.back() != 1 && x.back() != 2))
    return invalid_model("input 0 " + to_text(x) + " is not [..., 1 or 2]");
  if (op.inverse && op.onesided) return invalid_model("an inverse DFT is not one-sided");
  if (in.has(2)) {
    KEEL_TRY_STATUS(constant_ints(in, 2, "axis"));
  }
  KEEL_TRY(const std::int64_t axis,
           dft_axis(op, in.has(2) ? in.facts[2].constant : nullptr, x.size()));
  std::int64_t length = x[static_cast<std::size_t>(axis)];
  if (in.has(1)) {
    KEEL_TRY(length, constant_integer(in, 1, "length"));
  }
  if (length < 1) return invalid_model("a DFT of " + std::to_string(length) + " values");
  Shape shape = x;
  shape[static_cast<std::size_t>(axis)] = bins(length, op.onesided);
  shape.back() = 2;
  return one(in.dtype(0), std::move(shape));
}

Types infer(const Stft& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  const Shape& x = in.shape(0);
  if (x.size() != 3 || (x[2] != 1 && x[2] != 2))
    return invalid_model("the signal " + to_text(x) + " is not [batch, length, 1 or 2]");
  KEEL_TRY(const std::int64_t step, constant_integer(in, 1, "step"));
  std::int64_t frame = 0;
  if (in.has(3)) {
    KEEL_TRY(frame, constant_integer(in, 3, "frame length"));
  } else if (in.has(2) && in.rank(2) == 1) {
    frame = in.shape(2)[0];
  }
  if (step < 1 || frame < 1 || frame > x[1])
    return invalid_model("frames of " + std::to_string(frame) + " every " + std::to_string(step) +
                         " of " + std::to_string(x[1]));
  KEEL_TRY_STATUS(expect_shape(in, 2, "window", {frame}));
  return one(in.dtype(0), {x[0], (x[1] - frame) / step + 1, bins(frame, op.onesided), 2});
}

Types infer(const MelWeightMatrix& op, const RuleInputs& in) {
  KEEL_TRY(const std::int64_t mel_bins, constant_integer(in, 0, "number of mel bins"));
  KEEL_TRY(const std::int64_t length, constant_integer(in, 1, "DFT length"));
  KEEL_TRY(const std::int64_t rate, constant_integer(in, 2, "sample rate"));
  if (mel_bins < 1 || length < 1 || rate < 1)
    return invalid_model("a mel weight matrix of " + std::to_string(mel_bins) +
                         " bins, DFT length " + std::to_string(length) + ", rate " +
                         std::to_string(rate));
  for (std::size_t i = 3; i < 5; ++i)
    if (in.facts[i].constant == nullptr || in.facts[i].constant->size() != 1)
      return Error{ErrorCode::Unsupported, "an edge frequency is not one constant", "", ""};
  return one(op.dtype, {length / 2 + 1, mel_bins});
}

}  // namespace keel::ir
