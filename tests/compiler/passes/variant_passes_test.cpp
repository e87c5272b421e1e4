#include <gtest/gtest.h>

#include <cmath>

#include "tests/compiler/passes/every_variant.h"

namespace keel::passes {
namespace {

ir::Graph variant(std::string_view text, const std::vector<ascend::Precision>& of_unit) {
  ir::Graph graph = test::parse(text);
  EXPECT_TRUE(run(prepare_pipeline(), graph, {}).ok());
  ConstantCasts casts;
  Context context;
  context.of_unit = of_unit;
  context.constant_casts = &casts;
  const Status status = run(variant_pipeline(), graph, context);
  EXPECT_TRUE(status.ok()) << (status.ok() ? "" : to_text(status.error()));
  return graph;
}

int count_casts(const ir::Graph& graph) {
  int count = 0;
  for (const ir::NodeId id : graph.nodes()) count += std::holds_alternative<ir::Cast>(graph[id].op);
  return count;
}

DType dtype_of(const ir::Graph& graph, const std::string& name) {
  for (const ir::ValueId id : graph.values())
    if (graph[id].name == name) return graph[id].type.dtype;
  ADD_FAILURE() << "no value " << name;
  return DType::F64;
}

// Three units: e, then l and s that both read it.
constexpr std::string_view kFork =
    "x: f32[4] = input\n"
    "e = Exp(x)\n"
    "l = Log(e)\n"
    "s = Sqrt(e)\n"
    "return l, s\n";

TEST(InsertCasts, NeedsNoneWhenEverythingIsKept) {
  EXPECT_EQ(count_casts(variant(kFork, {kKept, kKept, kKept})), 0);
}

TEST(InsertCasts, ConvertsAtTheModelsEntranceAndExits) {
  EXPECT_EQ(count_casts(variant(kFork, {kLowered, kLowered, kLowered})), 3);
}

// The weights of its products and its states are lowered, the bias stays in the fp32 accumulator.
TEST(InsertCasts, LeavesTheBiasOfAnLstmInFp32) {
  const ir::Graph graph = variant(
      "x: f32[5,2,3] = input\nw: f32[1,16,3] = constant random(1)\n"
      "r: f32[1,16,4] = constant random(2)\nb: f32[1,32] = constant random(3)\n"
      "l: i32[2] = input\ns: f32[1,2,4] = constant random(4)\np: f32[1,12] = constant random(5)\n"
      "y, h, c = LSTM(x, w, r, b, l, s, s, p)\nreturn y, c\n",
      {kLowered});
  int checked = 0;
  for (const ir::NodeId id : graph.nodes()) {
    const ir::Node& node = graph[id];
    if (!std::holds_alternative<ir::Lstm>(node.op)) continue;
    EXPECT_EQ(node.compute, FloatFormat::F16);
    std::vector<DType> dtypes;
    for (const ir::ValueId input : node.inputs) dtypes.push_back(graph[input].type.dtype);
    using enum DType;
    EXPECT_EQ(dtypes, (std::vector{F16, F16, F16, F32, I32, F16, F16, F16}));
    for (const ir::ValueId output : node.outputs) EXPECT_EQ(graph[output].type.dtype, F16);
    ++checked;
  }
  EXPECT_EQ(checked, 1);
  EXPECT_EQ(count_casts(graph), 3);  // x, y and c
}

TEST(InsertCasts, LeavesNumbersOfAnOperatorAlone) {
  const ir::Graph graph = variant(
      "x: f32[1,1,4,4] = input\n"
      "s: f32[4] = constant {1, 1, 0.6, 0.6}\n"
      "y = Resize(x, _, s) mode=linear\n"
      "return y\n",
      {kLowered});
  EXPECT_EQ(count_casts(graph), 2);  // x and y
  for (const ir::NodeId id : graph.nodes())
    if (std::holds_alternative<ir::Resize>(graph[id].op)) {
      EXPECT_EQ(graph[graph[id].inputs[2]].type.dtype, DType::F32);
    }
}

TEST(InsertCasts, MakesOneCastPerTensorAndDtype) {
  // x to f16 for e; e back to f32 once, for both readers.
  EXPECT_EQ(count_casts(variant(kFork, {kLowered, kKept, kKept})), 2);
}

TEST(InsertCasts, GivesTheOutputsOfTheModelTheirOwnDtype) {
  const ir::Graph graph = variant(kFork, {kLowered, kLowered, kLowered});
  for (const ir::ValueId output : graph.outputs()) EXPECT_EQ(graph[output].type.dtype, DType::F32);
}

TEST(InsertCasts, RoundsConstantsAtCompileTime) {
  const ir::Graph graph = variant(
      "x: f32[2] = input\n"
      "c: f32[2] = constant {0.1, 100000}\n"
      "y = Add(x, c)\n"
      "return y\n",
      {kLowered});
  EXPECT_EQ(count_casts(graph), 2);  // x, and the result
  for (const ir::ValueId id : graph.values()) {
    if (!graph[id].constant || graph[id].type.dtype != DType::F16) continue;
    const auto elements = graph[id].constant->as<float>();
    EXPECT_EQ(elements[0], 0.0999755859375f);
    EXPECT_TRUE(std::isinf(elements[1]));
    return;
  }
  FAIL() << "no rounded constant";
}

constexpr std::string_view kDense =
    "x: f32[1,4] = input\n"
    "w: f32[4,4] = constant random(1)\n"
    "b: f32[4] = constant {0.1, 0.2, 0.3, 0.4}\n"
    "a = MatMul(x, w)\n"
    "d = Add(a, b)\n"
    "y = Relu(d)\n"
    "return y\n";

TEST(ChooseDtypes, LeavesTheAccumulatorInFp32UpToTheExit) {
  const ir::Graph graph = variant(kDense, {kLowered});
  EXPECT_EQ(dtype_of(graph, "d"), DType::F32);  // between product and activation
  EXPECT_EQ(dtype_of(graph, "y"), DType::F16);
}

TEST(ChooseDtypes, SetsWhatTheCubeMultipliesIn) {
  const ascend::Precision hf32{DType::F32, DType::F32, FloatFormat::HF32};
  const ir::Graph graph = variant(kDense, {hf32});
  for (const ir::NodeId id : graph.nodes()) {
    if (!ir::is_cube(graph[id].op)) continue;
    EXPECT_EQ(graph[id].compute, FloatFormat::HF32);
  }
}

TEST(ChooseDtypes, LetsAProductOfTheModelsOwnHalvesMultiplyInThem) {
  for (const auto& [dtype, format] :
       {std::pair("f16", FloatFormat::F16), std::pair("bf16", FloatFormat::BF16)}) {
    const std::string text = "x: " + std::string(dtype) + "[4,8] = input\nw: " + dtype +
                             "[8,4] = input\ny = MatMul(x, w)\nreturn y\n";
    const ir::Graph graph = variant(text, {});
    EXPECT_EQ(graph[graph.nodes()[0]].compute, format) << dtype;
  }
}

TEST(InsertCasts, DoesNotRoundTheBiasOfACube) {
  const ir::Graph graph = variant(kDense, {kLowered});
  for (const ir::NodeId id : graph.nodes()) {
    if (!ir::is_cube(graph[id].op)) continue;
    EXPECT_EQ(graph[graph[id].inputs[1]].type.dtype, DType::F16);
    EXPECT_EQ(graph[graph[id].inputs[2]].type.dtype, DType::F32);
  }
}

std::vector<std::string> kernel_names(const ir::Graph& graph) {
  const Result<program::Program> program = program::lower(graph);
  EXPECT_TRUE(program.ok());
  std::vector<std::string> names;
  for (const program::Kernel& kernel : program->kernels) names.push_back(kernel.name);
  return names;
}

constexpr std::string_view kChain =
    "x: f32[4] = input\n"
    "a = Exp(x)\n"
    "b = Neg(a)\n"
    "c = Sqrt(b)\n"
    "return c\n";

TEST(FuseElementwise, RunsAChainOfOneDtypeAsOneKernel) {
  EXPECT_EQ(kernel_names(variant(kChain, {kKept, kKept, kKept})),
            std::vector<std::string>{"a+b+c"});
}

TEST(FuseElementwise, StopsWhereACastStandsBetween) {
  EXPECT_EQ(kernel_names(variant(kChain, {kKept, kKept, kLowered})),
            (std::vector<std::string>{"a+b", "cast_b", "c", "cast_c"}));
}

TEST(FuseElementwise, NeverPutsTwoProductsIntoOneKernel) {
  const std::vector<std::string> names =
      kernel_names(variant("x: f32[4,4] = input\n"
                           "v: f32[4,4] = constant random(1)\n"
                           "w: f32[4,4] = constant random(2)\n"
                           "a = MatMul(x, v)\n"
                           "b = MatMul(x, w)\n"
                           "y = Add(a, b)\n"
                           "return y\n",
                           {kKept, kKept, kKept}));
  EXPECT_EQ(names.size(), 2u);
}

TEST(FuseElementwise, LetsACubeConvertAtItsExit) {
  EXPECT_EQ(kernel_names(variant(kDense, {kLowered})).size(), 2u);  // cast_x, and all the rest
}

// Any assignment of a random graph computes what it computes unfused, bit for bit.
TEST(VariantPipeline, ChangesNoNumberByFusing) {
  constexpr std::string_view text =
      "x: f32[3,4] = input\n"
      "w: f32[4,4] = constant random(1)\n"
      "a = MatMul(x, w)\n"
      "r = Relu(a)\n"
      "e = Exp(r)\n"
      "t = Transpose(e) perm=[1,0]\n"
      "l = Log(e)\n"
      "p = MatMul(l, t)\n"
      "q = Sub(p, p)\n"
      "s = Add(p, q)\n"
      "return s\n";
  expect_fusing_changes_no_number(text, false);
}

}  // namespace
}  // namespace keel::passes
