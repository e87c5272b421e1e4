#include <gtest/gtest.h>

#include "compiler/program/host_execution.h"
#include "tests/support/graph_text.h"

namespace keel::program {
namespace {

std::vector<Tensor> run(const ir::Graph& graph, std::span<const Tensor> inputs, ResultMemo* memo,
                        bool expects_reuse = true) {
  Result<std::vector<Tensor>> outputs =
      run_on_host(graph, inputs, {Overflow::Saturate, memo, {}, {}, expects_reuse});
  EXPECT_TRUE(outputs.ok());
  return *std::move(outputs);
}

// Chains, a node with two results, values that are read late and twice, channel blocks, and an
// output that is read inside. The two operators are what variants differ in.
std::string text(const std::string& early, const std::string& late) {
  return "x: f32[2,6,9,8] = input\n"
         "w: f32[20,6,3,3] = constant random(1)\n"
         "v: f32[20,20,3,3] = constant random(2)\n"
         "a = Conv(x, w)\n"
         "b = " +
         early +
         "(a)\n"
         "c: f16[2,20,7,6] = Cast(b) to=f16\n"
         "d: f16[2,20,7,6] = Mul(c, c)\n"
         "e: f16[2,10,7,6], f: f16[2,10,7,6] = Split(d) axis=1\n"
         "g: f16[2,10,7,6] = Add(e, f)\n"
         "h: f16[2,20,7,6] = Concat(g, e) axis=1\n"
         "i: f32[2,20,7,6] = Cast(h) to=f32\n"
         "j = Add(i, a)\n"
         "k = Conv(j, v)\n"
         "l = " +
         late +
         "(k)\n"
         "r: i64[2] = constant {2, 3}\n"
         "m = ReduceMean(l, r)\n"
         "n = Mul(l, m)\n"
         "return n, j\n";
}

// Whatever the memo holds, forgets and makes again.
TEST(MemoisedRun, GivesTheSameAsARunWithoutAMemo) {
  const std::vector<std::string> early = {"Relu", "Abs", "Tanh"}, late = {"Exp", "Relu", "Sqrt"};
  for (const std::size_t budget : {0, 700, 3000, 9000, 20000, 40000, 1 << 20}) {
    ResultMemo memo(budget);
    for (int trial = 0; trial < 12; ++trial) {
      const auto t = static_cast<std::size_t>(trial);
      const ir::Graph graph = test::parse(text(early[t / 2 % 3], late[t % 3]));
      const std::vector<Tensor> inputs = test::random_inputs(graph, 5, trial % 4 == 3 ? 2 : 1);
      const std::vector<Tensor> ours = run(graph, inputs, &memo, trial % 5 == 0);
      const std::vector<Tensor> plain = run(graph, inputs, nullptr);
      for (std::size_t i = 0; i < plain.size(); ++i)
        EXPECT_TRUE(std::ranges::equal(ours[i].bytes(), plain[i].bytes()))
            << "output " << i << " of trial " << trial << " with " << budget << " bytes";
    }
  }
}

TEST(MemoisedRun, MakesAgainOnlyWhatIsRead) {
  const auto graph = [](const std::string& middle) {
    return test::parse(
        "x: f32[200,100] = input\n"
        "w: f32[100,100] = constant random(1)\n"
        "a = MatMul(x, w)\n"
        "b = Add(a, x)\n"
        "c = MatMul(a, w)\n"
        "d = " +
        middle +
        "(b)\n"
        "e = MatMul(d, w)\n"
        "return e\n");
  };
  const std::vector<Tensor> inputs = test::random_inputs(graph("Neg"), 1);
  ResultMemo memo(70000);  // what is known of all three products, and none of them
  run(graph("Neg"), inputs, &memo);
  EXPECT_EQ(memo.counts().misses, 3u);
  EXPECT_EQ(memo.counts().remade, 0u);
  run(graph("Abs"), inputs, &memo);
  EXPECT_EQ(memo.counts().misses, 4u);
  EXPECT_EQ(memo.counts().remade, 1u);  // a, which b is made of again; nobody reads c
}

TEST(MemoisedRun, TellsTheResultsOfOneStepApart) {
  ResultMemo memo(1 << 20);
  for (const std::string half : {"e", "f"}) {
    const ir::Graph graph = test::parse(
        "x: f32[4,6] = input\n"
        "w: f32[3,5] = constant random(1)\n"
        "e, f = Split(x) axis=1\n"
        "y = MatMul(" +
        half +
        ", w)\n"
        "return y\n");
    const std::vector<Tensor> inputs = test::random_inputs(graph, 1);
    EXPECT_TRUE(std::ranges::equal(run(graph, inputs, &memo)[0].bytes(),
                                   run(graph, inputs, nullptr)[0].bytes()))
        << half;
  }
}

// Relu and Abs make the same of what is not negative.
TEST(MemoisedRun, KnowsWhatReadsAnEqualResult) {
  const auto graph = [](const std::string& last) {
    return test::parse(
        "x: f32[4,5] = input\n"
        "w: f32[5,5] = constant random(1)\n"
        "a = MatMul(x, w)\n"
        "b = Abs(a)\n"
        "c = " +
        last +
        "(b)\n"
        "d = MatMul(c, w)\n"
        "return d\n");
  };
  const std::vector<Tensor> inputs = test::random_inputs(graph("Abs"), 1);
  ResultMemo memo(1 << 20);
  run(graph("Abs"), inputs, &memo);
  EXPECT_EQ(memo.counts().misses, 2u);
  run(graph("Relu"), inputs, &memo);
  EXPECT_EQ(memo.counts().misses, 3u);
  EXPECT_EQ(memo.counts().hits, 1u);
}

// Of a chain without products some steps are known too, so that it is not run from its start.
TEST(MemoisedRun, KnowsSomeStepsOfALongChain) {
  std::string chain = "x: f32[100] = input\ny0 = Abs(x)\n";
  for (int i = 1; i < 40; ++i)
    chain += "y" + std::to_string(i) + " = Add(y" + std::to_string(i - 1) + ", x)\n";
  const ir::Graph graph = test::parse(chain + "return y39\n");
  ResultMemo memo(1 << 20);
  run(graph, test::random_inputs(graph, 1), &memo);
  EXPECT_EQ(memo.counts().misses, 5u);
}

// A chain of products, with another operator before the first of them.
ir::Graph products(const std::string& first, int count) {
  std::string chain =
      "x: f32[8,8] = input\nw: f32[8,8] = constant random(1)\ny0 = " + first + "(x)\n";
  for (int i = 1; i <= count; ++i)
    chain += "y" + std::to_string(i) + " = MatMul(y" + std::to_string(i - 1) + ", w)\n";
  return test::parse(chain + "return y" + std::to_string(count) + "\n");
}

TEST(MemoisedRun, HoldsAtOnceWhatIsExpectedToBeOfUse) {
  ResultMemo memo(1 << 20);
  const std::vector<Tensor> inputs = test::random_inputs(products("Neg", 1), 1);
  run(products("Neg", 10), inputs, &memo);
  EXPECT_EQ(memo.counts().bytes, 10 * 8 * 8 * sizeof(float));
}

// Relu and Abs make the same of what is not negative: a product shows it, and then all behind it is
// known though the path there is new.
TEST(MemoisedRun, FindsItsWayBackBehindAnEqualResult) {
  const auto graph = [](const std::string& early) {
    std::string chain =
        "x: f32[8,8] = input\nw: f32[8,8] = constant random(1)\na = Abs(x)\ny0 = " + early +
        "(a)\n";
    for (int i = 1; i <= 8; ++i) {
      const std::string n = std::to_string(i);
      chain +=
          "m" + n + " = MatMul(y" + std::to_string(i - 1) + ", w)\ny" + n + " = Neg(m" + n + ")\n";
    }
    return test::parse(chain + "return y8\n");
  };
  const std::vector<Tensor> inputs = test::random_inputs(graph("Abs"), 1);
  ResultMemo memo(1 << 20);
  run(graph("Abs"), inputs, &memo);
  ASSERT_EQ(memo.counts().misses, 8u);
  run(graph("Relu"), inputs, &memo, false);
  EXPECT_EQ(memo.counts().misses, 9u);
  EXPECT_EQ(memo.counts().hits, 7u);
}

TEST(MemoisedRun, DoesNotNoteWhatLiesFarBehindADifference) {
  ResultMemo memo(1 << 20);
  const std::vector<Tensor> inputs = test::random_inputs(products("Neg", 1), 1);
  run(products("Neg", 10), inputs, &memo);
  ASSERT_EQ(memo.counts().misses, 10u);
  const std::vector<Tensor> ours = run(products("Abs", 10), inputs, &memo, false);
  EXPECT_EQ(memo.counts().misses, 13u);
  EXPECT_TRUE(
      std::ranges::equal(ours[0].bytes(), run(products("Abs", 10), inputs, nullptr)[0].bytes()));
}

TEST(MemoisedRun, NotesAndHoldsWhatAnExecutionBeforeHasComputed) {
  ResultMemo memo(1 << 20);
  const std::vector<Tensor> inputs = test::random_inputs(products("Neg", 1), 1);
  run(products("Abs", 10), inputs, &memo, false);
  EXPECT_EQ(memo.counts().misses, 3u);
  EXPECT_EQ(memo.counts().bytes, 0u);
  run(products("Abs", 10), inputs, &memo, false);
  EXPECT_EQ(memo.counts().misses, 10u) << "known are the first three, now the others too";
  EXPECT_GT(memo.counts().bytes, 0u);
  run(products("Abs", 10), inputs, &memo, false);
  EXPECT_EQ(memo.counts().misses, 10u);
  EXPECT_EQ(memo.counts().hits, 13u);
}

}  // namespace
}  // namespace keel::program
