#include "compiler/ascend/decision.h"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <sstream>

#include "tests/places/places.h"

namespace keel::ascend {
namespace {

constexpr std::array kFormatNames = {"f32", "f16", "bf16", "hf32"};
const std::filesystem::path kConfigs = keel::test::source_folder() / "configs";

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::string without_trailing_blanks(std::string line) {
  return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

Soc shipped(std::string_view soc) {
  Result<Soc> result = load_soc(kConfigs, soc);
  KEEL_CHECK(result.ok());
  return *result;
}

const OpTable& table() {
  static const OpTable kTable = [] {
    Result<OpTable> result = OpTable::load(kConfigs);
    KEEL_CHECK(result.ok());
    return *std::move(result);
  }();
  return kTable;
}

// What the vendor's platform files say of a family, whether or not a chip of it is in configs/soc.
Soc family(std::string_view name, bool cube_fp32, bool bf16) {
  Soc soc;
  soc.name = soc.family = name;
  soc.cube_fp32 = soc.cube_hf32 = cube_fp32;
  soc.bf16 = bf16;
  return soc;
}

std::vector<Soc> families() {
  return {family("ascend310", false, false), family("ascend310p", false, false),
          family("ascend910", false, false), family("ascend310b", true, true),
          family("ascend910b", true, true)};
}

struct Subject {
  const char* type;
  OpClass op_class;
};

// A type of each kind of row: white, gray, black, fp16 only, fp32 only, bf16 not listed.
constexpr std::array kSubjects = {
    Subject{"Conv2D", OpClass::Conv},          Subject{"Conv3D", OpClass::Conv},
    Subject{"BatchMatMulV2", OpClass::MatMul}, Subject{"Einsum", OpClass::MatMul},
    Subject{"CommonGRU", OpClass::Recurrent},  Subject{"Relu", OpClass::Vector},
    Subject{"MaxPoolV3", OpClass::Vector},     Subject{"NonZero", OpClass::Vector},
    Subject{"Log", OpClass::Vector},           Subject{"LayerNorm", OpClass::Vector}};

Operator operator_of(const Subject& subject, const Soc& soc) {
  return {subject.type, subject.op_class, table().mix_list(subject.type, soc.family),
          table().kernels(subject.type, soc.family, soc.bf16)};
}

struct Case {
  const char* name;
  bool kept;
  std::optional<DType> (*predecessor)(const ModeRow& row);
};

constexpr std::array kCases = {
    Case{"", false, [](const ModeRow&) { return std::optional<DType>(); }},
    Case{"after fp32", false, [](const ModeRow&) { return std::optional(DType::F32); }},
    Case{"after reduced", false, [](const ModeRow& row) { return std::optional(row.reduced); }},
    Case{"kept", true, [](const ModeRow& row) { return std::optional(row.reduced); }}};

// "input compute output where mark".
std::string cell(const Decision& decision) {
  const std::string mark(ascend::mark(decision.certainty()));
  const Precision& p = decision.precision;
  switch (p.placement) {
    case Placement::AiCore:
      return std::string(name(p.input)) + "/" + kFormatNames[static_cast<std::size_t>(p.compute)] +
             "/" + std::string(name(p.output)) + " " + mark;
    case Placement::AiCpu:
      return "AI CPU f32 " + mark;
    case Placement::None:
      return "error " + mark;
  }
  return "";
}

std::string golden_table() {
  const auto line = [](const auto& first, const auto& second, const auto& third,
                       const std::vector<std::string>& cells) {
    std::string text = padded(first, 25) + padded(second, 14) + padded(third, 14);
    for (const std::string& each : cells) text += padded(each, 17);
    return without_trailing_blanks(text);
  };
  std::vector<std::string> names;
  for (const Soc& soc : families()) names.push_back(soc.family);
  std::string text = line("mode", "type", "", names);
  for (const ModeRow& row : precision_modes())
    for (const Subject& subject : kSubjects)
      for (const Case& c : kCases) {
        const bool looks_back = c.predecessor(row).has_value() && !c.kept;
        if (looks_back && !is_mixed(row.mode)) continue;  // no other mode looks at a predecessor
        std::vector<std::string> cells;
        for (const Soc& soc : families()) {
          if (!check_mode(row.mode, soc).ok()) {
            cells.push_back("refused");
            continue;
          }
          Request request;
          request.kept = c.kept;
          request.predecessor = c.predecessor(row);
          const PrecisionRules rules = rules_of(row.mode, Hf32{}, soc);
          cells.push_back(cell(decide(rules, operator_of(subject, soc), request)));
        }
        text += line(std::string(name(row.mode)), std::string(subject.type), std::string(c.name),
                     cells);
      }
  return text;
}

std::string read(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// Every mode, kind of operator and family. Regenerate with KEEL_WRITE_GOLDEN=1 and read the diff.
TEST(Decision, IsThisTable) {
  const std::filesystem::path path =
      keel::test::source_folder() / "tests/compiler/ascend/decision_table.txt";
  if (std::getenv("KEEL_WRITE_GOLDEN") != nullptr)
    std::ofstream(path, std::ios::binary) << golden_table();
  EXPECT_EQ(golden_table(), read(path));
}

std::string chain_of(const Decision& decision) {
  std::string text = "\n";
  for (const Rule rule : decision.chain)
    text += std::string(describe(rule).text) + " (" + std::string(mark(describe(rule).certainty)) +
            ")\n";
  return text;
}

const PrecisionRules kMixed910 =
    rules_of(PrecisionMode::AllowMixPrecisionBf16, Hf32{}, family("ascend910b", true, true));

TEST(Decision, TellsTheRulesInTheOrderInWhichTheyApplied) {
  const Soc soc = family("ascend910b", true, true);
  Request request;
  request.predecessor = DType::BF16;
  EXPECT_EQ(chain_of(decide(kMixed910, operator_of({"Relu", OpClass::Vector}, soc), request)), R"(
the model computes it in fp32 (D)
its type is not on the vendor's list of matrix operators (C)
gray-listed: it goes with its predecessor (D)
its first data predecessor, Casts skipped, decides (C)
a bf16 kernel is assumed beside its fp32 one: the table is older than bf16 on the vector unit (?)
)");
  request.kept = true;
  EXPECT_EQ(chain_of(decide(kMixed910, operator_of({"Conv2D", OpClass::Conv}, soc), request)), R"(
the model computes it in fp32 (D)
kept: it has its own dtype, may be raised and not reduced (C)
--allow_hf32: the cube multiplies in HF32 (D)
)");
}

TEST(Decision, PutsCustomizedDtypesBeforeTheKeepList) {
  const Soc soc = family("ascend910b", true, true);
  Request request;
  request.kept = true;
  request.custom = CustomDTypes{DType::F16, DType::F32};
  const Decision decision =
      decide(kMixed910, operator_of({"BatchMatMulV2", OpClass::MatMul}, soc), request);
  EXPECT_EQ(decision.precision, (Precision{DType::F16, DType::F32, FloatFormat::F16}));
  EXPECT_EQ(decision.chain, (std::vector{Rule::OriginFp32, Rule::CustomizedDtypes}));
}

TEST(Decision, FailsWhereCustomizedDtypesHaveNoKernel) {
  const Soc soc = family("ascend310p", false, false);
  Request request;
  request.custom = CustomDTypes{DType::BF16, std::nullopt};
  const PrecisionRules rules = rules_of(PrecisionMode::ForceFp16, Hf32{}, soc);
  EXPECT_EQ(decide(rules, operator_of({"Relu", OpClass::Vector}, soc), request).precision.placement,
            Placement::None);
}

TEST(Decision, KeepsInFp32OrHf32WhatOpPrecisionModeSays) {
  const Soc soc = family("ascend910b", true, true);
  const PrecisionRules rules = rules_of(PrecisionMode::ForceFp16, Hf32{}, soc);
  const Operator conv = operator_of({"Conv2D", OpClass::Conv}, soc);
  const Operator product = operator_of({"BatchMatMulV2", OpClass::MatMul}, soc);
  Request request;
  request.execution = Execution::Fp32;
  EXPECT_EQ(decide(rules, conv, request).precision.compute, FloatFormat::F32);
  request.execution = Execution::Hf32;
  EXPECT_EQ(decide(rules, product, request).precision.compute, FloatFormat::F16);
  request.kept = true;
  EXPECT_EQ(decide(rules, product, request).precision.compute, FloatFormat::HF32);
}

TEST(Decision, MultipliesKeptProductsInHf32WhereAllowed) {
  const Soc soc = shipped("Ascend910B3");
  const auto compute = [&](Hf32 hf32, const Subject& subject) {
    Request request;
    request.kept = true;
    return decide(rules_of(PrecisionMode::ForceFp16, hf32, soc), operator_of(subject, soc), request)
        .precision.compute;
  };
  const Hf32 conv_only{.conv = true, .matmul = false}, matmul_only{.conv = false, .matmul = true};
  const Subject conv{"Conv2D", OpClass::Conv}, matmul{"BatchMatMulV2", OpClass::MatMul};
  EXPECT_EQ(compute(conv_only, conv), FloatFormat::HF32);
  EXPECT_EQ(compute(conv_only, matmul), FloatFormat::F32);
  EXPECT_EQ(compute(matmul_only, conv), FloatFormat::F32);
  EXPECT_EQ(compute(matmul_only, matmul), FloatFormat::HF32);
  EXPECT_EQ(compute(matmul_only, {"Relu", OpClass::Vector}), FloatFormat::F32);
}

std::string free_table() {
  std::string text;
  for (const char* chip : {"Ascend310P3", "Ascend910B3"}) {
    const Soc soc = shipped(chip);
    for (const ModeRow& row : precision_modes()) {
      if (!check_mode(row.mode, soc).ok()) continue;
      for (const Subject& subject : kSubjects)
        for (const Case& c : kCases) {
          if (c.kept || (c.predecessor(row) && !is_mixed(row.mode))) continue;
          Request request;
          request.predecessor = c.predecessor(row);
          const std::optional<NotFree> why =
              why_not_free(rules_of(row.mode, Hf32{}, soc), operator_of(subject, soc), request);
          text +=
              without_trailing_blanks(padded(chip, 12) + padded(std::string(name(row.mode)), 25) +
                                      padded(subject.type, 14) + padded(c.name, 14) +
                                      (!why                ? "free"
                                       : why->must_be_kept ? "KEPT: " + why->reason
                                                           : why->reason));
        }
    }
  }
  return text;
}

TEST(Decision, LeavesTheseBitsToTheSearch) {
  const std::filesystem::path path =
      keel::test::source_folder() / "tests/compiler/ascend/freedom_table.txt";
  if (std::getenv("KEEL_WRITE_GOLDEN") != nullptr)
    std::ofstream(path, std::ios::binary) << free_table();
  EXPECT_EQ(free_table(), read(path));
}

// On every mode, kind of operator and chip.
TEST(Decision, FreesOnlyWhatKeepingChangesOnTheAiCore) {
  for (const Soc& soc : families())
    for (const ModeRow& row : precision_modes()) {
      if (!check_mode(row.mode, soc).ok()) continue;
      for (const Subject& subject : kSubjects)
        for (const Case& c : kCases) {
          const PrecisionRules rules = rules_of(row.mode, Hf32{}, soc);
          Request request;
          request.predecessor = c.predecessor(row);
          const Operator op = operator_of(subject, soc);
          if (why_not_free(rules, op, request)) continue;
          const Precision lowered = decide(rules, op, request).precision;
          request.kept = true;
          const Precision kept = decide(rules, op, request).precision;
          EXPECT_NE(lowered, kept) << soc.name << " " << name(row.mode) << " " << subject.type;
          EXPECT_EQ(lowered.placement, Placement::AiCore);
          EXPECT_EQ(kept.placement, Placement::AiCore);
        }
    }
}

// No type of the shipped table is black and fp16 only.
TEST(Decision, SendsABlackFp16OnlyOperatorToTheAiCpuUnderForceFp32) {
  const PrecisionRules rules =
      rules_of(PrecisionMode::ForceFp32, Hf32{}, family("ascend910b", true, true));
  Operator op{"Made", OpClass::Vector, MixList::Black, {Support::No, Support::Listed, Support::No}};
  EXPECT_EQ(decide(rules, op, {}).precision.placement, Placement::AiCpu);
  op.list = MixList::Gray;
  EXPECT_EQ(decide(rules, op, {}).precision, (Precision{DType::F16, DType::F16, FloatFormat::F16}));
}

TEST(Decision, MustKeepWhatOtherwiseLeavesTheAiCore) {
  Operator op{"Made", OpClass::Conv, MixList::White, {}};
  op.kernels = {Support::Listed, Support::Listed, Support::No};
  const std::optional<NotFree> why = why_not_free(kMixed910, op, {});
  ASSERT_TRUE(why.has_value());
  EXPECT_TRUE(why->must_be_kept);
  EXPECT_EQ(why->reason, "it has no bf16 kernel: unless it is kept the compilation fails");
  op.op_class = OpClass::Vector;
  EXPECT_EQ(why_not_free(kMixed910, op, {})->reason,
            "it has no bf16 kernel: unless it is kept it moves to the AI CPU");
}

}  // namespace
}  // namespace keel::ascend
