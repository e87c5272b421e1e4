#include "compiler/ascend/decision.h"

#include <algorithm>

namespace keel::ascend {
namespace {

std::string dtype_text(DType dtype) {
  return dtype == DType::F16 ? "fp16" : dtype == DType::BF16 ? "bf16" : "fp32";
}

// The vector unit computes bf16 in fp32.
Precision narrow(DType dtype, OpClass op) {
  const bool in_fp32 = dtype == DType::BF16 && op == OpClass::Vector;
  return {
      .input = dtype, .output = dtype, .compute = in_fp32 ? FloatFormat::F32 : format_of(dtype)};
}

/// One operator on its way through the rules.
class Decider {
 public:
  Decider(const PrecisionRules& rules, const Operator& op, const Request& request)
      : rules_(rules), row_(row_of(rules.mode)), op_(op), request_(request) {
    KEEL_CHECK(!row_.needs_hif8);
    chain_.reserve(8);  // more than most have; decided for every unit of every variant
  }

  Decision run() && {
    note(Rule::OriginFp32);
    const Precision precision = decide();
    return {precision, std::move(chain_)};
  }

 private:
  void note(Rule rule) { chain_.push_back(rule); }

  Precision decide() {
    if (request_.custom) return customized(*request_.custom);
    if (request_.execution == Execution::Fp32) {
      note(Rule::ExecutionFp32);
      return fp32_or(Otherwise::AiCpu);
    }
    if (request_.kept && row_.reads_keep_list) {
      note(Rule::OnKeepList);
      return fp32_or(Otherwise::AiCpu);
    }
    if (request_.kept) note(Rule::KeepListIgnored);
    const bool cube = is_cube_type(op_.type);
    note(cube ? Rule::CubeByType : Rule::OtherByType);
    return cube ? by_mode(row_.cube, row_.cube_otherwise)
                : by_mode(row_.vector, row_.vector_otherwise);
  }

  Precision by_mode(Want want, Otherwise otherwise) {
    switch (want) {
      case Want::Reduced:
        note(Rule::WantsReduced);
        return reduced_or(row_.reduced, otherwise);
      case Want::Fp16InFp32Out:
        note(Rule::WantsFp16InFp32Out);
        return fp16_in_fp32_out();
      case Want::Fp32:
        note(Rule::WantsFp32);
        return fp32_or(otherwise);
      case Want::Origin:
        note(Rule::WantsOrigin);
        return fp32_or(otherwise);
      case Want::MixList:
        return by_mix_list(otherwise);
    }
    KEEL_CHECK(false);
    return {};
  }

  Precision by_mix_list(Otherwise otherwise) {
    switch (op_.list) {
      case MixList::White:
        note(Rule::White);
        return reduced_or(row_.reduced, otherwise);
      case MixList::Black:
        note(Rule::Black);
        return fp32_or(Otherwise::AiCpu);
      case MixList::Gray:
        note(Rule::Gray);
        return gray(otherwise);
    }
    KEEL_CHECK(false);
    return {};
  }

  Precision gray(Otherwise otherwise) {
    if (!request_.predecessor) {
      note(Rule::GrayLeads);
      const ModeRow& row = row_of(PrecisionMode::AllowFp32ToFp16);
      return is_cube_type(op_.type) ? reduced_or(row.reduced, row.cube_otherwise)
                                    : fp32_or(row.vector_otherwise);
    }
    note(Rule::GrayFollows);
    if (*request_.predecessor == DType::F32) return fp32_or(Otherwise::Fp16);
    return reduced_or(*request_.predecessor, otherwise);
  }

  Precision customized(const CustomDTypes& custom) {
    note(Rule::CustomizedDtypes);
    const DType input = custom.input.value_or(DType::F32);
    const DType output = custom.output.value_or(DType::F32);
    for (const DType dtype : {input, output})
      if (support(dtype) == Support::No) {
        note(dtype == DType::F32 ? Rule::NoFp32Kernel : Rule::NoReducedKernel);
        return fails();
      }
    if (support(input) == Support::Assumed || support(output) == Support::Assumed)
      note(Rule::Bf16KernelAssumed);
    Precision precision = input == DType::F32 ? fp32() : narrow(input, op_.op_class);
    precision.output = output;
    return precision;
  }

  Support support(DType dtype) const { return op_.kernels.of(dtype); }

  Precision reduced_or(DType dtype, Otherwise otherwise) {
    if (support(dtype) != Support::No) {
      if (support(dtype) == Support::Assumed) note(Rule::Bf16KernelAssumed);
      return narrow(dtype, op_.op_class);
    }
    note(Rule::NoReducedKernel);
    return fall_back(otherwise);
  }

  Precision fp32_or(Otherwise otherwise) {
    if (support(DType::F32) != Support::No) return fp32();
    note(Rule::NoFp32Kernel);
    return fall_back(otherwise);
  }

  Precision fall_back(Otherwise otherwise) {
    switch (otherwise) {
      case Otherwise::Supported:
      case Otherwise::Fp32Fp16Error:
        return first_of(DType::F32, DType::F16);
      case Otherwise::Fp16:
        return first_of(DType::F16, DType::F16);
      case Otherwise::Fp16UnlessBlack:
        return op_.list == MixList::Black ? ai_cpu() : first_of(DType::F16, DType::F16);
      case Otherwise::AiCpu:
        return ai_cpu();
      case Otherwise::Fp32:
        return first_of(DType::F32, DType::F32);
      case Otherwise::Bf16:
        return first_of(DType::BF16, DType::BF16);
    }
    KEEL_CHECK(false);
    return {};
  }

  Precision first_of(DType first, DType second) {
    for (const DType dtype : {first, second}) {
      if (support(dtype) == Support::No) continue;
      note(dtype == DType::F32   ? Rule::TakesFp32
           : dtype == DType::F16 ? Rule::TakesFp16
                                 : Rule::TakesBf16);
      return dtype == DType::F32 ? fp32() : narrow(dtype, op_.op_class);
    }
    return ai_cpu();
  }

  Precision fp16_in_fp32_out() {
    if (support(DType::F16) == Support::No) {
      note(Rule::NoReducedKernel);
      return fall_back(Otherwise::Fp32Fp16Error);
    }
    Precision precision = narrow(DType::F16, op_.op_class);
    if (rules_.cube_fp32_out) {
      precision.output = DType::F32;
    } else {
      note(Rule::Fp16OutOnly);
    }
    return precision;
  }

  // No AI CPU kernel of a product of the cube is known.
  Precision ai_cpu() {
    if (is_cube(op_.op_class)) return fails();
    note(Rule::ToAiCpu);
    return {.placement = Placement::AiCpu};
  }

  Precision fails() {
    note(Rule::FailsToCompile);
    return {.placement = Placement::None};
  }

  // An fp32 product on a cube without fp32 is a half product between fp32 edges.
  Precision fp32() {
    Precision precision;
    if (op_.op_class == OpClass::Vector) return precision;
    const bool allowed = op_.op_class == OpClass::Conv ? rules_.hf32.conv : rules_.hf32.matmul;
    const bool asked = request_.execution == Execution::Hf32;
    const bool hf32 = request_.execution != Execution::Fp32 && (allowed || asked);
    if (is_cube(op_.op_class) && hf32 && rules_.cube_hf32) {
      note(asked ? Rule::ExecutionHf32 : Rule::CubeComputesHf32);
      precision.compute = FloatFormat::HF32;
    } else if (!rules_.cube_fp32) {
      note(Rule::CubeComputesFp16);
      precision.compute = FloatFormat::F16;
    }
    if (op_.op_class == OpClass::Conv && rules_.kept_conv_may_fail) note(Rule::KeptConvMayFail);
    return precision;
  }

  const PrecisionRules& rules_;
  const ModeRow& row_;
  const Operator& op_;
  const Request& request_;
  std::vector<Rule> chain_;
};

std::string why_equal(const PrecisionRules& rules, const Operator& op, const Request& request,
                      const Precision& precision) {
  const std::string mode(name(rules.mode));
  const std::string dtype = dtype_text(precision.output);
  if (!is_mixed(rules.mode))
    return mode + " computes " + (is_cube_type(op.type) ? "matrix" : "vector") + " operators in " +
           dtype + " either way";
  if (op.list == MixList::Black)
    return mode + " leaves " + op.type + ", which is black-listed, in " + dtype + " either way";
  if (op.list == MixList::Gray && !request.predecessor)
    return mode + " leaves " + op.type + ", which is gray-listed and has no predecessor, in " +
           dtype + " either way";
  if (op.list == MixList::Gray)
    return mode + " gives " + op.type + ", which is gray-listed, the " + dtype +
           " of its first data predecessor either way";
  return mode + " computes it in " + dtype + " either way";
}

}  // namespace

bool is_cube(OpClass op) { return op == OpClass::Conv || op == OpClass::MatMul; }

PrecisionRules rules_of(PrecisionMode mode, Hf32 hf32, const Soc& soc) {
  return {.mode = mode,
          .hf32 = hf32,
          .cube_fp32 = soc.cube_fp32,
          .cube_hf32 = soc.cube_hf32,
          .cube_fp32_out = soc.family != "ascend310",  // platform_config Intrinsic_mmad
          .kept_conv_may_fail = soc.family == "ascend310p",
          .soc = soc.name};
}

Certainty Decision::certainty() const {
  Certainty least = Certainty::Code;
  for (const Rule rule : chain) least = std::max(least, describe(rule).certainty);
  return least;
}

Decision decide(const PrecisionRules& rules, const Operator& op, const Request& request) {
  return Decider(rules, op, request).run();
}

std::optional<NotFree> why_not_free(const PrecisionRules& rules, const Operator& op,
                                    const Request& request) {
  const ModeRow& row = row_of(rules.mode);
  const std::string mode(name(rules.mode));
  if (request.custom) return NotFree{false, "--customize_dtypes gives its dtypes"};
  if (request.execution == Execution::Fp32)
    return NotFree{false, "--op_precision_mode keeps it in fp32"};
  if (!row.reads_keep_list) {
    std::string reason = mode + " keeps every operator in its own dtype";
    if (op.op_class == OpClass::Conv && rules.kept_conv_may_fail)
      reason += "; users report that such a convolution does not compile on " + rules.soc + " (U)";
    return NotFree{false, std::move(reason)};
  }
  if (is_cube(op.op_class) && !rules.cube_fp32) {
    std::string reason = "the cube of " + (rules.soc.empty() ? "this SoC" : rules.soc) +
                         " has no fp32: keeping it would multiply in fp16 all the same and only "
                         "add casts";
    if (op.op_class == OpClass::Conv && rules.kept_conv_may_fail)
      reason += "; users report that a kept convolution does not compile there (U)";
    return NotFree{false, std::move(reason)};
  }
  Request keep = request;
  keep.kept = true;
  const Precision kept = decide(rules, op, keep).precision;
  const Precision lowered = decide(rules, op, request).precision;
  const std::string reduced = dtype_text(row.reduced);
  if (kept.placement != Placement::AiCore && lowered.placement == Placement::AiCore)
    return NotFree{false,
                   "it has no fp32 kernel: keeping it would move it to the AI CPU or fail the "
                   "compilation"};
  if (lowered.placement != Placement::AiCore && kept.placement == Placement::AiCore)
    return NotFree{true, "it has no " + reduced + " kernel: unless it is kept " +
                             (lowered.placement == Placement::AiCpu ? "it moves to the AI CPU"
                                                                    : "the compilation fails")};
  if (kept.placement != Placement::AiCore)
    return NotFree{
        false, "it has neither an fp32 nor a " + reduced + " kernel: " +
                   (lowered.placement == Placement::AiCpu ? "the AI CPU computes it either way"
                                                          : "the compilation fails either way")};
  if (kept != lowered) return std::nullopt;
  const bool wants_reduced =
      lowered.output == DType::F32 && op.kernels.of(row.reduced) == Support::No;
  if (wants_reduced)
    return NotFree{false, "it has no " + reduced + " kernel: it stays in fp32 either way"};
  return NotFree{false, why_equal(rules, op, request, lowered)};
}

}  // namespace keel::ascend
