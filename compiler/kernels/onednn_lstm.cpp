#include <algorithm>

#include "compiler/base/wide.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/lstm_problem.h"
#include "compiler/kernels/onednn_product.h"
#include "compiler/kernels/vector_math.h"

// The product with x is formed for all steps at once, that with h for all rows of a step.

namespace keel::kernels {
namespace {

// oneDNN takes no operand without elements.
bool supports(const Call& call) {
  return std::holds_alternative<ir::Lstm>(call.op) && has_float_operands(call) &&
         call.inputs[kX]->size() > 0 && call.inputs[kR]->size() > 0;
}

template <class F>
KEEL_WIDE void map(std::size_t count, const float* a, const float* b, float* y, F f) {
  for (std::size_t i = 0; i < count; ++i) y[i] = f(a[i], b[i]);
}

// The vector steps of one row.
class Cell {
 public:
  Cell(const Call& call, const LstmProblem& problem, const float* peepholes)
      : op_(std::get<ir::Lstm>(call.op)),
        format_(problem.vector),
        overflow_(call.overflow),
        hidden_(static_cast<std::size_t>(problem.hidden)),
        p_(peepholes),
        scratch_(hidden_) {}

  // `gates` are i, o, f, c as the accumulator holds them, and are overwritten.
  void advance(float* gates, float* h, float* c) {
    float *i = gates, *o = gates + hidden_, *f = gates + 2 * hidden_, *g = gates + 3 * hidden_;
    round_in_place(format_, overflow_, {gates, 4 * hidden_});
    add_peephole(i, 0, c);
    sigmoid(i);
    if (op_.input_forget) {
      apply(i, i, f, [](float a, float) { return 1 - a; });
    } else {
      add_peephole(f, 2, c);
      sigmoid(f);
    }
    tanh(g, g);
    multiply(f, c, f);
    multiply(i, g, g);
    apply(f, g, c, [](float a, float b) { return a + b; });
    add_peephole(o, 1, c);
    sigmoid(o);
    tanh(c, h);
    multiply(o, h, h);
  }

 private:
  template <class F>
  void apply(const float* a, const float* b, float* y, F f) {
    map(hidden_, a, b, y, f);
    round_in_place(format_, overflow_, {y, hidden_});
  }
  void multiply(const float* a, const float* b, float* y) {
    apply(a, b, y, [](float x, float z) { return x * z; });
  }
  void add_peephole(float* gate, std::size_t which, const float* c) {
    if (p_ == nullptr) return;
    multiply(p_ + which * hidden_, c, scratch_.data());
    apply(gate, scratch_.data(), gate, [](float a, float b) { return a + b; });
  }
  // Returns `x`, or its clipped copy.
  const float* clipped(const float* x) {
    if (op_.clip == 0) return x;
    apply(x, x, scratch_.data(), [bound = op_.clip](float a, float) {
      a = a < -bound ? -bound : a;
      return a > bound ? bound : a;
    });
    return scratch_.data();
  }
  void sigmoid(float* gate) {
    apply(clipped(gate), gate, gate,
          [](float a, float) { return static_cast<float>(sigmoid_of(a)); });
  }
  void tanh(const float* x, float* y) {
    apply(clipped(x), x, y, [](float a, float) { return static_cast<float>(tanh_of(a)); });
  }

  const ir::Lstm& op_;
  FloatFormat format_;
  Overflow overflow_;
  std::size_t hidden_;
  const float* p_;
  std::vector<float> scratch_;
};

// One direction, all rows of the batch side by side.
class Direction {
 public:
  Direction(const Call& call, const LstmProblem& problem, std::int64_t direction)
      : call_(call),
        problem_(problem),
        direction_(direction),
        hidden_(static_cast<std::size_t>(problem.hidden)),
        rows_(static_cast<std::size_t>(problem.batch)),
        h_(initial(kInitialH)),
        c_(initial(kInitialC)),
        gates_(rows_ * 4 * hidden_) {}

  Status run(std::vector<Tensor>& results) {
    KEEL_TRY_STATUS(multiply_inputs());
    const Tensor* p = optional_input(call_, kPeepholes);
    const Tensor peepholes = p ? lstm_vector_input(call_, kPeepholes) : Tensor();
    Cell cell(call_, problem_,
              p ? peepholes.as<float>().data() + direction_ * 3 * problem_.hidden : nullptr);
    const std::int64_t longest = std::ranges::max(problem_.lengths);
    float* y = results[0].fill<float>().data() + direction_ * problem_.y_direction;
    for (std::int64_t i = 0; i < longest; ++i) {
      KEEL_TRY_STATUS(multiply_states());
      for (std::size_t b = 0; b < rows_; ++b) {
        if (i >= problem_.lengths[b]) continue;
        const std::int64_t step = step_of(b, i);
        add_inputs(b, step);
        cell.advance(&gates_[b * 4 * hidden_], &h_[b * hidden_], &c_[b * hidden_]);
        std::copy_n(&h_[b * hidden_], hidden_,
                    y + step * problem_.y_step + static_cast<std::int64_t>(b) * problem_.y_row);
      }
    }
    store(h_, results[1]);
    store(c_, results[2]);
    return Done{};
  }

 private:
  std::int64_t state_at(std::size_t b) const {
    return direction_ * problem_.state_direction +
           static_cast<std::int64_t>(b) * problem_.state_row;
  }

  std::vector<float> initial(std::size_t input) const {
    std::vector<float> state(rows_ * hidden_, 0.0f);
    if (!optional_input(call_, input)) return state;
    const Tensor given = lstm_vector_input(call_, input);
    for (std::size_t b = 0; b < rows_; ++b)
      std::copy_n(given.as<float>().data() + state_at(b), hidden_, &state[b * hidden_]);
    return state;
  }

  void store(const std::vector<float>& state, Tensor& tensor) const {
    for (std::size_t b = 0; b < rows_; ++b)
      std::copy_n(&state[b * hidden_], hidden_, tensor.fill<float>().data() + state_at(b));
  }

  std::int64_t step_of(std::size_t b, std::int64_t i) const {
    const bool reversed = walk_of(call_.op).is_reversed(direction_);
    return reversed ? problem_.lengths[b] - 1 - i : i;
  }

  // Weights of this direction, `columns` wide.
  const float* weights(std::size_t input, std::int64_t columns) const {
    return call_.inputs[input]->as<float>().data() + direction_ * 4 * problem_.hidden * columns;
  }

  // Both halves of the bias in one.
  std::vector<float> bias() const {
    std::vector<float> sum(4 * hidden_, 0.0f);
    if (!optional_input(call_, kB)) return sum;
    const float* b = weights(kB, 2);
    for (std::size_t j = 0; j < sum.size(); ++j) sum[j] = b[j] + b[sum.size() + j];
    return sum;
  }

  Status multiply_inputs() {
    const std::int64_t rows = problem_.steps * problem_.batch;
    inputs_.resize(static_cast<std::size_t>(rows) * 4 * hidden_);
    const std::vector<float> addend = bias();
    return onednn::multiply({1, rows, problem_.inputs, 4 * problem_.hidden, false, true, true},
                            call_.inputs[kX]->as<float>().data(), weights(kW, problem_.inputs),
                            addend.data(), inputs_.data());
  }

  Status multiply_states() {
    const std::vector<float>* h = &h_;
    if (problem_.cube != problem_.vector) {
      operand_ = h_;
      round_in_place(problem_.cube, call_.overflow, operand_);
      h = &operand_;
    }
    return onednn::multiply(
        {1, problem_.batch, problem_.hidden, 4 * problem_.hidden, false, true, false}, h->data(),
        weights(kR, problem_.hidden), nullptr, gates_.data());
  }

  void add_inputs(std::size_t b, std::int64_t step) {
    const std::int64_t at = step * problem_.x_step + static_cast<std::int64_t>(b) * problem_.x_row;
    float* gates = &gates_[b * 4 * hidden_];
    map(4 * hidden_, gates, &inputs_[static_cast<std::size_t>(at / problem_.inputs) * 4 * hidden_],
        gates, [](float a, float z) { return a + z; });
  }

  const Call& call_;
  const LstmProblem& problem_;
  std::int64_t direction_;
  std::size_t hidden_, rows_;
  std::vector<float> h_, c_;
  std::vector<float> gates_;    // a step: [rows, 4 hidden]
  std::vector<float> inputs_;   // x w + b of every step, rows in the order of x
  std::vector<float> operand_;  // h in the format of the cube
};

Result<std::vector<Tensor>> run(const Call& call) {
  KEEL_TRY(const LstmProblem problem, lstm_problem(call));
  std::vector<Tensor> results = lstm_results(call);
  for (std::int64_t d = 0; d < std::get<ir::Lstm>(call.op).directions(); ++d) {
    KEEL_TRY_STATUS(Direction(call, problem, d).run(results));
  }
  results.resize(call.outputs.size());
  return results;
}

}  // namespace

const Kernel kOnednnLstm{"onednn-lstm", supports, run};

}  // namespace keel::kernels
