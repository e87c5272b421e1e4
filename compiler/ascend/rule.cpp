#include "compiler/ascend/rule.h"

#include <algorithm>
#include <array>

#include "compiler/base/check.h"

namespace keel::ascend {
namespace {

constexpr auto kRules = [] {
  using enum Rule;
  using enum Certainty;
  constexpr std::string_view kModes = "documentation of --precision_mode";
  constexpr std::string_view kModeCode = "vendor source, precision selection";
  constexpr std::string_view kKeep = "documentation and vendor source of --keep_dtype";
  constexpr std::string_view kTypes = "configs/ascend/op_info.json";
  return std::array{
      RuleText{OriginFp32, "the model computes it in fp32", "the model", Documented},
      RuleText{CustomizedDtypes, "its dtypes are given, which wins over the keep list",
               "documentation of --customize_dtypes", Documented},
      RuleText{ExecutionFp32, "enable_float_32_execution: it stays in fp32",
               "documentation of --op_precision_mode", Documented},
      RuleText{ExecutionHf32, "enable_hi_float_32_execution: it multiplies in HF32",
               "documentation of --op_precision_mode", Documented},
      RuleText{OnKeepList, "kept: it has its own dtype, may be raised and not reduced", kKeep,
               Code},
      RuleText{KeepListIgnored, "the keep list has no effect under this mode", kKeep, Documented},
      RuleText{CubeByType, "its type is on the vendor's list of matrix operators", kModeCode, Code},
      RuleText{OtherByType, "its type is not on the vendor's list of matrix operators", kModeCode,
               Code},
      RuleText{WantsReduced, "the mode wants the reduced dtype", kModes, Documented},
      RuleText{WantsFp16InFp32Out, "the mode wants fp16 operands and an fp32 result", kModes,
               Documented},
      RuleText{WantsFp32, "the mode wants fp32", kModes, Documented},
      RuleText{WantsOrigin, "the mode wants the dtype of the model", kModes, Documented},
      RuleText{White, "white-listed: it gets the reduced dtype", kTypes, Documented},
      RuleText{Black, "black-listed: it keeps its dtype", kTypes, Documented},
      RuleText{Gray, "gray-listed: it goes with its predecessor", kTypes, Documented},
      RuleText{GrayFollows, "its first data predecessor, Casts skipped, decides", kModeCode, Code},
      RuleText{GrayLeads, "without a predecessor it is treated as under allow_fp32_to_fp16",
               kModeCode, Code},
      RuleText{NoReducedKernel, "it has no kernel of the reduced dtype", kTypes, Documented},
      RuleText{NoFp32Kernel, "it has no fp32 kernel", kTypes, Documented},
      RuleText{Bf16KernelAssumed,
               "a bf16 kernel is assumed beside its fp32 one: the table is older than bf16 on the "
               "vector unit",
               kTypes, Open},
      RuleText{TakesFp32, "so it takes fp32", kModes, Documented},
      RuleText{TakesFp16, "so it takes fp16", kModes, Documented},
      RuleText{TakesBf16, "so it takes bf16", kModes, Documented},
      RuleText{Fp16OutOnly, "the cube hands out fp16 only", "platform_config Intrinsic_mmad",
               Documented},
      RuleText{ToAiCpu, "so the AI CPU computes it in fp32, if it has a kernel", kModes, Open},
      RuleText{FailsToCompile,
               "so the compile fails, for the AI CPU has no kernel of a matrix operator", kModes,
               Inferred},
      RuleText{CubeComputesFp16, "the cube has no fp32: it multiplies in fp16 between fp32 edges",
               "platform_config Intrinsic_mmad", Documented},
      RuleText{CubeComputesHf32, "--allow_hf32: the cube multiplies in HF32",
               "documentation of --allow_hf32", Documented},
      RuleText{KeptConvMayFail,
               "users report that a convolution kept in fp32 does not compile on this chip",
               "reports of users of Ascend310P", Users},
  };
}();

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < kRules.size(); ++i)
    if (static_cast<std::size_t>(kRules[i].rule) != i) return false;
  return true;
}
static_assert(is_in_order());

}  // namespace

const RuleText& describe(Rule rule) {
  KEEL_CHECK(static_cast<std::size_t>(rule) < kRules.size());
  return kRules[static_cast<std::size_t>(rule)];
}

std::string_view mark(Certainty certainty) {
  switch (certainty) {
    case Certainty::Code:
      return "C";
    case Certainty::Documented:
      return "D";
    case Certainty::Users:
      return "U";
    case Certainty::Inferred:
      return "I";
    case Certainty::Open:
      return "?";
  }
  KEEL_CHECK(false);
  return {};
}

}  // namespace keel::ascend
