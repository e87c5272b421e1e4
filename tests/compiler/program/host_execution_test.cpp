#include "compiler/program/host_execution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "compiler/program/host_plan.h"
#include "tests/support/graph_text.h"

namespace keel::program {
namespace {

constexpr std::string_view kText =
    "x: f32[2,3] = input\n"
    "w: f32[3,2] = constant random(1)\n"
    "a = MatMul(x, w)\n"
    "b = Exp(a)\n"
    "c = Sqrt(b)\n"
    "return c\n";

TEST(HostExecution, NamesTheInputOfAnotherType) {
  const ir::Graph graph = test::parse(kText);
  const Tensor wrong(DType::F32, {2, 4});
  const Result<std::vector<Tensor>> outputs = run_on_host(graph, std::span(&wrong, 1));
  ASSERT_FALSE(outputs.ok());
  EXPECT_EQ(outputs.error().what, "input is f32[2,4], the model takes f32[2,3]");
  EXPECT_EQ(outputs.error().where, "input 'x'");
}

TEST(HostExecution, StopsBetweenNodesWhenAsked) {
  const ir::Graph graph = test::parse(kText);
  std::stop_source source;
  source.request_stop();
  HostOptions options;
  options.stop = source.get_token();
  EXPECT_FALSE(run_on_host(graph, test::random_inputs(graph, 1), options).ok());
}

TEST(HostExecution, ShowsEachComputedValueOnce) {
  const ir::Graph graph = test::parse(kText);
  std::vector<std::string> seen;
  HostOptions options;
  options.observe = [&](ir::ValueId id, const Tensor&) { seen.push_back(graph[id].name); };
  ASSERT_TRUE(run_on_host(graph, test::random_inputs(graph, 1), options).ok());
  EXPECT_EQ(seen, (std::vector<std::string>{"a", "b", "c"}));
}

TEST(HostExecution, RunsNothingAgainThatTheMemoHolds) {
  const ir::Graph graph = test::parse(kText);
  ResultMemo memo(1 << 20);
  HostOptions options;
  options.memo = &memo;
  const std::vector<Tensor> inputs = test::random_inputs(graph, 1);
  const Result<std::vector<Tensor>> first = run_on_host(graph, inputs, options);
  ASSERT_EQ(memo.counts().hits, 0u);
  const Result<std::vector<Tensor>> second = run_on_host(graph, inputs, options);
  EXPECT_EQ(memo.counts().hits, 1u);  // the product, and what follows it
  EXPECT_EQ(digest(second->front()), digest(first->front()));
}

// A convolution, a branch, and activations after it, with a channel count that fills no block.
constexpr std::string_view kBlockedText =
    "x: f16[2,5,9,7] = input\n"
    "w: f16[19,5,3,3] = constant random(1)\n"
    "v: f16[16,19,3,3] = constant random(2)\n"
    "a: f16[2,19,7,5] = Conv(x, w)\n"
    "b: f16[2,19,7,5] = Relu(a)\n"
    "c: f32[2,19,7,5] = Exp(b)\n"
    "d: f16[2,19,7,5] = Tanh(c)\n"
    "e: f16[2,19,7,5] = Mul(d, d)\n"
    "f: f16[2,16,5,3] = Conv(e, v)\n"
    "g: f16[2,16,5,3] = Relu(f)\n"
    "h: f16[2,16,5,3] = Sigmoid(g)\n"
    "return h, g\n";

// Nodes run together where nobody asks for the values between, which must change none.
TEST(HostExecution, GivesTheSameWhetherOrNotActivationsRunInPlace) {
  const ir::Graph graph = test::parse(kBlockedText);
  for (const Overflow overflow : {Overflow::InfNan, Overflow::Saturate}) {
    std::vector<Tensor> inputs = test::random_inputs(graph, 7, 4);
    inputs[0].fill<float>()[3] = std::numeric_limits<float>::quiet_NaN();
    inputs[0].fill<float>()[40] = 60000;
    round_in_place(FloatFormat::F16, Overflow::InfNan, inputs[0].fill<float>());
    inputs[0] = inputs[0].relabelled(DType::F16);
    HostOptions options{overflow, nullptr, {}, {}};
    const HostProgram program(graph);
    const Result<std::vector<Tensor>> together = program.run(inputs, options);
    std::size_t seen = 0;
    options.observe = [&](ir::ValueId, const Tensor&) { ++seen; };
    const Result<std::vector<Tensor>> apart = program.run(inputs, options);
    ASSERT_TRUE(together.ok() && apart.ok());
    EXPECT_EQ(seen, 8u);
    for (std::size_t i = 0; i < 2; ++i)
      EXPECT_TRUE(std::ranges::equal((*together)[i].bytes(), (*apart)[i].bytes())) << i;
  }
}

// Log makes -Inf of the zeros that fill up the last block; a convolution would make NaN of those.
TEST(HostExecution, FillsBlocksUpWithZerosWhateverAnActivationMakesOfThem) {
  const ir::Graph graph = test::parse(
      "x: f32[1,5,6,6] = input\n"
      "w: f32[19,5,3,3] = constant random(1)\n"
      "v: f32[4,19,3,3] = constant random(2)\n"
      "a = Conv(x, w)\n"
      "b = Abs(a)\n"
      "c = Log(b)\n"
      "d = Conv(c, v)\n"
      "return d\n");
  for (const float value : test::run(graph, test::random_inputs(graph, 3)))
    EXPECT_TRUE(std::isfinite(value));
}

// g has two readers, so h does not follow it; the four before e do not either, e reads d twice.
TEST(HostExecution, LetsANodeFollowOnlyWhereItAloneReads) {
  const ir::Graph graph = test::parse(kBlockedText);
  const HostPlan plan(graph);
  const auto apart = std::ranges::count_if(plan.steps, [](auto& step) { return !step.follows; });
  EXPECT_EQ(apart, 4);  // Conv Relu Exp Tanh; Mul; Conv Relu; Sigmoid
}

// What a result depends on must be in the key: the overflow rule, the rounding point, what the cube
// multiplies in, the content.
// What an If hands on is another's result, which a node behind it must not change.
TEST(HostExecution, LeavesTheResultThatAnIfChoosesAsItIs) {
  const ir::Graph graph = test::parse(
      "x: f32[4] = input\n"
      "c: bool[1] = input\n"
      "e = Exp(x)\n"
      "y = If(c, e, x)\n"
      "z = Neg(y)\n"
      "return z, e\n");
  Tensor condition(DType::Bool, {1});
  condition.fill<std::uint8_t>()[0] = 1;
  const std::vector<Tensor> inputs{make_f32({4}, std::array{0.F, 0.F, 0.F, 0.F}), condition};
  const Result<std::vector<Tensor>> outputs = run_on_host(graph, inputs);
  ASSERT_TRUE(outputs.ok());
  EXPECT_EQ(digest((*outputs)[0]), digest(make_f32({4}, std::array{-1.F, -1.F, -1.F, -1.F})));
  EXPECT_EQ(digest((*outputs)[1]), digest(make_f32({4}, std::array{1.F, 1.F, 1.F, 1.F})));
}

TEST(HostExecution, DoesNotConfuseResultsOfDifferentQuestions) {
  constexpr std::string_view lowered =
      "x: f16[1,1] = input\n"
      "y: f16[1,1] = MatMul(x, x)\n"
      "return y\n";
  constexpr std::string_view kept =
      "x: f16[1,1] = input\n"
      "y: f32[1,1] = MatMul(x, x)\n"
      "return y\n";
  constexpr std::string_view fine =
      "x: f32[1,1] = input\n"
      "y: f32[1,1] = MatMul(x, x)\n"
      "return y\n";
  constexpr std::string_view on_half_cube =
      "x: f32[1,1] = input\n"
      "y: f32[1,1] = MatMul(x, x) compute=f16\n"
      "return y\n";
  ResultMemo memo(1 << 20);
  const auto square = [&](std::string_view text, Overflow overflow, float value) {
    const ir::Graph graph = test::parse(text);
    Tensor x(graph[graph.inputs()[0]].type.dtype, {1, 1});
    x.fill<float>()[0] = value;
    const Result<std::vector<Tensor>> y =
        run_on_host(graph, std::span(&x, 1), {overflow, &memo, {}, {}});
    return y->front().as<float>()[0];
  };
  EXPECT_EQ(square(lowered, Overflow::InfNan, 300), std::numeric_limits<float>::infinity());
  EXPECT_EQ(square(lowered, Overflow::Saturate, 300), 65504.0f);
  EXPECT_EQ(square(kept, Overflow::Saturate, 300), 90000.0f);
  EXPECT_EQ(square(lowered, Overflow::Saturate, 2), 4.0f);
  EXPECT_EQ(square(fine, Overflow::Saturate, 1.25f + 0x1p-13f), 1.5625f + 0x1.4p-12f + 0x1p-26f);
  EXPECT_EQ(square(on_half_cube, Overflow::Saturate, 1.25f + 0x1p-13f), 1.5625f);
}

}  // namespace
}  // namespace keel::program
