#include <algorithm>
#include <array>
#include <cmath>

#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/lstm_problem.h"

namespace keel::kernels {
namespace {

constexpr std::size_t kInput = 0, kOutput = 1, kForget = 2, kCell = 3, kGates = 4;

// One row of the batch on its way through one direction.
class Row {
 public:
  Row(const Call& call, const LstmProblem& problem, std::int64_t direction, std::int64_t row)
      : call_(call), op_(std::get<ir::Lstm>(call.op)), problem_(problem), direction_(direction) {
    const std::int64_t at = direction * problem.state_direction + row * problem.state_row;
    h_ = state(kInitialH, at);
    c_ = state(kInitialC, at);
  }

  const std::vector<double>& h() const { return h_; }
  const std::vector<double>& c() const { return c_; }

  void advance(std::span<const float> x) {
    std::vector<double> new_h(h_.size());
    for (std::size_t j = 0; j < h_.size(); ++j) {
      const double i = sigmoid(with_peephole(gate(kInput, x, j), 0, j, c_[j]));
      const double f = op_.input_forget ? round(1 - i)
                                        : sigmoid(with_peephole(gate(kForget, x, j), 2, j, c_[j]));
      const double g = tanh(gate(kCell, x, j));
      const double c = round(round(f * c_[j]) + round(i * g));
      const double o = sigmoid(with_peephole(gate(kOutput, x, j), 1, j, c));
      c_[j] = c;
      new_h[j] = round(o * tanh(c));
    }
    h_ = new_h;
  }

 private:
  double round(double value) const {
    return static_cast<double>(
        round_to(problem_.vector, call_.overflow, static_cast<float>(value)));
  }
  double clipped(double value) const {
    const auto bound = static_cast<double>(op_.clip);
    return bound > 0 ? round(std::clamp(value, -bound, bound)) : value;
  }
  double sigmoid(double value) const { return round(1 / (1 + std::exp(-clipped(value)))); }
  double tanh(double value) const { return round(std::tanh(clipped(value))); }

  std::vector<double> state(std::size_t input, std::int64_t at) const {
    std::vector<double> values(static_cast<std::size_t>(problem_.hidden), 0.0);
    if (const Tensor* initial = optional_input(call_, input))
      for (std::size_t j = 0; j < values.size(); ++j)
        values[j] =
            round(static_cast<double>(initial->as<float>()[static_cast<std::size_t>(at) + j]));
    return values;
  }

  // Element `column` of row `row` of this direction of a weight.
  double weight(std::size_t input, std::size_t rows, std::size_t columns, std::size_t row,
                std::size_t column) const {
    const std::size_t at = (static_cast<std::size_t>(direction_) * rows + row) * columns + column;
    return static_cast<double>(call_.inputs[input]->as<float>()[at]);
  }

  // What leaves the cube.
  double gate(std::size_t which, std::span<const float> x, std::size_t j) const {
    const std::size_t hidden = h_.size();
    const std::size_t rows = kGates * hidden;
    const std::size_t row = which * hidden + j;
    double sum = 0;
    if (optional_input(call_, kB))
      sum = weight(kB, 2 * rows, 1, row, 0) + weight(kB, 2 * rows, 1, rows + row, 0);
    for (std::size_t k = 0; k < x.size(); ++k)
      sum += static_cast<double>(x[k]) * weight(kW, rows, x.size(), row, k);
    for (std::size_t k = 0; k < hidden; ++k) {
      const float h = round_to(problem_.cube, call_.overflow, static_cast<float>(h_[k]));
      sum += static_cast<double>(h) * weight(kR, rows, hidden, row, k);
    }
    return round(sum);
  }

  double with_peephole(double value, std::size_t which, std::size_t j, double c) const {
    if (!optional_input(call_, kPeepholes)) return value;
    const std::size_t hidden = h_.size();
    const double p = round(weight(kPeepholes, 3 * hidden, 1, which * hidden + j, 0));
    return round(value + round(p * c));
  }

  const Call& call_;
  const ir::Lstm& op_;
  const LstmProblem& problem_;
  std::int64_t direction_;
  std::vector<double> h_, c_;
};

void store(const std::vector<double>& values, Tensor& tensor, std::int64_t at) {
  std::ranges::transform(values, tensor.fill<float>().begin() + at,
                         [](double value) { return static_cast<float>(value); });
}

bool supports(const Call& call) {
  return std::holds_alternative<ir::Lstm>(call.op) && has_float_operands(call);
}

Result<std::vector<Tensor>> run(const Call& call) {
  const auto& op = std::get<ir::Lstm>(call.op);
  KEEL_TRY(const LstmProblem problem, lstm_problem(call));
  std::vector<Tensor> results = lstm_results(call);
  const std::span<const float> x = call.inputs[kX]->as<float>();
  for (std::int64_t direction = 0; direction < op.directions(); ++direction)
    for (std::int64_t b = 0; b < problem.batch; ++b) {
      Row row(call, problem, direction, b);
      const std::int64_t length = problem.lengths[static_cast<std::size_t>(b)];
      for (std::int64_t i = 0; i < length; ++i) {
        const std::int64_t step = walk_of(call.op).is_reversed(direction) ? length - 1 - i : i;
        row.advance(x.subspan(static_cast<std::size_t>(step * problem.x_step + b * problem.x_row),
                              static_cast<std::size_t>(problem.inputs)));
        store(row.h(), results[0],
              step * problem.y_step + direction * problem.y_direction + b * problem.y_row);
      }
      const std::int64_t at = direction * problem.state_direction + b * problem.state_row;
      store(row.h(), results[1], at);
      store(row.c(), results[2], at);
    }
  results.resize(call.outputs.size());
  return results;
}

}  // namespace

const Kernel kReferenceLstm{"reference-lstm", supports, run};

}  // namespace keel::kernels
