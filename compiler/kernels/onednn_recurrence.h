#pragma once

#include <ranges>
#include <vector>

#include "compiler/kernels/onednn.h"
#include "compiler/kernels/recurrent_problem.h"

namespace keel::kernels {

/// The products of one direction of a recurrent call, all rows of the batch side by side: that with
/// x is formed for all steps at once, that with a state for all rows of a step.
///
/// \pre no extent of x, w and r is 0
class Recurrence {
 public:
  Recurrence(const Call& call, const RecurrentProblem& problem, std::int64_t direction);

  /// Steps of the longest row.
  std::int64_t longest() const;
  /// The rows that have an i-th step.
  auto rows_at(std::int64_t i) const {
    return std::views::iota(std::size_t{0}, problem_.lengths.size()) |
           std::views::filter([this, i](std::size_t row) { return i < problem_.lengths[row]; });
  }

  /// Forms x w + b of every step; of the bias of r only what belongs to the first `joined` gates.
  Status multiply_inputs(std::int64_t joined);
  /// What the i-th step of a row has of it: [gates, hidden].
  const float* inputs_at(std::size_t row, std::int64_t i) const;

  /// state x r of `count` gates from `first` on, into [rows, count, hidden]. The state, in V, is
  /// rounded on its way.
  Status multiply_state(const std::vector<float>& state, std::int64_t first, std::int64_t count,
                        std::vector<float>& products);

  /// The bias of r of a gate, or null where there is none.
  const float* state_bias(std::int64_t gate) const;
  /// A state in V, [rows, hidden]; 0 where it is not given.
  std::vector<float> initial(std::size_t input) const;

  /// Makes h of a row what y has of its i-th step.
  void store_step(std::size_t row, std::int64_t i, const float* h, Tensor& y) const;
  void store_state(const std::vector<float>& state, Tensor& output) const;

 private:
  std::int64_t state_at(std::size_t row) const;
  onednn::Source weights(std::size_t input, std::int64_t rows, std::int64_t columns) const;

  const Call& call_;
  const RecurrentProblem& problem_;
  std::int64_t direction_;
  std::vector<float> inputs_;   // x w + b, rows in the order of x
  std::vector<float> operand_;  // a state in the format of the cube
};

/// y += x, `count` elements.
void add_products(std::size_t count, const float* x, float* y);

/// Runs Direction(call, problem, direction).run(results) for each direction of a call.
template <class Direction>
Result<Tensors> run_directions(const Call& call) {
  KEEL_TRY(const RecurrentProblem problem, recurrent_problem(call));
  Tensors results = recurrent_results(call, Direction::kStates);
  for (std::int64_t d = 0; d < problem.directions; ++d) {
    KEEL_TRY_STATUS(Direction(call, problem, d).run(results));
  }
  results.resize(call.outputs.size());
  return results;
}

/// Whether a call is of this family and has products: oneDNN takes no operand without elements.
template <class Family>
bool has_recurrent_products(const Call& call) {
  return std::holds_alternative<Family>(call.op) && has_float_sequences(call) &&
         call.inputs[kX]->size() > 0 && call.inputs[kR]->size() > 0;
}

}  // namespace keel::kernels
