#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/onednn_recurrence.h"
#include "compiler/kernels/vector_steps.h"

namespace keel::kernels {
namespace {

// The vector steps of one row.
class Cell {
 public:
  Cell(const Call& call, const RecurrentProblem& problem, const float* peepholes)
      : op_(std::get<ir::Lstm>(call.op)),
        steps_(problem),
        p_(peepholes),
        scratch_(steps_.hidden()) {}

  // `gates` are i, o, f, c as the accumulator holds them, and are overwritten.
  void advance(float* gates, float* h, float* c) {
    const std::size_t hidden = steps_.hidden();
    float *i = gates, *o = gates + hidden, *f = gates + 2 * hidden, *g = gates + 3 * hidden;
    steps_.round(gates, 4 * hidden);
    add_peephole(i, 0, c);
    steps_.sigmoid(i, i);
    if (op_.input_forget) {
      steps_.one_less(i, f);
    } else {
      add_peephole(f, 2, c);
      steps_.sigmoid(f, f);
    }
    steps_.tanh(g, g);
    steps_.multiply(f, c, f);
    steps_.multiply(i, g, g);
    steps_.add(f, g, c);
    add_peephole(o, 1, c);
    steps_.sigmoid(o, o);
    steps_.tanh(c, h);
    steps_.multiply(o, h, h);
  }

 private:
  void add_peephole(float* gate, std::size_t which, const float* c) {
    if (p_ == nullptr) return;
    steps_.multiply(p_ + which * steps_.hidden(), c, scratch_.data());
    steps_.add(gate, scratch_.data(), gate);
  }

  const ir::Lstm& op_;
  VectorSteps steps_;
  const float* p_;
  std::vector<float> scratch_;
};

class LstmDirection {
 public:
  static constexpr std::size_t kStates = 2;

  LstmDirection(const Call& call, const RecurrentProblem& problem, std::int64_t direction)
      : call_(call), problem_(problem), direction_(direction) {}

  Status run(Tensors& results) const {
    const Tensor* p = optional_input(call_, kPeepholes);
    const Tensor peepholes = p ? recurrent_vector_input(call_, kPeepholes) : Tensor();
    Cell cell(call_, problem_,
              p ? peepholes.as<float>().data() + direction_ * 3 * problem_.hidden : nullptr);
    Recurrence recurrence(call_, problem_, direction_);
    KEEL_TRY_STATUS(recurrence.multiply_inputs(problem_.gates));
    const auto hidden = static_cast<std::size_t>(problem_.hidden);
    std::vector<float> h = recurrence.initial(kInitialH), c = recurrence.initial(kInitialC);
    std::vector<float> gates;
    for (std::int64_t i = 0; i < recurrence.longest(); ++i) {
      KEEL_TRY_STATUS(recurrence.multiply_state(h, 0, problem_.gates, gates));
      for (const std::size_t b : recurrence.rows_at(i)) {
        float* row = &gates[b * 4 * hidden];
        add_products(4 * hidden, recurrence.inputs_at(b, i), row);
        cell.advance(row, &h[b * hidden], &c[b * hidden]);
        recurrence.store_step(b, i, &h[b * hidden], results[0]);
      }
    }
    recurrence.store_state(h, results[1]);
    recurrence.store_state(c, results[2]);
    return Done{};
  }

 private:
  const Call& call_;
  const RecurrentProblem& problem_;
  std::int64_t direction_;
};

}  // namespace

const Kernel kOnednnLstm{"onednn-lstm", has_recurrent_products<ir::Lstm>,
                         run_directions<LstmDirection>};

}  // namespace keel::kernels
