#include "tuner/engine/dtype_reasons.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/ir/text_names.h"
#include "compiler/lint/kept_units.h"

namespace keel::engine {
namespace {

bool holds(const std::vector<ascend::Rule>& chain, ascend::Rule rule) {
  return std::ranges::find(chain, rule) != chain.end();
}

}  // namespace

DtypeReasons::DtypeReasons(const Target& target, std::string keep_file)
    : target_(target),
      keep_file_(std::move(keep_file)),
      entries_(
          lint::entries_naming(target.prepared.graph(), target.prepared.units(), target.keep_list)),
      decisions_(target.decisions(target.owners_variant())) {}

std::string DtypeReasons::owner_line(ir::UnitId unit) const {
  const ascend::KeepEntry* entry = entries_[index(unit)];
  return entry != nullptr ? fmt::format("{}:{}", keep_file_, entry->line) : keep_file_;
}

// What a rule adds to the name of the mode; nothing where it is what the mode says of every
// operator, or only leads to another.
std::optional<std::string> DtypeReasons::detail(ir::UnitId unit, ascend::Rule rule) const {
  const passes::Unit& known = target_.prepared.units()[index(unit)];
  switch (rule) {
    case ascend::Rule::KeepListIgnored:
      return "it ignores the keep list";
    case ascend::Rule::White:
      return known.op.type + " is white-listed";
    case ascend::Rule::Black:
      return known.op.type + " is black-listed";
    case ascend::Rule::Gray:
      return known.op.type + " is gray-listed";
    case ascend::Rule::GrayFollows:
      return "follows '" + target_.units[index(*known.predecessor)].name + "'";
    case ascend::Rule::GrayLeads:
      return "has no predecessor";
    case ascend::Rule::NoReducedKernel:
      return "no kernel of the reduced dtype";
    case ascend::Rule::NoFp32Kernel:
      return "no fp32 kernel";
    case ascend::Rule::Fp16OutOnly:
      return "the cube hands out fp16 only";
    case ascend::Rule::ToAiCpu:
      return "computed by the AI CPU";
    case ascend::Rule::CubeComputesFp16:
      return "the cube has no fp32";
    case ascend::Rule::CubeComputesHf32:
      return "--allow_hf32";
    case ascend::Rule::ExecutionHf32:
      return "--op_precision_mode";
    case ascend::Rule::OriginFp32:
    case ascend::Rule::CustomizedDtypes:
    case ascend::Rule::ExecutionFp32:
    case ascend::Rule::OnKeepList:
    case ascend::Rule::CubeByType:
    case ascend::Rule::OtherByType:
    case ascend::Rule::WantsReduced:
    case ascend::Rule::WantsFp16InFp32Out:
    case ascend::Rule::WantsFp32:
    case ascend::Rule::WantsOrigin:
    case ascend::Rule::Bf16KernelAssumed:
    case ascend::Rule::TakesFp32:
    case ascend::Rule::TakesFp16:
    case ascend::Rule::TakesBf16:
    case ascend::Rule::FailsToCompile:
    case ascend::Rule::KeptConvMayFail:
      return std::nullopt;
  }
  KEEL_CHECK(false && "a Rule outside its enumeration");
  return std::nullopt;
}

std::string DtypeReasons::rule(ir::UnitId unit) const {
  const std::vector<ascend::Rule>& chain = decisions_[index(unit)].chain;
  std::string text(ascend::name(target_.rules.mode));
  if (holds(chain, ascend::Rule::OnKeepList)) text = owner_line(unit);
  if (holds(chain, ascend::Rule::ExecutionFp32)) text = "--op_precision_mode";
  if (holds(chain, ascend::Rule::CustomizedDtypes)) text = "--customize_dtypes";
  const char* separator = ": ";
  for (const ascend::Rule rule : chain)
    if (const std::optional<std::string> more = detail(unit, rule)) {
      text += separator + *more;
      separator = ", ";
    }
  return text;
}

std::string DtypeReasons::dtype(ir::UnitId unit) const {
  const ascend::Precision& precision = decisions_[index(unit)].precision;
  std::string text(name(precision.input));
  if (precision.output != precision.input) text += " -> " + std::string(name(precision.output));
  const ascend::OpClass op = target_.prepared.units()[index(unit)].op.op_class;
  if (op != ascend::OpClass::Vector && precision.compute != format_of(precision.input))
    text += ", multiplied in " + std::string(ir::compute_name(precision.compute));
  return text;
}

std::string DtypeReasons::state(ir::UnitId unit, Side side, DType dtype) const {
  const ascend::Decision& decision = decisions_[index(unit)];
  const ascend::Precision& precision = decision.precision;
  const std::string verb = side == Side::Gives ? "gives " : "takes ";
  const std::string by = " (" + rule(unit) + ")";
  if (dtype != precision.input && dtype != precision.output) {
    // Of a lowered product the accumulator, and what joins it, stays in fp32.
    return verb + std::string(name(dtype)) +
           (dtype == DType::F32 ? " at the accumulator" : " in the model");
  }
  if (holds(decision.chain, ascend::Rule::OnKeepList)) return "is kept" + by;
  if (precision.input != precision.output || holds(decision.chain, ascend::Rule::CustomizedDtypes))
    return verb + std::string(name(dtype)) + by;
  return (dtype == DType::F32 ? "stays in f32" : "is lowered") + by;
}

}  // namespace keel::engine
