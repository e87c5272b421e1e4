#include <string>

#include "compiler/ir/shape_rules.h"

namespace keel::ir {
namespace {

// The last axis of a signal holds a real, or a real and an imaginary part.
Result<bool> is_complex(const RuleInputs& in) {
  const Shape& x = in.shape(0);
  if (x.size() >= 2 && (x.back() == 1 || x.back() == 2)) return x.back() == 2;
  return invalid_model("a signal of shape " + to_text(x) + ", whose last axis is not 1 or 2");
}

Status positive(std::int64_t value, const std::string& role) {
  if (value >= 1 && value <= kLargestElementCount) return Done{};
  return invalid_model("the " + role + " is " + std::to_string(value) + ", outside [1, " +
                       std::to_string(kLargestElementCount) + "]");
}

Error onesided_complex() { return invalid_model("one side of the transform of complex numbers"); }

}  // namespace

Types infer(const SignalWindow& op, const RuleInputs& in) {
  KEEL_TRY(const std::int64_t size, constant_int(in, 0, "size"));
  if (size < 0) return invalid_model("the size of a window is " + std::to_string(size));
  if (op.dtype == DType::Bool) return invalid_model("a window of bool");
  return one(op.dtype, {size});
}

Result<std::size_t> dft_axis(const Dft& op, std::size_t rank, const InputFact* given) {
  std::int64_t axis = op.axis;
  if (given) {
    KEEL_TRY(axis, constant_int({{given, 1}, 1}, 0, "axis"));
  }
  KEEL_TRY(const std::size_t position, resolve_axis(axis, rank));
  if (position + 1 < rank) return position;
  return invalid_model("axis " + std::to_string(axis) +
                       " of a signal holds real and imaginary part");
}

Types infer(const Dft& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  KEEL_TRY(const bool complex, is_complex(in));
  KEEL_TRY(const std::size_t axis, dft_axis(op, in.rank(0), in.has(2) ? &in.facts[2] : nullptr));
  Shape shape = in.shape(0);
  if (in.has(1)) {
    KEEL_TRY(shape[axis], constant_int(in, 1, "length"));
  }
  KEEL_TRY_STATUS(positive(shape[axis], "length of the transform"));
  shape.back() = 2;
  if (op.onesided) {
    if (complex || op.inverse) return onesided_complex();
    shape[axis] = shape[axis] / 2 + 1;
  }
  return one(in.dtype(0), std::move(shape));
}

Types infer(const Stft& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  KEEL_TRY(const bool complex, is_complex(in));
  if (in.rank(0) != 3)
    return invalid_model("a signal of shape " + to_text(in.shape(0)) + ", not of rank 3");
  if (op.onesided && complex) return onesided_complex();
  KEEL_TRY(const std::int64_t step, constant_int(in, 1, "step"));
  KEEL_TRY_STATUS(positive(step, "step"));
  if (!in.has(2) && !in.has(3))
    return invalid_model("STFT has neither a window nor a frame length");
  std::int64_t length = 0;
  if (in.has(3)) {
    KEEL_TRY(length, constant_int(in, 3, "frame length"));
  } else {
    length = element_count(in.shape(2));
  }
  KEEL_TRY_STATUS(positive(length, "frame length"));
  KEEL_TRY_STATUS(expect_shape(in, 2, "window", {length}));
  if (in.has(2)) {
    KEEL_TRY_STATUS(same_dtype(in, 0, 2));
  }
  const std::int64_t samples = in.shape(0)[1];
  if (samples < length)
    return invalid_model("a frame of " + std::to_string(length) + " is longer than the signal, " +
                         std::to_string(samples));
  return one(in.dtype(0), {in.shape(0)[0], (samples - length) / step + 1,
                           op.onesided ? length / 2 + 1 : length, 2});
}

Types infer(const MelWeightMatrix& op, const RuleInputs& in) {
  KEEL_TRY(const std::int64_t bins, constant_int(in, 0, "mel bins"));
  KEEL_TRY(const std::int64_t length, constant_int(in, 1, "DFT length"));
  KEEL_TRY(const std::int64_t rate, constant_int(in, 2, "sample rate"));
  KEEL_TRY_STATUS(positive(bins, "number of mel bins"));
  KEEL_TRY_STATUS(positive(length, "DFT length"));
  KEEL_TRY_STATUS(positive(rate, "sample rate"));
  for (const std::size_t i : {3, 4})
    if ((!is_tunable_float(in.dtype(i)) && in.dtype(i) != DType::F64) ||
        element_count(in.shape(i)) != 1)
      return invalid_model("an edge of the mel bins is " + to_text(in.type(i)) +
                           ", not one floating-point number");
  if (op.dtype == DType::Bool) return invalid_model("mel weights of bool");
  return one(op.dtype, {length / 2 + 1, bins});
}

}  // namespace keel::ir
