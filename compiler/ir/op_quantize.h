#pragma once

#include "compiler/ir/op_field.h"
#include "compiler/ir/op_window.h"

namespace keel::ir {

/// y = saturate(round(x / scale) + zero point), to even. Inputs: x, scale, zero point or none (u8).
struct QuantizeLinear {
  static constexpr std::string_view kName = "QuantizeLinear";
  static constexpr Arity kInputs{2, 3};
  std::int64_t axis = 1;
  static constexpr auto fields() { return std::tuple(Field{"axis", &QuantizeLinear::axis}); }
  bool operator==(const QuantizeLinear&) const = default;
};

/// y = (x - zero point) scale. Inputs: x, scale, zero point or none.
struct DequantizeLinear {
  static constexpr std::string_view kName = "DequantizeLinear";
  static constexpr Arity kInputs{2, 3};
  std::int64_t axis = 1;
  static constexpr auto fields() { return std::tuple(Field{"axis", &DequantizeLinear::axis}); }
  bool operator==(const DequantizeLinear&) const = default;
};

/// u8 over the range of x, which is widened to hold 0. Outputs: y, scale, zero point.
struct DynamicQuantizeLinear {
  static constexpr std::string_view kName = "DynamicQuantizeLinear";
  static constexpr Arity kInputs{1, 1};
  static constexpr Arity kOutputs{3, 3};
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const DynamicQuantizeLinear&) const = default;
};

/// Inputs: a, b (i8 or u8), their zero points or none; i32 result.
struct MatMulInteger {
  static constexpr std::string_view kName = "MatMulInteger";
  static constexpr Arity kInputs{2, 4};
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const MatMulInteger&) const = default;
};

/// Inputs: x, w (i8 or u8), their zero points or none; i32 result. Attributes as of Conv.
struct ConvInteger {
  static constexpr std::string_view kName = "ConvInteger";
  static constexpr Arity kInputs{2, 4};
  Ints strides;
  Ints dilations;
  Ints pads;
  std::int64_t group = 1;
  AutoPad auto_pad = AutoPad::NotSet;
  static constexpr auto fields() {
    return std::tuple(Field{"strides", &ConvInteger::strides},
                      Field{"dilations", &ConvInteger::dilations},
                      Field{"pads", &ConvInteger::pads}, Field{"group", &ConvInteger::group},
                      Field{"auto_pad", &ConvInteger::auto_pad});
  }
  bool operator==(const ConvInteger&) const = default;
};

/// Inputs: a, its scale and zero point, b, its two, scale and zero point of the result.
struct QLinearMatMul {
  static constexpr std::string_view kName = "QLinearMatMul";
  static constexpr Arity kInputs{8, 8};
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const QLinearMatMul&) const = default;
};

/// Inputs: x, its scale and zero point, w, its two, scale and zero point of the result, i32 bias or
/// none. Attributes as of Conv.
struct QLinearConv {
  static constexpr std::string_view kName = "QLinearConv";
  static constexpr Arity kInputs{8, 9};
  Ints strides;
  Ints dilations;
  Ints pads;
  std::int64_t group = 1;
  AutoPad auto_pad = AutoPad::NotSet;
  static constexpr auto fields() {
    return std::tuple(Field{"strides", &QLinearConv::strides},
                      Field{"dilations", &QLinearConv::dilations},
                      Field{"pads", &QLinearConv::pads}, Field{"group", &QLinearConv::group},
                      Field{"auto_pad", &QLinearConv::auto_pad});
  }
  bool operator==(const QLinearConv&) const = default;
};

}  // namespace keel::ir
