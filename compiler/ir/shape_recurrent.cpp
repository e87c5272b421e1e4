#include <array>
#include <string>

#include "compiler/ir/shape_rules.h"

namespace keel::ir {

namespace {

// What LSTM, GRU and RNN share; `gates` rows of weights an element of the state.
Types infer_recurrent(const RuleInputs& in, std::string_view op, std::int64_t gates,
                      std::int64_t directions, bool batch_first) {
  KEEL_TRY_STATUS(float_operand(in));
  for (std::size_t i = 0; i < 3; ++i)
    if (in.rank(i) != 3)
      return invalid_model("input " + std::to_string(i) + " " + to_text(in.shape(i)) + " of " +
                           std::string(op) + " has rank " + std::to_string(in.rank(i)) + ", not 3");
  const Shape& x = in.shape(0);
  const std::int64_t steps = x[batch_first ? 1 : 0];
  const std::int64_t batch = x[batch_first ? 0 : 1];
  const std::int64_t hidden = in.shape(2)[2];
  KEEL_TRY_STATUS(expect_shape(in, 1, "weight w", {directions, gates * hidden, x[2]}));
  KEEL_TRY_STATUS(expect_shape(in, 2, "weight r", {directions, gates * hidden, hidden}));

  const Shape state =
      batch_first ? Shape{batch, directions, hidden} : Shape{directions, batch, hidden};
  KEEL_TRY_STATUS(expect_shape(in, 3, "bias", {directions, 2 * gates * hidden}));
  KEEL_TRY_STATUS(expect_shape(in, 4, "list of sequence lengths", {batch}));
  KEEL_TRY_STATUS(expect_shape(in, 5, "initial h", state));
  KEEL_TRY_STATUS(expect_shape(in, 6, "initial c", state));
  KEEL_TRY_STATUS(expect_shape(in, 7, "peephole weight", {directions, 3 * hidden}));
  if (in.has(4) && in.dtype(4) != DType::I32)
    return invalid_model("the sequence lengths are " + std::string(name(in.dtype(4))) +
                         ", not i32");
  for (std::size_t i = 1; i < 8; ++i)
    if (i != 4 && in.has(i)) {
      KEEL_TRY_STATUS(same_dtype(in, 0, i));
    }

  const DType dtype = in.dtype(0);
  std::vector<TensorType> types = {{dtype, batch_first ? Shape{batch, steps, directions, hidden}
                                                       : Shape{steps, directions, batch, hidden}},
                                   {dtype, state},
                                   {dtype, state}};
  return first_outputs(std::move(types), in);
}

}  // namespace

Types infer(const Lstm& op, const RuleInputs& in) {
  return infer_recurrent(in, Lstm::kName, 4, op.directions(), op.batch_first);
}

Types infer(const Gru& op, const RuleInputs& in) {
  return infer_recurrent(in, Gru::kName, 3, op.directions(), op.batch_first);
}

Types infer(const Rnn& op, const RuleInputs& in) {
  return infer_recurrent(in, Rnn::kName, 1, op.directions(), op.batch_first);
}

}  // namespace keel::ir
