#pragma once

#include "compiler/ir/op_field.h"

namespace keel::ir {

enum class WindowKind : std::uint8_t { HannWindow, HammingWindow, BlackmanWindow };
constexpr std::array kWindowNames =
    std::to_array<std::string_view>({"HannWindow", "HammingWindow", "BlackmanWindow"});

/// Inputs: size (i32 or i64 constant). Values of `dtype`.
struct SignalWindow {
  static constexpr Arity kInputs{1, 1};
  WindowKind kind = WindowKind::HannWindow;
  bool periodic = true;
  DType dtype = DType::F32;
  static constexpr auto fields() {
    return std::tuple(Field{"periodic", &SignalWindow::periodic},
                      Field{"dtype", &SignalWindow::dtype});
  }
  bool operator==(const SignalWindow&) const = default;
};

/// Discrete Fourier transform along `axis` of x [..., 1 or 2] (real, or real and imaginary).
/// Inputs: x, length (constant) or none, axis (constant, opset 20) or none.
struct Dft {
  static constexpr std::string_view kName = "DFT";
  static constexpr Arity kInputs{1, 3};
  std::int64_t axis = 1;
  bool inverse = false;
  bool onesided = false;
  static constexpr auto fields() {
    return std::tuple(Field{"axis", &Dft::axis}, Field{"inverse", &Dft::inverse},
                      Field{"onesided", &Dft::onesided});
  }
  bool operator==(const Dft&) const = default;
};

/// Short-time Fourier transform. Inputs: signal [batch, length, 1 or 2], step (constant), window or
/// none, frame length (constant) or none. Result [batch, frames, bins, 2].
struct Stft {
  static constexpr std::string_view kName = "STFT";
  static constexpr Arity kInputs{2, 4};
  bool onesided = true;
  static constexpr auto fields() { return std::tuple(Field{"onesided", &Stft::onesided}); }
  bool operator==(const Stft&) const = default;
};

/// Inputs, all constants of one element: mel bins, DFT length, sample rate, lower and upper edge in
/// Hz. Result [DFT length / 2 + 1, mel bins].
struct MelWeightMatrix {
  static constexpr std::string_view kName = "MelWeightMatrix";
  static constexpr Arity kInputs{5, 5};
  DType dtype = DType::F32;
  static constexpr auto fields() { return std::tuple(Field{"dtype", &MelWeightMatrix::dtype}); }
  bool operator==(const MelWeightMatrix&) const = default;
};

}  // namespace keel::ir
