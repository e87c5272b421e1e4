#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/reference_recurrent.h"

namespace keel::kernels {
namespace {

enum Gate : std::size_t { kInput, kOutput, kForget, kCell };

class Cell {
 public:
  static constexpr std::size_t kStates = 2;

  Cell(const Call& call, ReferenceRow row)
      : op_(std::get<ir::Lstm>(call.op)),
        row_(row),
        h_(row.initial(kInitialH)),
        c_(row.initial(kInitialC)) {}

  const std::vector<double>& state(std::size_t i) const { return i == 0 ? h_ : c_; }

  void advance(std::span<const double> x) {
    std::vector<double> new_h(h_.size());
    for (std::size_t j = 0; j < h_.size(); ++j) {
      const auto gate = [&](Gate which) { return row_.gate(which, x, h_, j); };
      const double i = row_.sigmoid(with_peephole(gate(kInput), 0, j, c_[j]));
      const double f = op_.input_forget ? row_.round(1 - i)
                                        : row_.sigmoid(with_peephole(gate(kForget), 2, j, c_[j]));
      const double g = row_.tanh(gate(kCell));
      const double c = row_.round(row_.round(f * c_[j]) + row_.round(i * g));
      const double o = row_.sigmoid(with_peephole(gate(kOutput), 1, j, c));
      c_[j] = c;
      new_h[j] = row_.round(o * row_.tanh(c));
    }
    h_ = new_h;
  }

 private:
  double with_peephole(double value, std::size_t which, std::size_t j, double c) const {
    if (!row_.has(kPeepholes)) return value;
    const std::size_t hidden = h_.size();
    const double p = row_.round(row_.weight(kPeepholes, 3 * hidden, 1, which * hidden + j, 0));
    return row_.round(value + row_.round(p * c));
  }

  const ir::Lstm& op_;
  ReferenceRow row_;
  std::vector<double> h_, c_;
};

}  // namespace

const Kernel kReferenceLstm{"reference-lstm", is_float_recurrence<ir::Lstm>,
                            run_reference_recurrence<Cell>};

}  // namespace keel::kernels
