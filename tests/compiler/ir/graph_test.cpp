#include "compiler/ir/graph.h"

#include <gtest/gtest.h>

#include "compiler/ir/text.h"

namespace keel::ir {
namespace {

constexpr const char* kDiamond = R"(
x: f32[2] = input
a = Relu(x)
b = Exp(a)
c = Neg(a)
d = Add(b, c)
return d
)";

std::vector<std::string> names(const Graph& graph, std::span<const NodeId> nodes) {
  std::vector<std::string> result;
  for (const NodeId id : nodes) result.push_back(graph[graph[id].outputs[0]].name);
  return result;
}

TEST(Graph, TopologicalOrderTakesTheLowestIdFirst) {
  const Graph graph = *parse(kDiamond);
  EXPECT_EQ(names(graph, topological_order(graph)), (std::vector<std::string>{"a", "b", "c", "d"}));
}

TEST(Graph, ConsumersAreInIdOrderAndEachOnce) {
  const Graph graph = *parse("x: f32[2] = input\na = Add(x, x)\nb = Mul(a, x)\nreturn b\n");
  EXPECT_EQ(names(graph, Readers(graph)[graph.inputs()[0]]), (std::vector<std::string>{"a", "b"}));
}

TEST(Graph, ACopyWithRoomMovesNoNodeWhenItGrows) {
  const Graph graph = *parse(kDiamond);
  Graph copy = graph.with_room(10);
  EXPECT_EQ(print(copy), print(graph));
  const NodeId last = graph.nodes().back();
  const Node* node = &copy[last];
  const Value* value = &copy[graph[last].outputs[0]];
  for (int i = 0; i < 10; ++i) {
    Node more;
    more.op = Unary{UnaryKind::Relu};
    more.inputs = {graph.inputs()[0]};
    Value value_of_more;
    value_of_more.name = "more" + std::to_string(i);
    value_of_more.type = {DType::F32, {2}};
    copy.add_node(std::move(more), {value_of_more});
  }
  EXPECT_EQ(&copy[last], node);
  EXPECT_EQ(&copy[graph[last].outputs[0]], value);
  EXPECT_TRUE(copy.verify().ok());
}

TEST(Graph, VerifyReportsACycle) {
  Graph graph = *parse(kDiamond);
  const std::vector<NodeId> order = topological_order(graph);
  graph.edit(order[0]).inputs = {graph[order[3]].outputs[0]};
  const Status status = graph.verify();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().what, "the node waits for itself");
  EXPECT_EQ(status.error().where, "node 'a' (Relu)");
}

TEST(Graph, VerifyReportsAnErasedInput) {
  Graph graph = *parse(kDiamond);
  const std::vector<NodeId> order = topological_order(graph);
  graph.erase(order[1]);
  const Status status = graph.verify();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().what, "an input is an erased value");
  EXPECT_EQ(status.error().where, "node 'd' (Add)");
}

TEST(Graph, VerifyReportsAResultThatIsNotSaidToVary) {
  const Graph graph = *parse(
      "x: f32[3] = input\nn: ~i64[1,2] = NonZero(x)\nm: i64[2,1] = Transpose(n)\nreturn m\n");
  const Status status = graph.verify();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().what, "its results are not said to vary");
  EXPECT_EQ(status.error().where, "node 'm' (Transpose)");
}

TEST(StructuralHash, KnowsAVaryingShapeFromAFixedOne) {
  const std::string before = "x: f32[3] = input\nn: ";
  const std::string after = "i64[1,2] = NonZero(x)\nreturn n\n";
  EXPECT_NE(structural_hash(*parse(before + "~" + after)), structural_hash(*parse(before + after)));
}

TEST(StructuralHash, IgnoresNamesAndIds) {
  const Digest digest = structural_hash(*parse(kDiamond));
  EXPECT_EQ(digest, structural_hash(*parse(R"(
in: f32[2] = input
r = Relu(in)
n = Neg(r)
e = Exp(r)
out = Add(e, n)
return out
)")));
}

TEST(StructuralHash, ChangesWithWhatIsComputed) {
  const auto hash = [](const std::string& node) {
    return structural_hash(
        *parse("x: f32[2,2] = input\nz: f32[2,2] = input\n" + node + "\nreturn y\n"));
  };
  const std::vector<std::string> nodes{"y = Add(x, z)",         "y = Add(z, x)",
                                       "y = Sub(x, z)",         "y = Softmax(x)",
                                       "y = Softmax(x) axis=0", "y = Softmax(z)",
                                       "y = MatMul(x, z)",      "y = MatMul(x, z) compute=f16"};
  for (std::size_t i = 0; i < nodes.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(hash(nodes[i]), hash(nodes[j])) << nodes[i];
}

}  // namespace
}  // namespace keel::ir
