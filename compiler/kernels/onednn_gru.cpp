#include <algorithm>

#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/onednn_recurrence.h"
#include "compiler/kernels/vector_steps.h"

// GRU and RNN.

namespace keel::kernels {
namespace {

constexpr std::int64_t kHiddenGate = 2;  // after the update and the reset gate

class GruDirection {
 public:
  static constexpr std::size_t kStates = 1;

  GruDirection(const Call& call, const RecurrentProblem& problem, std::int64_t direction)
      : op_(std::get<ir::Gru>(call.op)),
        problem_(problem),
        recurrence_(call, problem, direction),
        steps_(problem),
        h_(recurrence_.initial(kInitialH)),
        kept_(h_.size(), 0.0f),
        scratch_(steps_.hidden()) {}

  Status run(Tensors& results) {
    // Scaled by the reset gate, the product of the hidden gate has its bias apart.
    const std::int64_t together = op_.linear_before_reset ? kHiddenGate : problem_.gates;
    KEEL_TRY_STATUS(recurrence_.multiply_inputs(together));
    for (std::int64_t i = 0; i < recurrence_.longest(); ++i) {
      auto rows = recurrence_.rows_at(i);
      KEEL_TRY_STATUS(recurrence_.multiply_state(h_, 0, kHiddenGate, gates_));
      for (const std::size_t b : rows) open_gates(b, i);
      KEEL_TRY_STATUS(recurrence_.multiply_state(op_.linear_before_reset ? h_ : kept_, kHiddenGate,
                                                 1, candidates_));
      for (const std::size_t b : rows) {
        advance(b, i);
        recurrence_.store_step(b, i, h(b), results[0]);
      }
    }
    recurrence_.store_state(h_, results[1]);
    return Done{};
  }

 private:
  float* h(std::size_t row) { return &h_[row * steps_.hidden()]; }
  float* update_gate(std::size_t row) { return &gates_[row * 2 * steps_.hidden()]; }
  float* reset_gate(std::size_t row) { return update_gate(row) + steps_.hidden(); }

  // The update and the reset gate, and what the reset gate keeps of the state.
  void open_gates(std::size_t row, std::int64_t i) {
    const std::size_t both = 2 * steps_.hidden();
    add_products(both, recurrence_.inputs_at(row, i), update_gate(row));
    steps_.round(update_gate(row), both);
    steps_.sigmoid(update_gate(row), update_gate(row));
    steps_.sigmoid(reset_gate(row), reset_gate(row));
    steps_.multiply(reset_gate(row), h(row), &kept_[row * steps_.hidden()]);
  }

  void advance(std::size_t row, std::int64_t i) {
    const std::size_t hidden = steps_.hidden();
    float* g = &candidates_[row * hidden];
    const float* inputs = recurrence_.inputs_at(row, i) + 2 * hidden;
    if (op_.linear_before_reset) {
      if (const float* bias = recurrence_.state_bias(kHiddenGate)) add_products(hidden, bias, g);
      steps_.round(g, hidden);
      steps_.multiply(reset_gate(row), g, g);
      std::copy_n(inputs, hidden, scratch_.data());
      steps_.round(scratch_.data(), hidden);
      steps_.add(scratch_.data(), g, g);
    } else {
      add_products(hidden, inputs, g);
      steps_.round(g, hidden);
    }
    steps_.tanh(g, g);
    float* z = update_gate(row);
    steps_.one_less(z, scratch_.data());
    steps_.multiply(scratch_.data(), g, g);
    steps_.multiply(z, h(row), z);
    steps_.add(g, z, h(row));
  }

  const ir::Gru& op_;
  const RecurrentProblem& problem_;
  Recurrence recurrence_;
  VectorSteps steps_;
  std::vector<float> h_, kept_, gates_, candidates_, scratch_;
};

class RnnDirection {
 public:
  static constexpr std::size_t kStates = 1;

  RnnDirection(const Call& call, const RecurrentProblem& problem, std::int64_t direction)
      : activation_(std::get<ir::Rnn>(call.op).activation),
        recurrence_(call, problem, direction),
        steps_(problem) {}

  Status run(Tensors& results) {
    KEEL_TRY_STATUS(recurrence_.multiply_inputs(1));
    const std::size_t hidden = steps_.hidden();
    std::vector<float> h = recurrence_.initial(kInitialH), products;
    for (std::int64_t i = 0; i < recurrence_.longest(); ++i) {
      KEEL_TRY_STATUS(recurrence_.multiply_state(h, 0, 1, products));
      for (const std::size_t b : recurrence_.rows_at(i)) {
        float* gate = &products[b * hidden];
        add_products(hidden, recurrence_.inputs_at(b, i), gate);
        steps_.round(gate, hidden);
        activate(gate, &h[b * hidden]);
        recurrence_.store_step(b, i, &h[b * hidden], results[0]);
      }
    }
    recurrence_.store_state(h, results[1]);
    return Done{};
  }

 private:
  void activate(const float* x, float* y) {
    switch (activation_) {
      case ir::RnnActivation::Tanh:
        return steps_.tanh(x, y);
      case ir::RnnActivation::Relu:
        return steps_.relu(x, y);
      case ir::RnnActivation::Sigmoid:
        return steps_.sigmoid(x, y);
    }
    KEEL_CHECK(false && "an RnnActivation outside its enumeration");
  }

  ir::RnnActivation activation_;
  Recurrence recurrence_;
  VectorSteps steps_;
};

}  // namespace

const Kernel kOnednnGru{"onednn-gru", has_recurrent_products<ir::Gru>,
                        run_directions<GruDirection>};
const Kernel kOnednnRnn{"onednn-rnn", has_recurrent_products<ir::Rnn>,
                        run_directions<RnnDirection>};

}  // namespace keel::kernels
