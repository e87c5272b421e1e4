#include "compiler/program/host_execution.h"

#include <gtest/gtest.h>

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
  EXPECT_EQ(memo.counts().hits, 3u);
  EXPECT_EQ(digest(second->front()), digest(first->front()));
}

// What a result depends on must be in the key: the overflow rule, the rounding point, the content.
TEST(HostExecution, DoesNotConfuseResultsOfDifferentQuestions) {
  constexpr std::string_view lowered =
      "x: f16[1] = input\n"
      "y: f16[1] = Mul(x, x)\n"
      "return y\n";
  constexpr std::string_view kept =
      "x: f16[1] = input\n"
      "y: f32[1] = Mul(x, x)\n"
      "return y\n";
  ResultMemo memo(1 << 20);
  const auto square = [&](std::string_view text, Overflow overflow, float value) {
    Tensor x(DType::F16, {1});
    x.fill<float>()[0] = value;
    const Result<std::vector<Tensor>> y =
        run_on_host(test::parse(text), std::span(&x, 1), {overflow, &memo, {}, {}});
    return y->front().as<float>()[0];
  };
  EXPECT_EQ(square(lowered, Overflow::InfNan, 300), std::numeric_limits<float>::infinity());
  EXPECT_EQ(square(lowered, Overflow::Saturate, 300), 65504.0f);
  EXPECT_EQ(square(kept, Overflow::Saturate, 300), 90000.0f);
  EXPECT_EQ(square(lowered, Overflow::Saturate, 2), 4.0f);
}

}  // namespace
}  // namespace keel::program
