#pragma once

#include <vector>

#include "compiler/kernels/kernel.h"

namespace keel::kernels {

/// The way a recurrent operator walks.
struct Walk {
  ir::Direction direction = ir::Direction::Forward;
  bool batch_first = false;
  std::int64_t directions() const { return direction == ir::Direction::Bidirectional ? 2 : 1; }
  /// Whether `index` (0 or 1) of the directions goes from the last step to the first.
  bool is_reversed(std::int64_t index) const {
    return direction == ir::Direction::Reverse || index == 1;
  }
};

/// \pre `op` is an LSTM, GRU or RNN
Walk walk_of(const ir::Op& op);

/// Extents and strides (in elements) of an LSTM, GRU or RNN call, and what it rounds to.
///
/// The NPU multiplies on the cube and does the rest on the vector unit. With C for call.compute and
/// V for the dtype of the outputs, at each step of each direction:
///
///   - x, w and r are rounded to C (by execute()), and so is h on its way into the cube;
///   - a gate's x w + h r + b accumulates in fp32, b unrounded, and leaves the cube rounded once,
///     to V;
///   - each vector step rounds its result to V: p * c and adding it, clipping, sigmoid, tanh,
///     1 - i, f * c, i * g, their sum, o * tanh(c);
///   - h and c are held in V; initial ones and p are rounded to it.
///
/// Roundings follow call.overflow. `clip` bounds what enters an activation, tanh(c) included; c
/// itself is not clipped. A row of the batch ends at its sequence length: y is 0 beyond, y_h and
/// y_c are its last states. The reverse direction starts at the last step of each row.
///
/// \par Source  ONNX LSTM of opset 14; the dtypes of the vendor's DynamicRNN (operands and states
///     fp16, bias fp32)
///
/// A GRU and an RNN round likewise: what leaves the cube, each vector step, and the state to V. A
/// GRU's r * h, where it is what the cube multiplies, is rounded to V and then to C.
struct LstmProblem {
  std::int64_t steps = 0, batch = 0, inputs = 0, hidden = 0;
  std::int64_t x_step = 0, x_row = 0;  ///< a row is one of the batch
  std::int64_t y_step = 0, y_row = 0, y_direction = 0;
  std::int64_t state_row = 0, state_direction = 0;
  FloatFormat cube = FloatFormat::F32;    ///< C
  FloatFormat vector = FloatFormat::F32;  ///< V
  std::vector<std::int64_t> lengths;      ///< steps of each row
};

/// Positions of the inputs of an LSTM; a GRU and an RNN have those up to kInitialH.
constexpr std::size_t kX = 0, kW = 1, kR = 2, kB = 3, kLengths = 4, kInitialH = 5, kInitialC = 6,
                      kPeepholes = 7;

/// Whether the operands of a recurrent `call` are F32, F16 and BF16.
bool has_float_operands(const Call& call);

/// \pre has_float_operands(call)
/// \error InvalidModel  a sequence length is negative or beyond the steps of x
Result<LstmProblem> lstm_problem(const Call& call);

/// Zeros in fp32 for y, y_h and y_c, whether or not the operator and the call have all of them.
std::vector<Tensor> lstm_results(const Call& call);

/// Input `i`, a state or the peepholes, rounded to V. \pre it is there
Tensor lstm_vector_input(const Call& call, std::size_t i);

}  // namespace keel::kernels
