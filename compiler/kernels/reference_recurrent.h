#pragma once

#include <algorithm>
#include <cmath>

#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/float_type.h"
#include "compiler/kernels/recurrent_problem.h"

namespace keel::kernels {

/// One row of the batch on its way through one direction: the steps all families are made of,
/// element by element.
class ReferenceRow {
 public:
  ReferenceRow(const Call& call, const RecurrentProblem& problem, std::int64_t direction,
               std::int64_t row)
      : call_(call),
        problem_(problem),
        direction_(static_cast<std::size_t>(direction)),
        state_at_(static_cast<std::size_t>(direction * problem.state_direction +
                                           row * problem.state_row)) {}

  std::size_t hidden() const { return static_cast<std::size_t>(problem_.hidden); }
  bool has(std::size_t input) const { return optional_input(call_, input) != nullptr; }

  double round(double value) const { return rounded(value, problem_.vector); }
  double clipped(double value) const {
    const auto bound = static_cast<double>(problem_.clip);
    return bound > 0 ? round(std::clamp(value, -bound, bound)) : value;
  }
  double sigmoid(double value) const { return round(1 / (1 + std::exp(-clipped(value)))); }
  double tanh(double value) const { return round(std::tanh(clipped(value))); }

  /// A state in V, 0 where it is not given.
  std::vector<double> initial(std::size_t input) const {
    std::vector<double> values(hidden(), 0.0);
    if (const Tensor* given = optional_input(call_, input))
      for (std::size_t j = 0; j < values.size(); ++j)
        values[j] = round(number_at(*given, state_at_ + j));
    return values;
  }

  /// Element `column` of row `row` of this direction of a weight.
  double weight(std::size_t input, std::size_t rows, std::size_t columns, std::size_t row,
                std::size_t column) const {
    return number_at(*call_.inputs[input], (direction_ * rows + row) * columns + column);
  }

  /// What gate `which` of unit `j` accumulates of x and the bias of w, or of a state and that of r.
  double of_inputs(std::size_t which, std::span<const double> x, std::size_t j) const {
    double sum = bias(which * hidden() + j);
    for (std::size_t k = 0; k < x.size(); ++k)
      sum += x[k] * weight(kW, rows(), x.size(), which * hidden() + j, k);
    return sum;
  }
  double of_state(std::size_t which, const std::vector<double>& h, std::size_t j) const {
    double sum = bias(rows() + which * hidden() + j);
    for (std::size_t k = 0; k < h.size(); ++k)
      sum += rounded(h[k], problem_.cube) * weight(kR, rows(), h.size(), which * hidden() + j, k);
    return sum;
  }
  /// What leaves the cube of both.
  double gate(std::size_t which, std::span<const double> x, const std::vector<double>& h,
              std::size_t j) const {
    return round(of_inputs(which, x, j) + of_state(which, h, j));
  }

 private:
  double rounded(double value, FloatFormat format) const {
    if (problem_.in_double) return value;
    return static_cast<double>(round_to(format, problem_.overflow, static_cast<float>(value)));
  }

  std::size_t rows() const { return static_cast<std::size_t>(problem_.gates) * hidden(); }
  double bias(std::size_t at) const { return has(kB) ? weight(kB, 2 * rows(), 1, at, 0) : 0.0; }

  const Call& call_;
  const RecurrentProblem& problem_;
  std::size_t direction_, state_at_;
};

/// Walks every direction of every row. A Cell is made of a call and a ReferenceRow; advance(x)
/// takes it one step on, state(i) is what output 1 + i is the last of.
template <class Cell>
Result<Tensors> run_reference_recurrence(const Call& call) {
  KEEL_TRY(const RecurrentProblem problem, recurrent_problem(call));
  Tensors results = recurrent_results(call, Cell::kStates);
  std::vector<double> x(static_cast<std::size_t>(problem.inputs));
  const auto store = [&](const std::vector<double>& values, Tensor& tensor, std::int64_t at) {
    if (problem.in_double)
      std::ranges::copy(values, tensor.fill<double>().begin() + at);
    else
      std::ranges::transform(values, tensor.fill<float>().begin() + at,
                             [](double value) { return static_cast<float>(value); });
  };
  for (std::int64_t direction = 0; direction < problem.directions; ++direction)
    for (std::int64_t b = 0; b < problem.batch; ++b) {
      Cell cell(call, ReferenceRow(call, problem, direction, b));
      const auto row = static_cast<std::size_t>(b);
      for (std::int64_t i = 0; i < problem.lengths[row]; ++i) {
        const std::int64_t step = problem.step_at(direction, row, i);
        const auto first = static_cast<std::size_t>(step * problem.x_step + b * problem.x_row);
        for (std::size_t k = 0; k < x.size(); ++k) x[k] = number_at(*call.inputs[kX], first + k);
        cell.advance(x);
        store(cell.state(0), results[0],
              step * problem.y_step + direction * problem.y_direction + b * problem.y_row);
      }
      const std::int64_t at = direction * problem.state_direction + b * problem.state_row;
      for (std::size_t i = 0; i < Cell::kStates; ++i) store(cell.state(i), results[1 + i], at);
    }
  results.resize(call.outputs.size());
  return results;
}

template <class Family>
bool is_float_recurrence(const Call& call) {
  return std::holds_alternative<Family>(call.op) &&
         (has_float_sequences(call) || has_double_sequences(call));
}

}  // namespace keel::kernels
