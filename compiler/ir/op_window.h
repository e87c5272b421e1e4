#pragma once

#include "compiler/ir/op_field.h"

namespace keel::ir {

enum class AutoPad : std::uint8_t { NotSet, SameUpper, SameLower, Valid };
constexpr std::array kAutoPadNames =
    std::to_array<std::string_view>({"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"});
constexpr const auto& names_of(AutoPad) { return kAutoPadNames; }

/// N-dimensional convolution. Inputs: x [n, c, spatial...], w [m, c/group, kernel...], bias [m] or
/// none. Empty strides and dilations mean 1, empty pads 0; pads are all begins, then all ends.
struct Conv {
  static constexpr std::string_view kName = "Conv";
  static constexpr Arity kInputs{2, 3};
  Ints strides, dilations, pads;
  std::int64_t group = 1;
  AutoPad auto_pad = AutoPad::NotSet;
  static constexpr auto fields() {
    return std::tuple(Field{"strides", &Conv::strides}, Field{"dilations", &Conv::dilations},
                      Field{"pads", &Conv::pads}, Field{"group", &Conv::group},
                      Field{"auto_pad", &Conv::auto_pad});
  }
  bool operator==(const Conv&) const = default;
};

/// The transpose of a convolution. Inputs: x [n, c, spatial...], w [c, m/group, kernel...], bias
/// [m] or none. Without output_shape the extents are stride * (extent - 1) + output_padding +
/// dilated kernel - pads; with it the pads follow from it.
struct ConvTranspose {
  static constexpr std::string_view kName = "ConvTranspose";
  static constexpr Arity kInputs{2, 3};
  Ints strides, dilations, pads, output_padding, output_shape;
  std::int64_t group = 1;
  AutoPad auto_pad = AutoPad::NotSet;
  static constexpr auto fields() {
    return std::tuple(
        Field{"strides", &ConvTranspose::strides}, Field{"dilations", &ConvTranspose::dilations},
        Field{"pads", &ConvTranspose::pads},
        Field{"output_padding", &ConvTranspose::output_padding},
        Field{"output_shape", &ConvTranspose::output_shape}, Field{"group", &ConvTranspose::group},
        Field{"auto_pad", &ConvTranspose::auto_pad});
  }
  bool operator==(const ConvTranspose&) const = default;
};

enum class PoolKind : std::uint8_t {
  MaxPool,
  AveragePool,
  LpPool,
  GlobalMaxPool,
  GlobalAveragePool,
  GlobalLpPool,
};
constexpr std::array kPoolNames = std::to_array<std::string_view>(
    {"MaxPool", "AveragePool", "LpPool", "GlobalMaxPool", "GlobalAveragePool", "GlobalLpPool"});

constexpr bool is_global(PoolKind kind) { return kind >= PoolKind::GlobalMaxPool; }

/// Pooling over the spatial axes of [n, c, spatial...]. MaxPool may have a second output: for each
/// maximum its i64 offset in all of x, spatial axes in row-major order, or with the first of them
/// fastest (`column_major`).
struct Pool {
  static constexpr Arity kInputs{1, 1};
  static constexpr Arity kOutputs{1, 2};
  PoolKind kind = PoolKind::MaxPool;
  Ints kernel, strides, dilations, pads;
  AutoPad auto_pad = AutoPad::NotSet;
  bool ceil_mode = false;
  bool count_include_pad = false;
  bool column_major = false;  ///< ONNX storage_order=1
  std::int64_t p = 2;         ///< LpPool, GlobalLpPool: the norm
  static constexpr auto fields() {
    return std::tuple(Field{"kernel", &Pool::kernel}, Field{"strides", &Pool::strides},
                      Field{"dilations", &Pool::dilations}, Field{"pads", &Pool::pads},
                      Field{"auto_pad", &Pool::auto_pad}, Field{"ceil_mode", &Pool::ceil_mode},
                      Field{"count_include_pad", &Pool::count_include_pad},
                      Field{"column_major", &Pool::column_major}, Field{"p", &Pool::p});
  }
  bool operator==(const Pool&) const = default;
};

/// Puts x back where MaxPool took it from, 0 elsewhere. Inputs: x, i64 offsets in what was pooled,
/// shape of the result (i64 constant) or none. What was pooled has the extents stride * (extent -
/// 1) + kernel - pads; a larger result holds it at its origin.
struct MaxUnpool {
  static constexpr std::string_view kName = "MaxUnpool";
  static constexpr Arity kInputs{2, 3};
  Ints kernel, strides, pads;
  static constexpr auto fields() {
    return std::tuple(Field{"kernel", &MaxUnpool::kernel}, Field{"strides", &MaxUnpool::strides},
                      Field{"pads", &MaxUnpool::pads});
  }
  bool operator==(const MaxUnpool&) const = default;
};

enum class ResizeMode : std::uint8_t { Nearest, Linear, Cubic };
constexpr std::array kResizeModeNames =
    std::to_array<std::string_view>({"nearest", "linear", "cubic"});
constexpr const auto& names_of(ResizeMode) { return kResizeModeNames; }

enum class ResizeCoordinates : std::uint8_t {
  HalfPixel,
  HalfPixelSymmetric,
  PytorchHalfPixel,
  AlignCorners,
  Asymmetric,
  TfHalfPixelForNn,
  TfCropAndResize,
};
constexpr std::array kResizeCoordinatesNames = std::to_array<std::string_view>(
    {"half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric",
     "tf_half_pixel_for_nn", "tf_crop_and_resize"});
constexpr const auto& names_of(ResizeCoordinates) { return kResizeCoordinatesNames; }

enum class ResizeRounding : std::uint8_t { RoundPreferFloor, RoundPreferCeil, Floor, Ceil };
constexpr std::array kResizeRoundingNames =
    std::to_array<std::string_view>({"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"});
constexpr const auto& names_of(ResizeRounding) { return kResizeRoundingNames; }

enum class AspectPolicy : std::uint8_t { Stretch, NotLarger, NotSmaller };
constexpr std::array kAspectPolicyNames =
    std::to_array<std::string_view>({"stretch", "not_larger", "not_smaller"});
constexpr const auto& names_of(AspectPolicy) { return kAspectPolicyNames; }

/// Resampling. Inputs: x, roi or none (TfCropAndResize only), scales (f32 constant) or none, sizes
/// (i64 constant) or none: one of both is there, with one value for each of `axes` (empty: all).
struct Resize {
  static constexpr std::string_view kName = "Resize";
  static constexpr Arity kInputs{1, 4};
  ResizeMode mode = ResizeMode::Nearest;
  ResizeCoordinates coordinates = ResizeCoordinates::HalfPixel;
  ResizeRounding rounding = ResizeRounding::RoundPreferFloor;
  AspectPolicy aspect = AspectPolicy::Stretch;
  float cubic_a = -0.75f;
  float extrapolation = 0;
  bool exclude_outside = false;
  bool antialias = false;
  Ints axes;
  static constexpr auto fields() {
    return std::tuple(Field{"mode", &Resize::mode}, Field{"coordinates", &Resize::coordinates},
                      Field{"rounding", &Resize::rounding}, Field{"aspect", &Resize::aspect},
                      Field{"cubic_a", &Resize::cubic_a},
                      Field{"extrapolation", &Resize::extrapolation},
                      Field{"exclude_outside", &Resize::exclude_outside},
                      Field{"antialias", &Resize::antialias}, Field{"axes", &Resize::axes});
  }
  bool operator==(const Resize&) const = default;
};

enum class GridPadding : std::uint8_t { Zeros, Border, Reflection };
constexpr std::array kGridPaddingNames =
    std::to_array<std::string_view>({"zeros", "border", "reflection"});
constexpr const auto& names_of(GridPadding) { return kGridPaddingNames; }

/// Inputs: x [n, c, h, w], grid [n, out h, out w, 2] of (x, y) in [-1, 1].
struct GridSample {
  static constexpr std::string_view kName = "GridSample";
  static constexpr Arity kInputs{2, 2};
  ResizeMode mode = ResizeMode::Linear;
  GridPadding padding = GridPadding::Zeros;
  bool align_corners = false;
  static constexpr auto fields() {
    return std::tuple(Field{"mode", &GridSample::mode}, Field{"padding", &GridSample::padding},
                      Field{"align_corners", &GridSample::align_corners});
  }
  bool operator==(const GridSample&) const = default;
};

/// Inputs: x [n, c, h, w], boxes [r, 4] (x1, y1, x2, y2), batch_indices i64 [r].
struct RoiAlign {
  static constexpr std::string_view kName = "RoiAlign";
  static constexpr Arity kInputs{3, 3};
  bool max = false;         ///< mode "max"; else the mean of the samples
  bool half_pixel = false;  ///< boxes are shifted by half a pixel (opset 16)
  std::int64_t height = 1, width = 1, sampling_ratio = 0;
  float spatial_scale = 1;
  static constexpr auto fields() {
    return std::tuple(Field{"max", &RoiAlign::max}, Field{"half_pixel", &RoiAlign::half_pixel},
                      Field{"height", &RoiAlign::height}, Field{"width", &RoiAlign::width},
                      Field{"sampling_ratio", &RoiAlign::sampling_ratio},
                      Field{"spatial_scale", &RoiAlign::spatial_scale});
  }
  bool operator==(const RoiAlign&) const = default;
};

}  // namespace keel::ir
