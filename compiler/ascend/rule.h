#pragma once

#include <cstdint>
#include <string_view>

#include "compiler/ascend/certainty.h"

namespace keel::ascend {

/// A rule that took part in deciding the dtype of an operator. kRules in rule.cpp has the text, the
/// source and the certainty of each.
enum class Rule : std::uint8_t {
  OriginFp32,
  // Whose word counts.
  CustomizedDtypes,
  ExecutionFp32,
  ExecutionHf32,
  OnKeepList,
  KeepListIgnored,
  CubeByType,
  OtherByType,
  // What the mode wants.
  WantsReduced,
  WantsFp16InFp32Out,
  WantsFp32,
  WantsOrigin,
  White,
  Black,
  Gray,
  GrayFollows,
  GrayLeads,
  // What the kernels allow.
  NoReducedKernel,
  NoFp32Kernel,
  Bf16KernelAssumed,
  TakesFp32,
  TakesFp16,
  TakesBf16,
  Fp16OutOnly,
  ToAiCpu,
  FailsToCompile,
  // What the cube does with fp32.
  CubeComputesFp16,
  CubeComputesHf32,
  KeptConvMayFail,
};

/// What is known of a rule.
struct RuleText {
  Rule rule;
  std::string_view text;    ///< what it says, lower case, no full stop
  std::string_view source;  ///< where it is from
  Certainty certainty;
};

const RuleText& describe(Rule rule);

}  // namespace keel::ascend
