#include <gtest/gtest.h>

#include "compiler/base/error_text.h"
#include "compiler/passes/pipeline.h"
#include "tests/compiler/onnx/model_builder.h"

namespace keel::onnx_io {
namespace {

// The operators of the graph in order, with the names of their results.
std::string operators(const Result<Model>& model) {
  if (!model.ok()) return model.error().what + " @ " + model.error().where;
  std::string text;
  const ir::Graph& graph = model->graph;
  for (const ir::NodeId id : ir::topological_order(graph)) {
    text += text.empty() ? "" : " ";
    text += std::string(ir::name(graph[id].op)) + ":" + graph[graph[id].outputs[0]].name;
  }
  return text;
}

ModelBuilder branch(const std::string& op, const std::string& input, const std::string& output) {
  ModelBuilder body;
  body.node(op, {input}, {output}).output(output);
  return body;
}

// y = sr == 16000 ? exp(x) : log(x)
ModelBuilder by_rate() {
  ModelBuilder model;
  model.input("x", {2}).input("sr", {}, ::onnx::TensorProto::INT64).ints("rate", {16000});
  model.node("Equal", {"sr", "rate"}, {"c"}).node("If", {"c"}, {"y"});
  model.set("then_branch", branch("Exp", "x", "t")).set("else_branch", branch("Log", "x", "e"));
  model.output("y");
  return model;
}

TEST(ControlFlow, AnIfBecomesTheBranchItTakes) {
  LoadOptions options;
  options.known_inputs.emplace("sr", make_i64({}, std::array<std::int64_t, 1>{16000}));
  const Result<Model> model = load_built(by_rate(), options);
  EXPECT_EQ(operators(model), "Equal:c Exp:t Identity:y");
  EXPECT_EQ(model->fixed_inputs, std::vector<std::string>{"sr"});
  EXPECT_EQ(model->graph.inputs().size(), 2u) << "samples still have it";

  options.known_inputs.at("sr") = make_i64({}, std::array<std::int64_t, 1>{8000});
  EXPECT_EQ(operators(load_built(by_rate(), options)), "Equal:c Log:e Identity:y");
}

TEST(ControlFlow, NodesOfBothBranchesHaveNamesOfTheirOwn) {
  LoadOptions options;
  options.known_inputs.emplace("sr", make_i64({}, std::array<std::int64_t, 1>{16000}));
  const Result<Model> model = load_built(by_rate(), options);
  std::vector<std::string> names;
  for (const ir::Origin& origin : model->graph.origins()) names.push_back(origin.name);
  EXPECT_EQ(names, (std::vector<std::string>{"n_c", "n_y", "n_t", "n_e"}));
  ASSERT_EQ(model->file_nodes.size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(model->file_nodes[i].name, names[i]);
    EXPECT_EQ(model->file_nodes[i].inside, i < 2 ? std::nullopt : std::optional<std::size_t>(1))
        << "the If is node 1";
  }
}

TEST(ControlFlow, AnIfOnDataBecomesBothBranchesAndAChoice) {
  EXPECT_EQ(operators(load_built(by_rate())), "Equal:c Exp:t Log:e If:y/partial_1 Identity:y");
}

TEST(ControlFlow, AnIfOnDataMayGiveOtherShapesButNotOtherDtypes) {
  ModelBuilder model;
  model.input("x", {2}).input("c", {}, ::onnx::TensorProto::BOOL);
  model.node("NonZero", {"x"}, {"n"}).node("If", {"c"}, {"y"});
  model.set("then_branch", branch("Neg", "n", "t")).set("else_branch", branch("Shape", "x", "e"));
  EXPECT_EQ(operators(load_built(model.output("y"))),
            "NonZero:n Neg:t Shape:e If:y/partial_1 Identity:y");

  ModelBuilder mixed;
  mixed.input("x", {2}).input("c", {}, ::onnx::TensorProto::BOOL).node("If", {"c"}, {"y"});
  mixed.set("then_branch", branch("Neg", "x", "t")).set("else_branch", branch("Shape", "x", "e"));
  Result<Model> loaded = load_built(mixed.output("y"));
  ASSERT_TRUE(loaded.ok()) << to_text(loaded.error());
  const Status prepared = passes::run(passes::prepare_pipeline(), loaded->graph, {});
  ASSERT_FALSE(prepared.ok());
  EXPECT_EQ(prepared.error().code, ErrorCode::InvalidModel);
  EXPECT_NE(to_text(prepared.error()).find("'n_y'"), std::string::npos)
      << to_text(prepared.error());
}

TEST(ControlFlow, AnIfOfUnlikeBranchesNeedsSamples) {
  ModelBuilder twice;
  twice.node("Concat", {"x", "x"}, {"e"}).set("axis", std::int64_t{0}).output("e");
  ModelBuilder model;
  model.input("x", {2}).input("c", {}, ::onnx::TensorProto::BOOL).node("If", {"c"}, {"y"});
  model.set("then_branch", branch("Exp", "x", "t")).set("else_branch", twice).output("y");
  Result<Model> loaded = load_built(model);
  ASSERT_TRUE(loaded.ok()) << to_text(loaded.error());
  const Status prepared = passes::run(passes::prepare_pipeline(), loaded->graph, {});
  ASSERT_FALSE(prepared.ok());
  EXPECT_EQ(prepared.error().code, ErrorCode::Unsupported);
  EXPECT_EQ(prepared.error().what, "the branches give [2] and [4], and the data decides which");
}

// Starts from x, adds it `trips` times; y the sum, s every sum.
ModelBuilder summing(std::int64_t trips) {
  ModelBuilder body;
  body.input("i", {}, ::onnx::TensorProto::INT64).input("go", {}, ::onnx::TensorProto::BOOL);
  body.input("v", {2});
  body.node("Add", {"v", "x"}, {"w"}).node("Identity", {"w"}, {"scan"});
  body.node("Identity", {"go"}, {"on"}).output("on").output("w").output("scan");
  ModelBuilder model;
  model.input("x", {2}).ints("m", {trips});
  model.node("Loop", {"m", "", "x"}, {"y", "s"}).set("body", body);
  model.output("y").output("s");
  return model;
}

TEST(ControlFlow, ALoopBecomesItsIterations) {
  EXPECT_EQ(operators(load_built(summing(2))),
            "Add:w Identity:scan Identity:on Add:w_1 Identity:scan_1 Identity:on_1 "
            "Unsqueeze:y/partial_1 Unsqueeze:y/partial_2 Concat:y/partial_3 Identity:y Identity:s");
}

TEST(ControlFlow, NamesOfIterationsAreNoneOfTheFile) {
  ModelBuilder model = summing(2);
  model.node("Neg", {"x"}, {"w_1"}).output("w_1");
  EXPECT_EQ(operators(load_built(model)),
            "Add:w Identity:scan Identity:on Add:w_2 Identity:scan_1 Identity:on_1 "
            "Unsqueeze:y/partial_1 Unsqueeze:y/partial_2 Concat:y/partial_3 Identity:y Identity:s "
            "Neg:w_1");
}

TEST(ControlFlow, TheIterationsShareOrigins) {
  const Result<Model> model = load_built(summing(3));
  ASSERT_TRUE(model.ok()) << to_text(model.error());
  EXPECT_EQ(model->graph.origins().size(), 4u);
}

// 3,000 times 3,000 iterations would be nine million copies of the inner body.
TEST(ControlFlow, LoopsInOneAnotherAreRefusedBeforeTheyFillTheMemory) {
  using ::onnx::TensorProto;
  const auto body = [](const ModelBuilder& nodes) {
    ModelBuilder graph = nodes;
    graph.input("i", {}, TensorProto::INT64).input("go", {}, TensorProto::BOOL).input("v", {1});
    graph.node("Identity", {"go"}, {"on"}).output("on").output("w");
    return graph;
  };
  ModelBuilder negation, inner, model;
  negation.node("Neg", {"v"}, {"w"});
  inner.node("Loop", {"many", "", "v"}, {"w"}).set("body", body(negation));
  model.input("x", {1}).ints("many", {3000});
  model.node("Loop", {"many", "", "x"}, {"y"}).set("body", body(inner)).output("y");
  const Result<Model> loaded = load_built(model);
  ASSERT_FALSE(loaded.ok());
  EXPECT_NE(loaded.error().what.find("control flow of more than 65536 bodies"), std::string::npos)
      << loaded.error().what;
}

TEST(ControlFlow, ALongLoopIsRefused) {
  EXPECT_EQ(load_built(summing(5000)).error().what,
            "1 operator cannot be run: Loop of more than 4096 iterations (1 node)");
}

TEST(ControlFlow, AScanBecomesItsSteps) {
  ModelBuilder body;
  body.input("state", {3}).input("slice", {3});
  body.node("Add", {"state", "slice"}, {"sum"}).node("Relu", {"sum"}, {"r"});
  body.output("sum").output("r");
  ModelBuilder model;
  model.input("s0", {3}).input("x", {2, 3});
  model.node("Scan", {"s0", "x"}, {"last", "all"}).set("num_scan_inputs", std::int64_t{1});
  model.set("body", body).output("last").output("all");
  EXPECT_EQ(operators(load_built(model)),
            "Gather:last/partial_1 Add:sum Relu:r Gather:last/partial_2 Add:sum_1 Relu:r_1 "
            "Unsqueeze:last/partial_3 Unsqueeze:last/partial_4 Concat:last/partial_5 Identity:last "
            "Identity:all");
}

TEST(ControlFlow, BrokenSubgraphsAreErrors) {
  ModelBuilder no_branch;
  no_branch.input("x", {1}, ::onnx::TensorProto::BOOL).node("If", {"x"}, {"y"}).output("y");
  EXPECT_EQ(imported(no_branch), "attribute 'then_branch' is missing @ m.onnx: node 'n_y' (If)");
  ModelBuilder unknown = by_rate();
  unknown.last().mutable_attribute(0)->mutable_g()->mutable_node(0)->set_input(0, "nowhere");
  EXPECT_EQ(imported(unknown),
            "value 'nowhere' is used but nothing defines it @ m.onnx: node 'n_y' (If)");
  ModelBuilder inputs = summing(2);
  inputs.last().mutable_attribute(0)->mutable_g()->mutable_input()->RemoveLast();
  EXPECT_EQ(imported(inputs),
            "value 'v' is used but nothing defines it @ m.onnx: node 'n_y' (Loop)");
}

}  // namespace
}  // namespace keel::onnx_io
