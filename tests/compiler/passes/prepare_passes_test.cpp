#include <gtest/gtest.h>

#include <array>

#include "compiler/passes/pipeline.h"
#include "tests/support/graph_text.h"

namespace keel::passes {
namespace {

using Run = Result<bool> (*)(ir::Graph&, const Context&);

// The graph after types are known, one pass, and dead code gone; large constants as digests.
std::string after(Run pass, std::string_view text) {
  ir::Graph graph = test::parse(text);
  EXPECT_TRUE(fold_constants(graph, {}).ok());
  EXPECT_TRUE(pass(graph, {}).ok());
  EXPECT_TRUE(eliminate_dead_code(graph, {}).ok());
  EXPECT_TRUE(graph.verify().ok());
  return ir::print(graph, {8});
}

// The first line of a printed graph that holds `word`.
std::string line_with(const std::string& text, const std::string& word) {
  const std::size_t at = text.find(word);
  if (at == std::string::npos) return "";
  const std::size_t begin = text.rfind('\n', at) + 1;
  return text.substr(begin, text.find('\n', at) - begin);
}

TEST(FoldConstants, ComputesWhatNoInputReaches) {
  EXPECT_EQ(after(fold_constants,
                  "x: f32[2] = input\n"
                  "a: f32[2] = constant {1, 2}\n"
                  "b: f32[2] = constant {3, 4}\n"
                  "c = Add(a, b)\n"
                  "y = Mul(x, c)\n"
                  "return y\n"),
            "x: f32[2] = input\n"
            "c: f32[2] = constant {4, 6}\n"
            "y: f32[2] = Mul(x, c)\n"
            "return y\n");
}

TEST(FoldConstants, FindsShapesThatDependOnTheInputsShapeOnly) {
  const std::string text = after(fold_constants,
                                 "x: f32[2,3,4] = input\n"
                                 "s = Shape(x)\n"
                                 "i: i64[1] = constant {0}\n"
                                 "n = Gather(s, i)\n"
                                 "m: i64[1] = constant {-1}\n"
                                 "t = Concat(n, m)\n"
                                 "y: f32[2,12] = Reshape(x, t)\n"
                                 "return y\n");
  EXPECT_EQ(line_with(text, "Reshape"), "y: f32[2,12] = Reshape(x, t)");
  EXPECT_EQ(text.find("Gather"), std::string::npos);
}

TEST(FoldConstants, LeavesWhatWouldOutgrowTheByteBudget) {
  ir::Graph graph = test::parse(
      "x: f32[64] = input\n"
      "s: i64[1] = constant {64}\n"
      "c = ConstantOfShape(s) value=2\n"
      "y = Add(x, c)\n"
      "return y\n");
  Context context;
  context.fold_byte_budget = 64;
  ASSERT_TRUE(fold_constants(graph, context).ok());
  EXPECT_NE(ir::print(graph).find("ConstantOfShape"), std::string::npos);
}

TEST(EliminateIdentity, ConnectsTheConsumerToTheProducer) {
  EXPECT_EQ(after(eliminate_identity,
                  "x: f32[2] = input\n"
                  "a = Identity(x)\n"
                  "y = Relu(a)\n"
                  "return y\n"),
            "x: f32[2] = input\n"
            "y: f32[2] = Relu(x)\n"
            "return y\n");
}

TEST(EliminateIdentity, KeepsTheOneThatNamesAGraphOutput) {
  EXPECT_NE(after(eliminate_identity,
                  "x: f32[2] = input\n"
                  "y = Identity(x)\n"
                  "return y\n")
                .find("Identity"),
            std::string::npos);
}

constexpr std::string_view kConvBatchNorm =
    "x: f32[1,2,5,5] = input\n"
    "w: f32[3,2,3,3] = constant random(1)\n"
    "b: f32[3] = constant random(2)\n"
    "g: f32[3] = constant {0.5, 2, -1}\n"
    "o: f32[3] = constant {1, 0, 3}\n"
    "m: f32[3] = constant {0.1, -0.2, 0.3}\n"
    "v: f32[3] = constant {1, 4, 0.25}\n"
    "c = Conv(x, w, b) pads=[1,1,1,1]\n"
    "y = BatchNormalization(c, g, o, m, v)\n"
    "return y\n";

TEST(FoldBatchNorm, GivesTheSameNumbers) {
  ir::Graph plain = test::parse(kConvBatchNorm);
  ir::Graph folded = plain;
  ASSERT_TRUE(*fold_batch_norm(folded, {}));
  const std::vector<Tensor> inputs = test::random_inputs(plain, 7);
  const std::vector<float> expected = test::run(plain, inputs);
  const std::vector<float> actual = test::run(folded, inputs);
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) EXPECT_NEAR(actual[i], expected[i], 1e-5);
}

TEST(FoldBatchNorm, GivesTheConvolutionBothOrigins) {
  const std::string text = after(fold_batch_norm, kConvBatchNorm);
  EXPECT_EQ(line_with(text, "Conv("),
            "y: f32[1,3,5,5] = Conv(x, c/folded_weight, c/folded_bias) pads=[1,1,1,1] "
            "origins=[\"c\", \"y\" BatchNormalization]");
}

TEST(FoldBatchNorm, LeavesDoublesAlone) {
  std::string text(kConvBatchNorm);
  for (std::size_t at = text.find("f32"); at != std::string::npos; at = text.find("f32"))
    text.replace(at, 3, "f64");
  for (std::size_t at = text.find("random("); at != std::string::npos; at = text.find("random("))
    text.replace(at, text.find(')', at) + 1 - at, "splat(2)");
  EXPECT_NE(after(fold_batch_norm, text).find("BatchNormalization"), std::string::npos);
}

TEST(FoldBatchNorm, LeavesAConvolutionThatSomethingElseReads) {
  std::string text(kConvBatchNorm);
  text.replace(text.find("return y"), 8, "return y, c");
  EXPECT_NE(after(fold_batch_norm, text).find("BatchNormalization"), std::string::npos);
}

TEST(FuseBias, MovesAPerChannelAddIntoTheConvolution) {
  const std::string text = after(fuse_bias,
                                 "x: f32[1,2,5,5] = input\n"
                                 "w: f32[3,2,3,3] = constant random(1)\n"
                                 "b: f32[3,1,1] = constant {1, 2, 3}\n"
                                 "c = Conv(x, w)\n"
                                 "y = Add(c, b)\n"
                                 "return y\n");
  EXPECT_EQ(text.find("Add("), std::string::npos) << text;
  EXPECT_NE(text.find("constant {1, 2, 3}"), std::string::npos) << text;
}

TEST(FuseBias, LeavesAnAddAlongAnotherAxis) {
  EXPECT_NE(after(fuse_bias,
                  "x: f32[1,2,5,3] = input\n"
                  "w: f32[3,2,1,1] = constant random(1)\n"
                  "b: f32[3] = constant {1, 2, 3}\n"
                  "c = Conv(x, w)\n"
                  "y = Add(c, b)\n"
                  "return y\n")
                .find("Add"),
            std::string::npos);
}

TEST(FuseActivation, GroupsAReluThatAloneReadsAProduct) {
  const std::string text = after(fuse_activation,
                                 "x: f32[1,4] = input\n"
                                 "w: f32[4,4] = constant random(1)\n"
                                 "a = MatMul(x, w)\n"
                                 "y = Relu(a)\n"
                                 "return y\n");
  EXPECT_NE(line_with(text, "MatMul").find("group="), std::string::npos) << text;
  EXPECT_NE(line_with(text, "Relu").find("group="), std::string::npos) << text;
}

constexpr std::string_view kLayerNorm =
    "x: f32[2,8] = input\n"
    "axes: i64[1] = constant {-1}\n"
    "e: f32[1] = constant {0.001}\n"
    "g: f32[8] = constant random(3)\n"
    "m = ReduceMean(x, axes)\n"
    "d = Sub(x, m)\n"
    "q = Mul(d, d)\n"
    "v = ReduceMean(q, axes)\n"
    "s = Add(v, e)\n"
    "r = Sqrt(s)\n"
    "n = Div(d, r)\n"
    "y = Mul(n, g)\n"
    "return y\n";

TEST(FuseLayerNorm, GroupsTheDecomposedForm) {
  ir::Graph graph = test::parse(kLayerNorm);
  ASSERT_TRUE(*fuse_layer_norm(graph, {}));
  for (const ir::NodeId id : graph.nodes()) EXPECT_TRUE(graph[id].group) << graph.describe(id);
}

TEST(FuseLayerNorm, LeavesAFormWhoseCentredValueIsReadElsewhere) {
  std::string text(kLayerNorm);
  text.replace(text.find("return y"), 8, "z = Relu(d)\nreturn y, z");
  ir::Graph graph = test::parse(text);
  EXPECT_FALSE(*fuse_layer_norm(graph, {}));
}

// "name:unit" of each node that has one, in id order.
std::string units(std::string_view text) {
  ir::Graph graph = test::parse(text);
  EXPECT_TRUE(run(prepare_pipeline(), graph, {}).ok());
  std::string result;
  for (const ir::NodeId id : graph.nodes())
    if (graph[id].unit)
      result += graph[graph[id].origins.front()].name + ":" +
                std::to_string(index(*graph[id].unit)) + " ";
  return result;
}

TEST(FormUnits, PutsALayoutOperatorIntoItsProducersUnit) {
  EXPECT_EQ(units("x: f32[2,3] = input\n"
                  "a = Exp(x)\n"
                  "t = Transpose(a) perm=[1,0]\n"
                  "y = Log(t)\n"
                  "return y\n"),
            "a:0 t:0 y:1 ");
}

TEST(FormUnits, MakesOneUnitOfTheLayoutOperatorsAtAnInput) {
  EXPECT_EQ(units("x: f32[2,3] = input\n"
                  "t = Transpose(x) perm=[1,0]\n"
                  "s: i64[1] = constant {6}\n"
                  "r = Reshape(x, s)\n"
                  "y = Exp(t)\n"
                  "z = Exp(r)\n"
                  "return y, z\n"),
            "t:0 r:0 y:1 z:2 ");
}

TEST(FormUnits, LeavesIntegerWorkOut) {
  EXPECT_EQ(units("i: i64[2] = input\n"
                  "x: f32[2] = input\n"
                  "j = Add(i, i)\n"
                  "y = Exp(x)\n"
                  "return y, j\n"),
            "y:0 ");
}

TEST(Pipeline, NamesThePassInAnError) {
  ir::Graph graph = test::parse(
      "x: f32[2,3] = input\n"
      "w: f32[4,5] = input\n"
      "y: f32[2,5] = MatMul(x, w)\n"
      "return y\n");
  const Status status = run(prepare_pipeline(), graph, {});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().where, "pass 'fold-constants': node 'y' (MatMul)");
}

Result<bool> do_nothing(ir::Graph&, const Context&) { return false; }

Result<bool> make_a_cycle(ir::Graph& graph, const Context&) {
  const ir::NodeId first = graph.nodes().front();
  graph.edit(first).inputs = {graph[first].outputs[0]};
  return true;
}

TEST(Pipeline, NamesThePassThatBreaksTheGraph) {
  const std::array passes = {Pass{"first", do_nothing}, Pass{"second", make_a_cycle},
                             Pass{"third", do_nothing}};
  const auto where = [&](Verify verify) {
    ir::Graph graph = test::parse("x: f32[2] = input\ny = Relu(x)\nreturn y\n");
    const Status status = run(passes, graph, {}, {}, verify);
    return status.ok() ? "" : status.error().where;
  };
  EXPECT_EQ(where(Verify::AfterEachPass), "pass 'second': node 'y' (Relu)");
  EXPECT_EQ(where(Verify::AtTheEnd), "pass 'first', 'second', 'third': node 'y' (Relu)");
}

}  // namespace
}  // namespace keel::passes
