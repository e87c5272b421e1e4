#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/reference_recurrent.h"

// GRU and RNN.

namespace keel::kernels {
namespace {

enum Gate : std::size_t { kUpdate, kReset, kHidden };

class GruCell {
 public:
  static constexpr std::size_t kStates = 1;

  GruCell(const Call& call, ReferenceRow row)
      : op_(std::get<ir::Gru>(call.op)), row_(row), h_(row.initial(kInitialH)) {}

  const std::vector<double>& state(std::size_t) const { return h_; }

  void advance(std::span<const double> x) {
    std::vector<double> reset(h_.size()), kept(h_.size()), new_h(h_.size());
    for (std::size_t j = 0; j < h_.size(); ++j) {
      reset[j] = row_.sigmoid(row_.gate(kReset, x, h_, j));
      kept[j] = row_.round(reset[j] * h_[j]);
    }
    for (std::size_t j = 0; j < h_.size(); ++j) {
      const double z = row_.sigmoid(row_.gate(kUpdate, x, h_, j));
      const double g = row_.tanh(op_.linear_before_reset ? scaled(x, reset[j], j)
                                                         : row_.gate(kHidden, x, kept, j));
      new_h[j] = row_.round(row_.round(row_.round(1 - z) * g) + row_.round(z * h_[j]));
    }
    h_ = new_h;
  }

 private:
  // The hidden gate whose product with r is scaled after it has left the cube.
  double scaled(std::span<const double> x, double reset, std::size_t j) const {
    const double product = row_.round(row_.of_state(kHidden, h_, j));
    return row_.round(row_.round(row_.of_inputs(kHidden, x, j)) + row_.round(reset * product));
  }

  const ir::Gru& op_;
  ReferenceRow row_;
  std::vector<double> h_;
};

class RnnCell {
 public:
  static constexpr std::size_t kStates = 1;

  RnnCell(const Call& call, ReferenceRow row)
      : op_(std::get<ir::Rnn>(call.op)), row_(row), h_(row.initial(kInitialH)) {}

  const std::vector<double>& state(std::size_t) const { return h_; }

  void advance(std::span<const double> x) {
    std::vector<double> new_h(h_.size());
    for (std::size_t j = 0; j < h_.size(); ++j) new_h[j] = activated(row_.gate(0, x, h_, j));
    h_ = new_h;
  }

 private:
  double activated(double value) const {
    switch (op_.activation) {
      case ir::RnnActivation::Tanh:
        return row_.tanh(value);
      case ir::RnnActivation::Sigmoid:
        return row_.sigmoid(value);
      case ir::RnnActivation::Relu: {
        const double bounded = row_.clipped(value);
        return bounded < 0 ? 0 : bounded;  // NaN stays
      }
    }
    KEEL_CHECK(false && "an RnnActivation outside its enumeration");
  }

  const ir::Rnn& op_;
  ReferenceRow row_;
  std::vector<double> h_;
};

}  // namespace

const Kernel kReferenceGru{"reference-gru", is_float_recurrence<ir::Gru>,
                           run_reference_recurrence<GruCell>};
const Kernel kReferenceRnn{"reference-rnn", is_float_recurrence<ir::Rnn>,
                           run_reference_recurrence<RnnCell>};

}  // namespace keel::kernels
