#include <algorithm>
#include <cmath>

#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/lstm_problem.h"

// GRU and RNN, with the roundings of lstm_problem.h.

namespace keel::kernels {
namespace {

using State = std::vector<double>;

/// One direction of a call: its weights, and its arithmetic.
class Cell {
 public:
  Cell(const Call& call, const LstmProblem& problem, std::size_t gates, float clip,
       std::int64_t direction)
      : call_(call),
        problem_(problem),
        rows_(gates * static_cast<std::size_t>(problem.hidden)),
        clip_(static_cast<double>(clip)),
        direction_(static_cast<std::size_t>(direction)) {}

  double round(double value) const {
    return static_cast<double>(
        round_to(problem_.vector, call_.overflow, static_cast<float>(value)));
  }
  double clipped(double value) const {
    return clip_ > 0 ? round(std::clamp(value, -clip_, clip_)) : value;
  }
  double sigmoid(double value) const { return round(1 / (1 + std::exp(-clipped(value)))); }
  double tanh(double value) const { return round(std::tanh(clipped(value))); }

  State initial(std::int64_t at) const {
    State h(static_cast<std::size_t>(problem_.hidden), 0.0);
    if (const Tensor* given = optional_input(call_, kInitialH))
      for (std::size_t j = 0; j < h.size(); ++j)
        h[j] = round(static_cast<double>(given->as<float>()[static_cast<std::size_t>(at) + j]));
    return h;
  }

  // Row `row` of w times x, not yet rounded.
  double from_x(std::size_t row, std::span<const float> x) const {
    double sum = 0;
    for (std::size_t k = 0; k < x.size(); ++k)
      sum += static_cast<double>(x[k]) * weight(kW, x.size(), row, k);
    return sum;
  }
  // Row `row` of r times h, which enters the cube.
  double from_h(std::size_t row, const State& h) const {
    double sum = 0;
    for (std::size_t k = 0; k < h.size(); ++k)
      sum +=
          static_cast<double>(round_to(problem_.cube, call_.overflow, static_cast<float>(h[k]))) *
          weight(kR, h.size(), row, k);
    return sum;
  }
  double bias_of_x(std::size_t row) const { return bias(row); }
  double bias_of_h(std::size_t row) const { return bias(rows_ + row); }

  // What leaves the cube.
  double gate(std::size_t row, std::span<const float> x, const State& h) const {
    return round(from_x(row, x) + from_h(row, h) + bias_of_x(row) + bias_of_h(row));
  }

 private:
  double weight(std::size_t input, std::size_t columns, std::size_t row, std::size_t column) const {
    return static_cast<double>(
        call_.inputs[input]->as<float>()[(direction_ * rows_ + row) * columns + column]);
  }
  double bias(std::size_t row) const {
    const Tensor* b = optional_input(call_, kB);
    return b ? static_cast<double>(b->as<float>()[direction_ * 2 * rows_ + row]) : 0.0;
  }

  const Call& call_;
  const LstmProblem& problem_;
  std::size_t rows_;
  double clip_;
  std::size_t direction_;
};

// z, r, h are the rows of the gates: update, reset, candidate.
State next(const ir::Gru& op, const Cell& cell, std::span<const float> x, const State& h) {
  const std::size_t hidden = h.size();
  State z(hidden), reset(hidden), scaled(hidden), result(hidden);
  for (std::size_t j = 0; j < hidden; ++j) {
    z[j] = cell.sigmoid(cell.gate(j, x, h));
    reset[j] = cell.sigmoid(cell.gate(hidden + j, x, h));
    scaled[j] = cell.round(reset[j] * h[j]);
  }
  for (std::size_t j = 0; j < hidden; ++j) {
    const std::size_t row = 2 * hidden + j;
    double candidate = 0;
    if (op.linear_before_reset) {
      const double of_x = cell.round(cell.from_x(row, x) + cell.bias_of_x(row));
      const double of_h = cell.round(cell.from_h(row, h) + cell.bias_of_h(row));
      candidate = cell.tanh(cell.round(of_x + cell.round(reset[j] * of_h)));
    } else {
      candidate = cell.tanh(cell.gate(row, x, scaled));
    }
    result[j] = cell.round(cell.round(cell.round(1 - z[j]) * candidate) + cell.round(z[j] * h[j]));
  }
  return result;
}

State next(const ir::Rnn& op, const Cell& cell, std::span<const float> x, const State& h) {
  State result(h.size());
  for (std::size_t j = 0; j < h.size(); ++j) {
    const double value = cell.gate(j, x, h);
    switch (op.activation) {
      case ir::RnnActivation::Tanh:
        result[j] = cell.tanh(value);
        break;
      case ir::RnnActivation::Relu:
        result[j] = std::max(cell.clipped(value), 0.0);
        break;
      case ir::RnnActivation::Sigmoid:
        result[j] = cell.sigmoid(value);
        break;
    }
  }
  return result;
}

void store(const State& values, Tensor& tensor, std::int64_t at) {
  std::ranges::transform(values, tensor.fill<float>().begin() + at,
                         [](double value) { return static_cast<float>(value); });
}

template <class Family>
bool supports(const Call& call) {
  return std::holds_alternative<Family>(call.op) && has_float_operands(call);
}

template <class Family>
Result<std::vector<Tensor>> run(const Call& call, std::size_t gates) {
  const auto& op = std::get<Family>(call.op);
  const Walk walk = walk_of(call.op);
  KEEL_TRY(const LstmProblem problem, lstm_problem(call));
  std::vector<Tensor> results = lstm_results(call);
  const std::span<const float> x = call.inputs[kX]->as<float>();
  for (std::int64_t direction = 0; direction < walk.directions(); ++direction) {
    const Cell cell(call, problem, gates, op.clip, direction);
    for (std::int64_t row = 0; row < problem.batch; ++row) {
      const std::int64_t at = direction * problem.state_direction + row * problem.state_row;
      State h = cell.initial(at);
      const std::int64_t length = problem.lengths[static_cast<std::size_t>(row)];
      for (std::int64_t i = 0; i < length; ++i) {
        const std::int64_t step = walk.is_reversed(direction) ? length - 1 - i : i;
        h = next(op, cell,
                 x.subspan(static_cast<std::size_t>(step * problem.x_step + row * problem.x_row),
                           static_cast<std::size_t>(problem.inputs)),
                 h);
        store(h, results[0],
              step * problem.y_step + direction * problem.y_direction + row * problem.y_row);
      }
      store(h, results[1], at);
    }
  }
  results.resize(call.outputs.size());
  return results;
}

}  // namespace

const Kernel kReferenceGru{"reference-gru", supports<ir::Gru>,
                           [](const Call& call) { return run<ir::Gru>(call, 3); }};
const Kernel kReferenceRnn{"reference-rnn", supports<ir::Rnn>,
                           [](const Call& call) { return run<ir::Rnn>(call, 1); }};

}  // namespace keel::kernels
