#pragma once

#include "compiler/ir/op_field.h"

namespace keel::ir {

enum class Direction : std::uint8_t { Forward, Reverse, Bidirectional };
constexpr std::array kDirectionNames =
    std::to_array<std::string_view>({"forward", "reverse", "bidirectional"});
constexpr const auto& names_of(Direction) { return kDirectionNames; }

/// Long short-term memory with the activations sigmoid, tanh, tanh. Inputs, absent ones from b on
/// allowed:
///
///     x [steps, batch, inputs]              w [directions, 4 hidden, inputs]
///     r [directions, 4 hidden, hidden]      b [directions, 8 hidden], those of w, then those of r
///     sequence_lens i32 [batch]             initial_h, initial_c [directions, batch, hidden]
///     p [directions, 3 hidden]              peepholes of the gates i, o, f
///
/// Rows of w, r and b stand in the order of the gates i, o, f, c. Outputs, of which the node has
/// the first one, two or three: y [steps, directions, batch, hidden], y_h and y_c [directions,
/// batch, hidden]. With `batch_first` the batch is the first axis of x, y and every state.
struct Lstm {
  static constexpr std::string_view kName = "LSTM";
  static constexpr Arity kInputs{3, 8};
  static constexpr Arity kOutputs{1, 3};
  Direction direction = Direction::Forward;
  bool batch_first = false;   ///< ONNX layout=1
  bool input_forget = false;  ///< the forget gate is 1 - i
  float clip = 0;             ///< bounds the argument of every activation to [-clip, clip]; 0: none
  std::int64_t directions() const { return direction == Direction::Bidirectional ? 2 : 1; }
  static constexpr auto fields() {
    return std::tuple(Field{"direction", &Lstm::direction},
                      Field{"batch_first", &Lstm::batch_first},
                      Field{"input_forget", &Lstm::input_forget}, Field{"clip", &Lstm::clip});
  }
  bool operator==(const Lstm&) const = default;
};

enum class RnnActivation : std::uint8_t { Tanh, Relu, Sigmoid };
constexpr std::array kRnnActivationNames =
    std::to_array<std::string_view>({"Tanh", "Relu", "Sigmoid"});
constexpr const auto& names_of(RnnActivation) { return kRnnActivationNames; }

/// Gated recurrent unit with the activations sigmoid and tanh. Inputs as of Lstm without initial_c
/// and p, its 4 and 8 being 3 and 6; rows in the order of the gates z, r, h. Outputs: y, y_h.
struct Gru {
  static constexpr std::string_view kName = "GRU";
  static constexpr Arity kInputs{3, 6};
  static constexpr Arity kOutputs{1, 2};
  Direction direction = Direction::Forward;
  bool batch_first = false;          ///< ONNX layout=1
  bool linear_before_reset = false;  ///< the reset gate scales the product with r and its bias
  float clip = 0;                    ///< as Lstm
  std::int64_t directions() const { return direction == Direction::Bidirectional ? 2 : 1; }
  static constexpr auto fields() {
    return std::tuple(Field{"direction", &Gru::direction}, Field{"batch_first", &Gru::batch_first},
                      Field{"linear_before_reset", &Gru::linear_before_reset},
                      Field{"clip", &Gru::clip});
  }
  bool operator==(const Gru&) const = default;
};

/// Simple recurrence h = f(w x + r h + b). Inputs as of Gru, its 3 and 6 being 1 and 2.
struct Rnn {
  static constexpr std::string_view kName = "RNN";
  static constexpr Arity kInputs{3, 6};
  static constexpr Arity kOutputs{1, 2};
  Direction direction = Direction::Forward;
  RnnActivation activation = RnnActivation::Tanh;
  bool batch_first = false;  ///< ONNX layout=1
  float clip = 0;            ///< as Lstm
  std::int64_t directions() const { return direction == Direction::Bidirectional ? 2 : 1; }
  static constexpr auto fields() {
    return std::tuple(Field{"direction", &Rnn::direction}, Field{"activation", &Rnn::activation},
                      Field{"batch_first", &Rnn::batch_first}, Field{"clip", &Rnn::clip});
  }
  bool operator==(const Rnn&) const = default;
};

}  // namespace keel::ir
