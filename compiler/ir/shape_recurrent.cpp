#include <array>
#include <string>

#include "compiler/ir/shape_rules.h"

namespace keel::ir {

Types infer(const Lstm& op, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  for (const std::size_t i : {0, 1, 2})
    if (in.rank(i) != 3)
      return invalid_model("input " + std::to_string(i) + " " + to_text(in.shape(i)) +
                           " of LSTM has rank " + std::to_string(in.rank(i)) + ", not 3");
  const Shape& x = in.shape(0);
  const std::int64_t steps = x[op.batch_first ? 1 : 0];
  const std::int64_t batch = x[op.batch_first ? 0 : 1];
  const std::int64_t directions = op.directions();
  const std::int64_t hidden = in.shape(2)[2];
  KEEL_TRY_STATUS(expect_shape(in, 1, "weight w", {directions, 4 * hidden, x[2]}));
  KEEL_TRY_STATUS(expect_shape(in, 2, "weight r", {directions, 4 * hidden, hidden}));

  const Shape state =
      op.batch_first ? Shape{batch, directions, hidden} : Shape{directions, batch, hidden};
  KEEL_TRY_STATUS(expect_shape(in, 3, "bias", {directions, 8 * hidden}));
  KEEL_TRY_STATUS(expect_shape(in, 4, "list of sequence lengths", {batch}));
  KEEL_TRY_STATUS(expect_shape(in, 5, "initial h", state));
  KEEL_TRY_STATUS(expect_shape(in, 6, "initial c", state));
  KEEL_TRY_STATUS(expect_shape(in, 7, "peephole weight", {directions, 3 * hidden}));
  if (in.has(4) && in.dtype(4) != DType::I32)
    return invalid_model("the sequence lengths are " + std::string(name(in.dtype(4))) +
                         ", not i32");
  for (const std::size_t i : {1, 2, 3, 5, 6, 7})
    if (in.has(i)) {
      KEEL_TRY_STATUS(same_dtype(in, 0, i));
    }

  const DType dtype = in.dtype(0);
  std::vector<TensorType> types = {
      {dtype, op.batch_first ? Shape{batch, steps, directions, hidden}
                             : Shape{steps, directions, batch, hidden}},
      {dtype, state},
      {dtype, state}};
  if (in.output_count < types.size()) types.resize(in.output_count);
  return types;
}

}  // namespace keel::ir
