#include "compiler/kernels/recurrent_problem.h"

#include <algorithm>
#include <string>
#include <type_traits>

#include "compiler/kernels/call_inputs.h"

namespace keel::kernels {
namespace {

// What the three families share.
struct Form {
  ir::Direction direction = ir::Direction::Forward;
  bool batch_first = false;
  float clip = 0;
  std::int64_t gates = 0, directions = 1;
};

template <class Family>
constexpr std::int64_t kGates = 0;
template <>
constexpr std::int64_t kGates<ir::Lstm> = 4;
template <>
constexpr std::int64_t kGates<ir::Gru> = 3;
template <>
constexpr std::int64_t kGates<ir::Rnn> = 1;

Form form_of(const ir::Op& op) {
  return std::visit(
      []<class Family>(const Family& family) -> Form {
        if constexpr (kGates<Family> != 0)
          return {family.direction, family.batch_first, family.clip, kGates<Family>,
                  family.directions()};
        else
          KEEL_CHECK(false && "not recurrent");
      },
      op);
}

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

bool has_sequences(const Call& call, bool (*is_of)(DType)) {
  for (std::size_t i = 0; i < call.inputs.size(); ++i)
    if (call.inputs[i] && i != kLengths && !is_of(call.inputs[i]->dtype())) return false;
  return true;
}

}  // namespace

bool has_float_sequences(const Call& call) { return has_sequences(call, is_tunable_float); }

bool has_double_sequences(const Call& call) {
  return has_sequences(call, [](DType dtype) { return dtype == DType::F64; });
}

Result<RecurrentProblem> recurrent_problem(const Call& call) {
  const Form form = form_of(call.op);
  const Shape& x = call.inputs[kX]->shape();
  RecurrentProblem problem;
  problem.steps = x[form.batch_first ? 1 : 0];
  problem.batch = x[form.batch_first ? 0 : 1];
  problem.inputs = x[2];
  problem.hidden = call.inputs[kR]->shape()[2];
  problem.gates = form.gates;
  problem.directions = form.directions;
  problem.direction = form.direction;
  problem.clip = form.clip;
  const std::int64_t hidden = problem.hidden;
  if (form.batch_first) {
    problem.x_step = problem.inputs;
    problem.x_row = problem.steps * problem.x_step;
    problem.y_direction = problem.state_direction = hidden;
    problem.y_step = problem.state_row = form.directions * hidden;
    problem.y_row = problem.steps * problem.y_step;
  } else {
    problem.x_row = problem.inputs;
    problem.x_step = problem.batch * problem.x_row;
    problem.y_row = problem.state_row = hidden;
    problem.y_direction = problem.state_direction = problem.batch * hidden;
    problem.y_step = form.directions * problem.y_direction;
  }
  problem.cube = call.compute;
  problem.in_double = call.outputs[0].dtype == DType::F64;
  if (!problem.in_double) problem.vector = format_of(call.outputs[0].dtype);
  problem.overflow = call.overflow;
  KEEL_TRY(problem.lengths,
           row_lengths(optional_input(call, kLengths), problem.batch, problem.steps));
  return problem;
}

Tensors recurrent_results(const Call& call, std::size_t states) {
  Shape state = call.outputs[0].shape;
  state.erase(state.begin() + (form_of(call.op).batch_first ? 1 : 0));
  Tensors results;
  for (std::size_t i = 0; i <= states; ++i) {
    const bool in_double = call.outputs[0].dtype == DType::F64;
    Tensor& zeros = results.emplace_back(in_double ? DType::F64 : DType::F32,
                                         i == 0 ? call.outputs[0].shape : state);
    if (in_double)
      std::ranges::fill(zeros.fill<double>(), 0.0);
    else
      std::ranges::fill(zeros.fill<float>(), 0.0f);
  }
  return results;
}

Tensor recurrent_vector_input(const Call& call, std::size_t i) {
  Tensor rounded(DType::F32, call.inputs[i]->shape());
  const std::span<float> values = rounded.fill<float>();
  std::ranges::copy(call.inputs[i]->as<float>(), values.begin());
  round_in_place(format_of(call.outputs[0].dtype), call.overflow, values);
  return rounded;
}

}  // namespace keel::kernels
