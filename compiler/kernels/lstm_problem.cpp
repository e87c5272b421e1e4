#include "compiler/kernels/lstm_problem.h"

#include <algorithm>
#include <string>

#include "compiler/kernels/call_inputs.h"

namespace keel::kernels {
namespace {

Result<std::vector<std::int64_t>> row_lengths(const Tensor* given, std::int64_t batch,
                                              std::int64_t steps) {
  std::vector<std::int64_t> lengths(static_cast<std::size_t>(batch), steps);
  if (!given) return lengths;
  std::ranges::copy(given->as<std::int32_t>(), lengths.begin());
  for (const std::int64_t length : lengths)
    if (length < 0 || length > steps)
      return Error{ErrorCode::InvalidModel,
                   "sequence length " + std::to_string(length) + " is outside [0, " +
                       std::to_string(steps) + "], the steps of x",
                   "", "feed sequence lengths in that range"};
  return lengths;
}

}  // namespace

Walk walk_of(const ir::Op& op) {
  return std::visit(
      []<class Family>(const Family& family) {
        if constexpr (requires { family.batch_first; })
          return Walk{family.direction, family.batch_first};
        else
          return Walk{};
      },
      op);
}

bool has_float_operands(const Call& call) {
  for (std::size_t i = 0; i < call.inputs.size(); ++i)
    if (call.inputs[i] && i != kLengths && !is_tunable_float(call.inputs[i]->dtype())) return false;
  return true;
}

Result<LstmProblem> lstm_problem(const Call& call) {
  const Walk op = walk_of(call.op);
  const Shape& x = call.inputs[kX]->shape();
  const std::int64_t directions = op.directions();
  LstmProblem problem;
  problem.steps = x[op.batch_first ? 1 : 0];
  problem.batch = x[op.batch_first ? 0 : 1];
  problem.inputs = x[2];
  problem.hidden = call.inputs[kR]->shape()[2];
  const std::int64_t hidden = problem.hidden;
  if (op.batch_first) {
    problem.x_step = problem.inputs;
    problem.x_row = problem.steps * problem.x_step;
    problem.y_direction = problem.state_direction = hidden;
    problem.y_step = problem.state_row = directions * hidden;
    problem.y_row = problem.steps * problem.y_step;
  } else {
    problem.x_row = problem.inputs;
    problem.x_step = problem.batch * problem.x_row;
    problem.y_row = problem.state_row = hidden;
    problem.y_direction = problem.state_direction = problem.batch * hidden;
    problem.y_step = directions * problem.y_direction;
  }
  problem.cube = call.compute;
  problem.vector = format_of(call.outputs[0].dtype);
  KEEL_TRY(problem.lengths,
           row_lengths(optional_input(call, kLengths), problem.batch, problem.steps));
  return problem;
}

std::vector<Tensor> lstm_results(const Call& call) {
  Shape state = call.outputs[0].shape;
  state.erase(state.begin() + (walk_of(call.op).batch_first ? 1 : 0));
  std::vector<Tensor> results;
  for (const Shape& shape : {call.outputs[0].shape, state, state}) {
    results.emplace_back(DType::F32, shape);
    std::ranges::fill(results.back().fill<float>(), 0.0f);
  }
  return results;
}

Tensor lstm_vector_input(const Call& call, std::size_t i) {
  Tensor rounded(DType::F32, call.inputs[i]->shape());
  const std::span<float> values = rounded.fill<float>();
  std::ranges::copy(call.inputs[i]->as<float>(), values.begin());
  round_in_place(format_of(call.outputs[0].dtype), call.overflow, values);
  return rounded;
}

}  // namespace keel::kernels
