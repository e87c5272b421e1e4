#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ascend/op_table.h"
#include "compiler/ascend/precision_mode.h"
#include "compiler/ascend/rule.h"
#include "compiler/base/rounding.h"

namespace keel::ascend {

/// What an operator computes in, on the chip. A recurrent one (GRU, RNN, LSTM) has its products on
/// the cube and the rest on the vector unit.
enum class OpClass : std::uint8_t { Conv, MatMul, Vector, Recurrent };

/// Whether it is one product of the cube.
bool is_cube(OpClass op);

/// Where an operator runs.
enum class Placement : std::uint8_t {
  AiCore,
  AiCpu,  ///< in fp32; far slower, and its time is not modelled
  None,   ///< the vendor's compiler fails: "No supported Ops kernel"
};

/// The dtypes of one operator in a compiled program.
struct Precision {
  DType input = DType::F32;                ///< operands are cast to it
  DType output = DType::F32;               ///< the result is rounded to it
  FloatFormat compute = FloatFormat::F32;  ///< what cube operands are multiplied in
  Placement placement = Placement::AiCore;
  bool operator==(const Precision&) const = default;
};

/// Everything global that decides dtypes.
struct PrecisionRules {
  PrecisionMode mode = PrecisionMode::ForceFp16;
  Hf32 hf32;
  bool cube_fp32 = false;  ///< from the SoC
  bool cube_hf32 = false;
  bool cube_fp32_out = true;  ///< the cube hands out fp32 results of fp16 operands
  bool kept_conv_may_fail = false;
  std::string soc;  ///< its name, for messages
};
/// \pre check_mode(mode, soc)
PrecisionRules rules_of(PrecisionMode mode, Hf32 hf32, const Soc& soc);

/// What the rules look at of an fp32 operator.
struct Operator {
  std::string type;  ///< the Ascend type that decides for it
  OpClass op_class = OpClass::Vector;
  MixList list = MixList::Gray;
  KernelSet kernels;
};

/// Dtypes that a line of --customize_dtypes gives; empty: those of the model.
struct CustomDTypes {
  std::optional<DType> input;
  std::optional<DType> output;
  bool operator==(const CustomDTypes&) const = default;
};

/// What a line of --op_precision_mode asks that keel honours.
enum class Execution : std::uint8_t {
  Default,
  Fp32,  ///< enable_float_32_execution
  Hf32,  ///< enable_hi_float_32_execution
};

/// What is asked of one operator beside the mode.
struct Request {
  bool kept = false;  ///< on the keep list, or kept by an assignment
  /// What its first data predecessor hands out; empty: it has none. Gray operators look at it.
  std::optional<DType> predecessor = {};
  std::optional<CustomDTypes> custom = {};
  Execution execution = Execution::Default;
};

/// The dtypes of an operator and the rules that led there, in the order in which they applied.
struct Decision {
  Precision precision;
  std::vector<Rule> chain;

  /// Of the rule that is the least sure.
  Certainty certainty() const;
};

/// Decides an fp32 operator by the table of precision_mode.h.
Decision decide(const PrecisionRules& rules, const Operator& op, const Request& request);

/// A unit whose bit the search may not choose.
struct NotFree {
  /// Keeping is what compiles on the AI Core: the bit is 0 and the keep list must name it.
  bool must_be_kept = false;
  std::string reason;
};

/// Why the search may not choose an operator's bit; empty where it may: "force_fp32 computes vector
/// operators in fp32 either way", "the cube of Ascend310P3 has no fp32: keeping it would ...".
/// \param request  of the operator when it is not kept, its predecessor lowered as far as it may be
std::optional<NotFree> why_not_free(const PrecisionRules& rules, const Operator& op,
                                    const Request& request);

}  // namespace keel::ascend
