#include <array>
#include <string>

#include "compiler/ir/shape_rules.h"

namespace keel::ir {
namespace {

constexpr std::size_t kLengths = 4;

// What LSTM, GRU and RNN share: the inputs up to initial h. Returns the shapes of y and of a state.
template <class Family>
Result<std::array<Shape, 2>> recurrent_shapes(const Family& op, std::int64_t gates,
                                              const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  for (const std::size_t i : {0, 1, 2})
    if (in.rank(i) != 3)
      return invalid_model("input " + std::to_string(i) + " " + to_text(in.shape(i)) + " of " +
                           std::string(Family::kName) + " has rank " + std::to_string(in.rank(i)) +
                           ", not 3");
  const Shape& x = in.shape(0);
  const std::int64_t steps = x[op.batch_first ? 1 : 0];
  const std::int64_t batch = x[op.batch_first ? 0 : 1];
  const std::int64_t directions = op.directions();
  const std::int64_t hidden = in.shape(2)[2];
  KEEL_TRY_STATUS(expect_shape(in, 1, "weight w", {directions, gates * hidden, x[2]}));
  KEEL_TRY_STATUS(expect_shape(in, 2, "weight r", {directions, gates * hidden, hidden}));
  KEEL_TRY_STATUS(expect_shape(in, 3, "bias", {directions, 2 * gates * hidden}));
  KEEL_TRY_STATUS(expect_shape(in, kLengths, "list of sequence lengths", {batch}));
  Shape state =
      op.batch_first ? Shape{batch, directions, hidden} : Shape{directions, batch, hidden};
  KEEL_TRY_STATUS(expect_shape(in, 5, "initial h", state));
  if (in.has(kLengths) && in.dtype(kLengths) != DType::I32)
    return invalid_model("the sequence lengths are " + std::string(name(in.dtype(kLengths))) +
                         ", not i32");
  for (std::size_t i = 1; i < in.size(); ++i)
    if (in.has(i) && i != kLengths) {
      KEEL_TRY_STATUS(same_dtype(in, 0, i));
    }
  Shape y = op.batch_first ? Shape{batch, steps, directions, hidden}
                           : Shape{steps, directions, batch, hidden};
  return std::array{std::move(y), std::move(state)};
}

// y and `states` states, as far as the node has them.
Types sequence_and_states(const RuleInputs& in, const std::array<Shape, 2>& shapes,
                          std::size_t states) {
  std::vector<TensorType> types{{in.dtype(0), shapes[0]}};
  types.resize(std::min(in.output_count, 1 + states), {in.dtype(0), shapes[1]});
  return types;
}

}  // namespace

Types infer(const Lstm& op, const RuleInputs& in) {
  KEEL_TRY(const auto shapes, recurrent_shapes(op, 4, in));
  KEEL_TRY_STATUS(expect_shape(in, 6, "initial c", shapes[1]));
  KEEL_TRY_STATUS(expect_shape(in, 7, "peephole weight", {op.directions(), 3 * shapes[1].back()}));
  return sequence_and_states(in, shapes, 2);
}

Types infer(const Gru& op, const RuleInputs& in) {
  KEEL_TRY(const auto shapes, recurrent_shapes(op, 3, in));
  return sequence_and_states(in, shapes, 1);
}

Types infer(const Rnn& op, const RuleInputs& in) {
  KEEL_TRY(const auto shapes, recurrent_shapes(op, 1, in));
  return sequence_and_states(in, shapes, 1);
}

}  // namespace keel::ir
