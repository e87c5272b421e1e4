#include "compiler/ir/text.h"

#include <gtest/gtest.h>

#include "compiler/base/random.h"
#include "compiler/ir/fields.h"

namespace keel::ir {
namespace {

std::string error_of(std::string_view text) {
  const Result<Graph> graph = parse(text);
  if (graph.ok()) return "no error";
  return graph.error().where + ": " + graph.error().what;
}

TEST(Text, PrintsWhatItParsed) {
  const std::string text = R"(x: f32[1,4] = input
w: f32[4,2] = constant {1, 2, 3, 4.5, -0, inf, 1e-45, nan}
y: f16[1,2] = MatMul(x, w) compute=f16 unit=0 kernel_group=3 origins=["dense"]
"a b": f16[1,2] = Clip(y, _, y) origins=[]
p: f16[1,1], q: f16[1,1] = Split("a b") axis=1
z: f16[1,2] = Concat(p, q) axis=1 origins=["dense", "c 1", "bn" BatchNormalization]
n: ~i64[2,3] = NonZero(x)
m: ~i64[3,2] = Transpose(n)
k: bool[2] = constant {0, 1}
return z, k, m
)";
  const Result<Graph> graph = parse(text);
  ASSERT_TRUE(graph.ok()) << graph.error().where << graph.error().what;
  EXPECT_EQ(print(*graph), text);
}

TEST(Text, InfersTypesThatAreLeftOut) {
  const Graph graph = *parse("# a comment\n\nx: f32[2,3] = input\ny = Transpose(x)\nreturn y\n");
  EXPECT_EQ(print(graph), "x: f32[2,3] = input\ny: f32[3,2] = Transpose(x)\nreturn y\n");
}

TEST(Text, InfersThatWhatReadsAVaryingShapeVaries) {
  const std::string text = "x: f32[3] = input\nn: ~i64[1,2] = NonZero(x)\n";
  EXPECT_EQ(print(*parse(text + "m = Transpose(n)\nreturn m\n")),
            text + "m: ~i64[2,1] = Transpose(n)\nreturn m\n");
}

TEST(Text, FillsConstants) {
  const Graph graph = *parse(
      "r: f32[100] = constant random(7)\ns: i64[2] = constant splat(3)\n"
      "h: f16[1] = constant {0.1}\nreturn r, s, h\n");
  for (const float value : graph[graph.outputs()[0]].constant->as<float>()) {
    EXPECT_GE(value, -1);
    EXPECT_LT(value, 1);
  }
  EXPECT_EQ(graph[graph.outputs()[1]].constant->as<std::int64_t>()[1], 3);
  EXPECT_EQ(graph[graph.outputs()[2]].constant->as<float>()[0], 0.0999755859375f);
}

TEST(Text, LargeConstantsPrintAsADigest) {
  const Graph graph = *parse("r: f32[3] = constant {1, 2, 3}\nreturn r\n");
  const std::string text = print(graph, {.largest_constant = 2});
  EXPECT_TRUE(text.starts_with("r: f32[3] = constant digest(")) << text;
  EXPECT_TRUE(error_of(text).starts_with(
      "line 1: expected '{', 'random(SEED)' or 'splat(VALUE)', found 'digest("));
}

TEST(Text, NamesAreEscaped) {
  const std::string text =
      "\"\\x0a\\\"\\\\\": f32[1] = input\n\"_\": f32[1] = input\n"
      "\"return\": f32[1] = Relu(\"_\") origins=[\"return\", \"\\x01\"]\n"
      "return \"\\x0a\\\"\\\\\"\n";
  const Result<Graph> graph = parse(text);
  ASSERT_TRUE(graph.ok()) << graph.error().what;
  EXPECT_EQ((*graph)[graph->inputs()[0]].name, "\n\"\\");
  EXPECT_EQ(print(*graph), text);
}

TEST(Text, ErrorsNameTheLine) {
  EXPECT_EQ(error_of(""), ": the text does not end in a 'return' line");
  EXPECT_EQ(error_of("x = input"),
            "line 1: an input or constant is one value with a type, such as 'x: f32[1,4]'");
  EXPECT_EQ(error_of("\nx: f31[1] = input"), "line 2: unknown dtype 'f31'");
  EXPECT_EQ(error_of("x: f32 = input"), "line 1: expected '[', found '= input'");
  EXPECT_EQ(error_of("x: f32[a] = input"), "line 1: a shape is not of the form [1,2,3]");
  EXPECT_EQ(error_of("x: f32[-1] = input"), "line 1: shape [-1] has the negative extent -1");
  EXPECT_EQ(error_of("x f32[1] = input"), "line 1: expected '=', found 'f32[1] = input'");
  EXPECT_EQ(error_of("x: f32[1] = input\nx = Relu(x)"), "line 2: value 'x' is defined twice");
  EXPECT_EQ(error_of("y = Relu(x)"), "line 1: value 'x' is not defined above");
  EXPECT_EQ(error_of("y = Rolu(x)"), "line 1: unknown operator 'Rolu'");
  EXPECT_EQ(error_of("x: f32[1] = input\ny = Relu(x) axis=1"),
            "line 2: Relu has no attribute 'axis'");
  EXPECT_EQ(error_of("x: f32[1] = input\ny = Softmax(x) axis=b"),
            "line 2: 'b' is not a value of attribute 'axis'");
  EXPECT_EQ(error_of("x: f32[1] = input\ny = Relu(x) compute=f8"),
            "line 2: 'f8' is not a value of attribute 'compute'");
  EXPECT_EQ(error_of("x: f32[1] = input\ny = Relu(x) unit=-1"),
            "line 2: '-1' is not a value of attribute 'unit'");
  EXPECT_EQ(error_of("w: f32[2] = constant {1}"), "line 1: 1 elements for f32[2]");
  EXPECT_EQ(error_of("w: i8[1] = constant {300}"), "line 1: '300' is not a number of dtype i8");
  EXPECT_EQ(error_of("w: i8[1] = constant {1"), "line 1: the elements do not end in '}'");
  EXPECT_EQ(error_of("w: i8[1099511627776] = constant {1}"),
            "line 1: a constant i8[1099511627776] has more than 268435456 elements");
  EXPECT_EQ(error_of("w: i8[1] = constant random(1)"), "line 1: random elements of dtype i8");
  EXPECT_EQ(error_of("\"x: f32[1] = input"), "line 1: a quoted name does not end");
  EXPECT_EQ(error_of("return\nx: f32[1] = input"), "line 2: a line after 'return'");
  EXPECT_EQ(error_of("x: f32[1] = input\nreturn x y"),
            "line 2: expected the end of the line, found 'y'");
  EXPECT_EQ(error_of("x: f32[1] = input\ny = Relu(x) origins=[\"a\" Conv]\n"
                     "z = Relu(x) origins=[\"a\" Relu]"),
            "line 3: origin 'a' is Conv and Relu");
}

TEST(Text, AnUndefinedValueComesWithTheNearestName) {
  const Result<Graph> graph = parse("conv1: f32[1] = input\ny = Relu(conv2)\n");
  ASSERT_FALSE(graph.ok());
  EXPECT_EQ(graph.error().fix, "use 'conv1' (nearest name)");
}

TEST(Text, CutAnywhereNeverCrashes) {
  const std::string text =
      "x: f32[1,4] = input\nw: f32[4,1] = constant {1, 2, 3, 4}\n"
      "\"a\\x20\": f16[1,1] = MatMul(x, w) compute=f16 origins=[\"d\" Gemm]\nreturn \"a\\x20\"\n";
  for (std::size_t length = 0; length < text.size(); ++length)
    static_cast<void>(parse(text.substr(0, length)));
}

// A graph of random operators over values of one shape, with every kind of optional part.
Graph random_graph(std::uint64_t seed) {
  Rng rng(seed);
  Graph graph;
  std::vector<ValueId> values;
  const auto pick = [&] { return values[rng.below(values.size())]; };
  const TensorType type{rng.below(2) ? DType::F32 : DType::F16, {1, 4}};
  for (std::uint64_t i = 0; i <= rng.below(3); ++i)
    values.push_back(graph.add_input({"in " + std::to_string(i), type, true, std::nullopt}));
  for (std::uint64_t i = 0; i < rng.below(4); ++i) {
    Tensor content(type.dtype, type.shape);
    for (float& value : content.fill<float>())
      value = round_to(format_of(type.dtype), Overflow::InfNan,
                       static_cast<float>(rng.uniform() * 1e3));
    values.push_back(graph.add_constant("w" + std::to_string(i), std::move(content)));
  }
  const std::uint64_t count = 1 + rng.below(12);
  for (std::uint64_t i = 0; i < count; ++i) graph.add_origin({"n" + std::to_string(i), "Conv"});
  for (std::uint64_t i = 0; i < count; ++i) {
    Node node;
    switch (rng.below(5)) {
      case 0:
        node.op = Unary{UnaryKind::LeakyRelu, static_cast<float>(rng.uniform())};
        break;
      case 1:
        node.op = Binary{BinaryKind::Mul};
        break;
      case 2:
        node.op = Clip{};
        break;
      case 3:
        node.op = Softmax{-1, rng.below(2) == 0, rng.below(2) == 0};
        break;
      case 4:
        node.op = Split{static_cast<std::int64_t>(rng.below(2))};
        break;
    }
    node.inputs = {pick()};
    if (std::holds_alternative<Binary>(node.op)) node.inputs.push_back(pick());
    if (std::holds_alternative<Clip>(node.op)) node.inputs = {pick(), kNoValue, pick()};
    if (rng.below(3) == 0) node.compute = static_cast<FloatFormat>(rng.below(4));
    if (rng.below(3) == 0) node.unit = static_cast<UnitId>(rng.below(5));
    if (rng.below(3) == 0) node.group = static_cast<GroupId>(rng.below(5));
    for (std::uint64_t origin = 0; origin < count; ++origin)
      if (rng.below(4) == 0) node.origins.push_back(static_cast<OriginId>(origin));
    std::vector<Value> outputs;
    const std::uint64_t parts = std::holds_alternative<Split>(node.op) ? 1 + rng.below(3) : 1;
    for (std::uint64_t part = 0; part < parts; ++part)
      outputs.push_back(
          {"v" + std::to_string(i) + ":" + std::to_string(part), type, true, std::nullopt});
    const NodeId id = graph.add_node(std::move(node), std::move(outputs));
    for (const ValueId output : graph[id].outputs) values.push_back(output);
  }
  graph.add_output(values.back());
  graph.add_output(pick());
  return graph;
}

TEST(Text, ParsingIsTheInverseOfPrinting) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Graph graph = random_graph(seed);
    ASSERT_TRUE(graph.verify().ok());
    const std::string text = print(graph);
    const Result<Graph> parsed = parse(text);
    ASSERT_TRUE(parsed.ok()) << parsed.error().where << ": " << parsed.error().what << "\n" << text;
    ASSERT_EQ(print(*parsed), text);
    ASSERT_EQ(structural_hash(*parsed), structural_hash(graph)) << text;
  }
}

TEST(Fields, EveryValueParsesBack) {
  const Op ops[] = {Conv{{2, 1}, {}, {0, 1}, 3, AutoPad::SameLower},
                    Gemm{0.1f, -2e-9f, true, false}, ConstantOfShape{0.5f, DType::BF16},
                    ShapeOf{-2, INT64_MAX}};
  for (const Op& op : ops) {
    Op copy;
    ASSERT_TRUE(op_named(name(op), copy));
    std::vector<std::string> texts;
    for_each_field(
        op, [&](std::string_view, const auto& value) { texts.push_back(field_text(value)); });
    std::size_t i = 0;
    for_each_field(
        copy, [&](std::string_view, auto& value) { EXPECT_TRUE(parse_field(texts[i++], value)); });
    EXPECT_EQ(copy, op);
  }
}

}  // namespace
}  // namespace keel::ir
