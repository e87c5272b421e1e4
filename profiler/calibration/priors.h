#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "compiler/ascend/timing_parameters.h"

namespace keel::calibration {

/// What a parameter is fitted on.
enum class Fitted : std::uint8_t {
  Operators910B2,  ///< kernel times of single operators
  Networks310P3,   ///< times of whole compiled models
};

/// What is known of a parameter before any case.
struct Prior {
  double value;  ///< what data sheets, instruction timing or single measurements say
  double width;  ///< how far the logarithm may go from that before it costs; 0: it stays
  std::string_view why_fixed = {};  ///< why it stays, one sentence
};

/// A parameter of the timing model that a fit may move, in its logarithm.
struct FittedParameter {
  std::string_view name;  ///< of its field in ascend::TimingParameters
  double ascend::TimingParameters::*field;
  double most;  ///< largest value: 1 of a share
  std::string_view unit;
  Prior operators;
  Prior networks;

  const Prior& prior(Fitted fitted) const {
    return fitted == Fitted::Operators910B2 ? operators : networks;
  }
};
std::span<const FittedParameter> fitted_parameters();

}  // namespace keel::calibration
