#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "compiler/ascend/soc.h"
#include "compiler/program/compile.h"
#include "tests/compiler/kernels/scalar_products.h"
#include "tests/places/places.h"
#include "tests/support/graph_text.h"

namespace keel::program {
namespace {

// Whole graphs, compiled for a chip with and without an fp32 cube, against scalar sums: what an
// fp32 product is multiplied in depends on the chip, on the operator's kind and on --allow_hf32.

using kernels::ScalarProducts;

constexpr std::int64_t kRows = 5, kDepth = 43, kColumns = 9;

// The content is replaced, so that the test knows it.
constexpr std::string_view kMatMul =
    "x: f32[5,43] = input\n"
    "w: f32[43,9] = constant random(1)\n"
    "y = MatMul(x, w)\n"
    "return y\n";

// The same sums as a convolution over one pixel.
constexpr std::string_view kConv =
    "x: f32[5,43,1,1] = input\n"
    "w: f32[9,43,1,1] = constant random(1)\n"
    "y = Conv(x, w)\n"
    "return y\n";

ScalarProducts sums(bool by_column) {
  ScalarProducts products;
  for (std::int64_t row = 0; row < kRows; ++row)
    for (std::int64_t column = 0; column < kColumns; ++column) {
      ScalarProducts::Pairs& pairs = products.of_output.emplace_back();
      for (std::int64_t k = 0; k < kDepth; ++k)
        pairs.emplace_back(
            static_cast<std::size_t>(row * kDepth + k),
            static_cast<std::size_t>(by_column ? column * kDepth + k : k * kColumns + column));
    }
  return products;
}

struct Question {
  std::string soc;
  ascend::PrecisionMode mode = ascend::PrecisionMode::ForceFp16;
  bool kept = true;
  ascend::Hf32 hf32 = {};
};

ascend::Soc soc_of(const Question& question) {
  Result<ascend::Soc> soc = ascend::load_soc(keel::test::source_folder() / "configs", question.soc);
  EXPECT_TRUE(soc.ok());
  return *std::move(soc);
}

Program compiled(std::string_view text, const Question& question) {
  const ascend::Soc soc = soc_of(question);
  const Result<ascend::OpTable> table =
      ascend::OpTable::load(keel::test::source_folder() / "configs");
  Result<PreparedModel> prepared = PreparedModel::prepare(test::parse(text), *table, soc);
  EXPECT_TRUE(prepared.ok());
  const ascend::PrecisionRules rules = ascend::rules_of(question.mode, question.hf32, soc);
  std::vector<ascend::Precision> of_unit;
  for (const passes::Unit& unit : prepared->units())
    of_unit.push_back(ascend::decide(rules, unit.op, {.kept = question.kept}).precision);
  Result<Program> program = prepared->compile(of_unit);
  EXPECT_TRUE(program.ok());
  return *std::move(program);
}

// Numbers of every magnitude from the subnormals of fp16 to beyond its range.
Tensor operand(const Shape& shape, std::uint64_t seed) {
  Rng rng(seed);
  Tensor tensor(DType::F32, shape);
  for (float& value : tensor.fill<float>())
    value = static_cast<float>((rng.below(2) == 0 ? 1 : -1) *
                               std::ldexp(1 + rng.uniform(), static_cast<int>(rng.below(44)) - 26));
  return tensor;
}

// The first of the results that are no fp32 sum of operands in `format`; empty where there is none.
std::string wrong_element(const Question& question, bool is_conv, FloatFormat format,
                          float special = 1) {
  const std::string_view text = is_conv ? kConv : kMatMul;
  const Program program = compiled(text, question);
  const ir::Graph source = test::parse(text);
  Tensor x = operand(source[source.inputs()[0]].type.shape, 3);
  x.fill<float>()[1] = special;
  std::vector<float> w;
  for (const ir::ValueId id : source.values())
    if (source[id].constant)
      w.assign(source[id].constant->as<float>().begin(), source[id].constant->as<float>().end());
  const Overflow overflow = soc_of(question).overflow;
  const std::vector<float> actual = test::run(program.graph, std::span(&x, 1), overflow);
  std::vector<float> a(x.as<float>().begin(), x.as<float>().end());
  for (std::vector<float>* values : {&a, &w})
    for (float& value : *values) value = kernels::as_operand(format, overflow, value);
  const ScalarProducts products = sums(is_conv);
  EXPECT_EQ(actual.size(), products.of_output.size());
  for (std::size_t i = 0; i < actual.size(); ++i)
    if (const std::string what =
            kernels::complaint(actual[i], kernels::sum_of(products, i, a, w, {}));
        !what.empty())
      return "element " + std::to_string(i) + " is " + what;
  return "";
}

// The formats the results may be sums of; a test that names one wants the others told apart.
std::string format_used(const Question& question, bool is_conv) {
  std::string used;
  for (const FloatFormat format : {FloatFormat::F32, FloatFormat::HF32, FloatFormat::F16})
    if (wrong_element(question, is_conv, format).empty()) {
      used += used.empty() ? "" : " or ";
      used += format == FloatFormat::F32 ? "fp32" : format == FloatFormat::F16 ? "fp16" : "hf32";
    }
  return used;
}

using ascend::PrecisionMode;

TEST(CubeExactness, WithAnFp32CubeAKeptProductIsFp32AndAKeptConvolutionHf32) {
  const Question kept{"Ascend910B3"};
  EXPECT_EQ(format_used(kept, false), "fp32");
  EXPECT_EQ(format_used(kept, true), "hf32");
}

TEST(CubeExactness, AKeptRecurrenceMultipliesInWhatTheCubeHas) {
  constexpr std::string_view kGru =
      "x: f32[3,2,4] = input\n"
      "w: f32[1,15,4] = constant random(1)\n"
      "r: f32[1,15,5] = constant random(2)\n"
      "y = GRU(x, w, r)\n"
      "return y\n";
  const auto gru_of = [](const Program& program) {
    for (const ir::NodeId id : program.graph.nodes())
      if (std::holds_alternative<ir::Gru>(program.graph[id].op)) return program.graph[id];
    return ir::Node{};
  };
  for (const auto& [soc, compute] :
       {std::pair{"Ascend310P3", FloatFormat::F16}, std::pair{"Ascend910B3", FloatFormat::F32}}) {
    const Program program = compiled(kGru, {soc});
    const ir::Node gru = gru_of(program);
    EXPECT_EQ(gru.compute, compute) << soc;
    EXPECT_EQ(program.graph[gru.outputs.at(0)].type.dtype, DType::F32) << soc;
  }
}

TEST(CubeExactness, AllowHf32SaysWhichOfThem) {
  Question question{"Ascend910B3"};
  question.hf32 = {.conv = false, .matmul = true};
  EXPECT_EQ(format_used(question, false), "hf32");
  EXPECT_EQ(format_used(question, true), "fp32");
}

// Its operands are rounded to fp16, its result is not: 43 products of up to 2^36 are beyond fp16.
TEST(CubeExactness, WithoutAnFp32CubeAKeptProductMultipliesInFp16BetweenFp32Edges) {
  for (const PrecisionMode mode : {PrecisionMode::ForceFp16, PrecisionMode::MustKeepOriginDtype,
                                   PrecisionMode::AllowFp32ToFp16}) {
    Question kept{"Ascend310P3", mode};
    EXPECT_EQ(format_used(kept, false), "fp16");
    kept.hf32 = {.conv = true, .matmul = true};  // the chip has no HF32 either
    EXPECT_EQ(format_used(kept, false), "fp16");
    EXPECT_EQ(format_used(kept, true), "fp16");
  }
}

TEST(CubeExactness, ForceFp32MultipliesInFp16WhereItKeepsNothing) {
  for (const char* soc : {"Ascend910B3", "Ascend310P3"}) {
    const Question question{soc, PrecisionMode::ForceFp32, false};
    EXPECT_EQ(format_used(question, false), "fp16") << soc;
    EXPECT_EQ(format_used(question, true), "fp16") << soc;
  }
}

// An operand fp16 does not hold is 65504 on a chip that saturates, NaN is 0; an fp32 cube takes
// both as they are.
TEST(CubeExactness, InfAndNanInAnOperandFollowTheChip) {
  for (const float special : {std::numeric_limits<float>::infinity(), NAN}) {
    EXPECT_EQ(wrong_element({"Ascend310P3"}, false, FloatFormat::F16, special), "");
    EXPECT_EQ(wrong_element({"Ascend310P3"}, true, FloatFormat::F16, special), "");
    EXPECT_EQ(wrong_element({"Ascend910B3"}, false, FloatFormat::F32, special), "");
    EXPECT_EQ(wrong_element({"Ascend910B3"}, true, FloatFormat::HF32, special), "");
  }
}

}  // namespace
}  // namespace keel::program
