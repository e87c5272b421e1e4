#pragma once

#include <vector>

#include "compiler/kernels/kernel.h"

namespace keel::kernels {

/// Extents and strides (in elements) of a call of an LSTM, GRU or RNN, and what it rounds to.
///
/// The NPU multiplies on the cube and does the rest on the vector unit. With C for call.compute and
/// V for the dtype of the outputs, at each step of each direction:
///
///   - x, w and r are rounded to C (by execute()), and so is what meets r on its way into the cube;
///   - a gate's x w + h r + b accumulates in fp32, b unrounded, and leaves the cube rounded once,
///     to V;
///   - each vector step rounds its result to V;
///   - states are held in V; initial ones and peepholes are rounded to it.
///
/// The vector steps of an LSTM are p * c and adding it, clipping, sigmoid, tanh, 1 - i, f * c, i *
/// g, their sum, o * tanh(c). Those of a GRU are clipping, sigmoid, tanh, 1 - z, (1 - z) * g, z *
/// h, their sum, and r * h, which meets r in the hidden gate; with linear_before_reset that gate
/// leaves the cube as two, x w + b of w and h r + b of r, and the vector unit scales the second by
/// the reset gate and adds them. Those of an RNN are clipping and the activation.
///
/// Roundings follow call.overflow. `clip` bounds what enters an activation, tanh(c) included; c
/// itself is not clipped. A row of the batch ends at its sequence length: y is 0 beyond, y_h and
/// y_c are its last states. The reverse direction starts at the last step of each row.
///
/// \par Source  ONNX LSTM, GRU and RNN of opset 14; the dtypes of the vendor's DynamicRNN (operands
///     and states fp16, bias fp32)
struct RecurrentProblem {
  std::int64_t steps = 0, batch = 0, inputs = 0, hidden = 0;
  std::int64_t gates = 0, directions = 1;
  std::int64_t x_step = 0, x_row = 0;  ///< a row is one of the batch
  std::int64_t y_step = 0, y_row = 0, y_direction = 0;
  std::int64_t state_row = 0, state_direction = 0;
  float clip = 0;                         ///< 0: none
  FloatFormat cube = FloatFormat::F32;    ///< C
  FloatFormat vector = FloatFormat::F32;  ///< V
  bool in_double = false;                 ///< nothing is rounded
  Overflow overflow = Overflow::InfNan;
  ir::Direction direction = ir::Direction::Forward;
  std::vector<std::int64_t> lengths;  ///< steps of each row

  /// The step of x that `direction_index` (0 or 1) comes to as the i-th of row `row`.
  std::int64_t step_at(std::int64_t direction_index, std::size_t row, std::int64_t i) const {
    const bool reversed = direction == ir::Direction::Reverse || direction_index == 1;
    return reversed ? lengths[row] - 1 - i : i;
  }
};

/// Positions of the inputs; the last two are an LSTM's only.
enum RecurrentInput : std::size_t { kX, kW, kR, kB, kLengths, kInitialH, kInitialC, kPeepholes };

/// Whether every input of `call` but the lengths is F32, F16 or BF16.
bool has_float_sequences(const Call& call);
/// Whether it is F64, in which nothing is lowered.
bool has_double_sequences(const Call& call);

/// \pre ir::is_recurrent(call.op), and one of the above
/// \error InvalidModel  a sequence length is negative or beyond the steps of x
Result<RecurrentProblem> recurrent_problem(const Call& call);

/// Zeros, in fp32 or as F64, for y and `states` states, whether or not the call has all of them as
/// outputs.
Tensors recurrent_results(const Call& call, std::size_t states);

/// Input `i`, a state or the peepholes, rounded to V. \pre it is there
Tensor recurrent_vector_input(const Call& call, std::size_t i);

}  // namespace keel::kernels
