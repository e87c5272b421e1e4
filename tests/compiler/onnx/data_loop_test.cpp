#include <array>

#include "tests/compiler/onnx/computed.h"

namespace keel::onnx_io {
namespace {

// Loops that the data ends.

using ::onnx::TensorProto;

Tensor f32(std::vector<float> values) {
  return make_f32({static_cast<std::int64_t>(values.size())}, values);
}

Tensor i64(std::int64_t value) { return make_i64({}, std::array{value}); }

// The body of a loop, up to its own nodes.
ModelBuilder body_of(const Shape& carried) {
  ModelBuilder body;
  body.input("i", {}, TensorProto::INT64).input("go", {}, TensorProto::BOOL).input("v", carried);
  return body;
}

// Doubles v while the double is below 100; y the last, s what each iteration began with.
ModelBuilder doubling(const std::string& trip_count = "") {
  ModelBuilder body = body_of({1});
  body.initializer("hundred", {1}, TensorProto::FLOAT).add_float_data(100);
  body.node("Add", {"v", "v"}, {"w"}).node("Less", {"w", "hundred"}, {"on"});
  body.node("Identity", {"v"}, {"scan"}).output("on").output("w").output("scan");
  ModelBuilder model;
  model.input("x", {1}).ints("three", {3}).ints("many", {INT64_MAX});
  model.node("Loop", {trip_count, "", "x"}, {"y", "s"}).set("body", body);
  return model;
}

// Adds the element i of x in iteration i, as often as n says; y the sum, s every sum.
ModelBuilder adding() {
  ModelBuilder body = body_of({});
  body.node("Gather", {"x", "i"}, {"e"}).node("Add", {"v", "e"}, {"w"});
  body.node("Identity", {"go"}, {"on"}).node("Identity", {"w"}, {"scan"});
  body.output("on").output("w").output("scan");
  ModelBuilder model;
  model.input("n", {}, TensorProto::INT64).input("x", {3});
  model.initializer("zero", {}, TensorProto::FLOAT).add_float_data(0);
  model.node("Loop", {"n", "", "zero"}, {"y", "s"}).set("body", body);
  return model;
}

// Of the first output; the shapes that follow from the data are those on `example`.
Numbers run(const ModelBuilder& model, const std::vector<Tensor>& inputs,
            const std::vector<Tensor>& example, const LoadOptions& options = {}) {
  const Result<std::vector<Tensor>> results = results_of(model, inputs, example, options);
  if (results.ok()) return numbers_of(results->front());
  ADD_FAILURE() << to_text(results.error());
  return {};
}

TEST(DataLoop, RunsAsOftenAsEachExecutionSays) {
  const ModelBuilder model = doubling().output("y");
  for (const auto& [x, y] : {std::pair{60.0f, 120.0}, {30.0f, 120.0}, {1.0f, 128.0}, {500, 1000}})
    EXPECT_EQ(run(model, {f32({x})}, {f32({1})}), (Numbers{y})) << x;
}

TEST(DataLoop, HasAScanOutputOfThoseIterations) {
  const ModelBuilder model = doubling().output("s");
  EXPECT_EQ(run(model, {f32({20})}, {f32({60})}), (Numbers{20, 40, 80}));
  EXPECT_EQ(run(model, {f32({60})}, {f32({20})}), (Numbers{60}));
}

TEST(DataLoop, CountsUpToATripCountOfTheData) {
  const Tensor x = f32({1, 10, 100});
  const std::vector<Tensor> example{i64(2), x};
  EXPECT_EQ(run(adding().output("y"), {i64(3), x}, example), (Numbers{111}));
  EXPECT_EQ(run(adding().output("s"), {i64(3), x}, example), (Numbers{1, 11, 111}));
  EXPECT_EQ(run(adding().output("y"), {i64(0), x}, example), (Numbers{0}));
  EXPECT_EQ(run(adding().output("s"), {i64(0), x}, example), (Numbers{}));
}

// Beyond its end the element that an iteration would take is not there.
TEST(DataLoop, DoesNothingBeyondItsEndThatCouldFail) {
  const Tensor x = f32({1, 10, 100});
  LoadOptions options;
  options.loop_iterations = 4000;
  EXPECT_EQ(run(adding().output("y"), {i64(3), x}, {i64(1), x}, options), (Numbers{111}));
}

// What is carried is then the number of an element that is not there.
TEST(DataLoop, RunsItsBodyOnWhatItFirstCarriedBeyondItsEnd) {
  ModelBuilder body;
  body.input("i", {}, TensorProto::INT64).input("go", {}, TensorProto::BOOL);
  body.input("at", {}, TensorProto::INT64).node("Gather", {"x", "at"}, {"scan"});
  body.node("Add", {"at", "one"}, {"next"}).node("Less", {"next", "n"}, {"on"});
  body.output("on").output("next").output("scan");
  ModelBuilder model;
  model.input("n", {}, TensorProto::INT64).input("x", {3});
  model.initializer("zero", {}, TensorProto::INT64).add_int64_data(0);
  model.initializer("one", {}, TensorProto::INT64).add_int64_data(1);
  model.node("Loop", {"", "", "zero"}, {"y", "s"}).set("body", body).output("s");
  const Tensor x = f32({5, 6, 7});
  EXPECT_EQ(run(model, {i64(3), x}, {i64(2), x}), (Numbers{5, 6, 7}));
}

TEST(DataLoop, MayCarryWhatGrows) {
  ModelBuilder body = body_of({1});
  body.ints("zero", {0}).node("Concat", {"v", "v"}, {"w"}).set("axis", std::int64_t{0});
  body.node("Shape", {"w"}, {"extents"}).node("Gather", {"extents", "zero"}, {"extent"});
  body.node("Less", {"extent", "limit"}, {"on"}).output("on").output("w");
  ModelBuilder model;
  model.input("limit", {1}, TensorProto::INT64).input("x", {1});
  model.node("Loop", {"", "", "x"}, {"y"}).set("body", body).output("y");
  const Tensor x = f32({7}), five = make_i64({1}, std::array<std::int64_t, 1>{5});
  const Tensor two = make_i64({1}, std::array<std::int64_t, 1>{2});
  LoadOptions options;
  options.loop_iterations = 6;
  EXPECT_EQ(run(model, {five, x}, {two, x}, options), (Numbers(8, 7)));
  EXPECT_EQ(run(model, {two, x}, {five, x}, options), (Numbers(2, 7)));
}

TEST(DataLoop, MayBeInAnother) {
  ModelBuilder inner = body_of({});
  inner.node("Add", {"v", "one"}, {"w"}).node("Identity", {"go"}, {"on"}).output("on").output("w");
  ModelBuilder body;
  body.input("k", {}, TensorProto::INT64).input("goes", {}, TensorProto::BOOL).input("u", {});
  body.node("Loop", {"k", "", "u"}, {"t"}).set("body", inner);
  body.node("Identity", {"goes"}, {"more"}).output("more").output("t");
  ModelBuilder model;
  model.input("n", {}, TensorProto::INT64).input("x", {});
  model.initializer("one", {}, TensorProto::FLOAT).add_float_data(1);
  model.node("Loop", {"n", "", "x"}, {"y"}).set("body", body).output("y");
  LoadOptions options;
  options.loop_iterations = 5;
  const Tensor x = make_f32({}, std::array{100.0f});
  EXPECT_EQ(run(model, {i64(4), x}, {i64(0), x}, options), (Numbers{100 + 0 + 1 + 2 + 3}));
}

std::size_t nodes_named(const ir::Graph& graph, std::string_view op) {
  return static_cast<std::size_t>(std::ranges::count_if(
      graph.nodes(), [&](ir::NodeId id) { return ir::name(graph[id].op) == op; }));
}

TEST(DataLoop, HasNoMoreIterationsThanItsTripCount) {
  const Result<Model> model = load_built(doubling("three").output("y"));
  ASSERT_TRUE(model.ok()) << to_text(model.error());
  EXPECT_EQ(nodes_named(model->graph, "Add"), 3u + 2u) << "two count iterations";
  EXPECT_EQ(nodes_named(model->graph, "Loop"), 0u) << "it cannot go on";
  EXPECT_EQ(run(doubling("three").output("y"), {f32({1})}, {f32({1})}), (Numbers{8}));
}

TEST(DataLoop, ThatGoesOnBeyondItsIterationsIsAnError) {
  for (const char* trip_count : {"", "many"}) {
    const ModelBuilder model = doubling(trip_count).output("y");
    LoadOptions options;
    options.loop_iterations = 7;
    EXPECT_EQ(run(model, {f32({1})}, {f32({1})}, options), (Numbers{128})) << "in seven";
    options.loop_iterations = 6;
    const auto results = results_of(model, {f32({1})}, {f32({60})}, options);
    ASSERT_FALSE(results.ok());
    EXPECT_EQ(results.error().code, ErrorCode::InvalidConfig);
    EXPECT_EQ(results.error().what, "the loop goes on after 6 iterations");
    EXPECT_NE(results.error().where.find("'n_y'"), std::string::npos) << results.error().where;
    EXPECT_EQ(results.error().fix, "give --loop_iterations a greater number");
  }
}

TEST(DataLoop, EndsWhereAConstantSaysSo) {
  ModelBuilder body = body_of({});
  body.initializer("no", {}, TensorProto::BOOL).add_int32_data(0);
  body.node("Add", {"v", "v"}, {"w"}).node("Identity", {"no"}, {"on"}).output("on").output("w");
  ModelBuilder model;
  model.input("n", {}, TensorProto::INT64).input("x", {});
  model.node("Loop", {"n", "", "x"}, {"y"}).set("body", body).output("y");
  const Result<Model> loaded = load_built(model);
  ASSERT_TRUE(loaded.ok()) << to_text(loaded.error());
  EXPECT_EQ(nodes_named(loaded->graph, "Loop"), 0u);
  const Tensor x = make_f32({}, std::array{3.0f});
  EXPECT_EQ(run(model, {i64(9), x}, {i64(9), x}), (Numbers{6}));
  EXPECT_EQ(run(model, {i64(0), x}, {i64(9), x}), (Numbers{3}));
}

// Whether it goes on follows from a shape that follows from the data.
TEST(DataLoop, MayDependOnAShapeOfTheData) {
  ModelBuilder body = body_of({3});
  body.node("Sub", {"v", "one"}, {"lower"}).node("Relu", {"lower"}, {"w"});
  body.node("NonZero", {"w"}, {"places"}).node("Size", {"places"}, {"left"});
  body.node("Greater", {"left", "none"}, {"on"}).output("on").output("w");
  body.node("Identity", {"left"}, {"scan"}).output("scan");
  ModelBuilder model;
  model.input("x", {3});
  model.initializer("one", {1}, TensorProto::FLOAT).add_float_data(1);
  model.initializer("none", {}, TensorProto::INT64).add_int64_data(0);
  model.node("Loop", {"", "", "x"}, {"y", "s"}).set("body", body).output("s");
  EXPECT_EQ(run(model, {f32({1, 2, 4})}, {f32({1, 1, 1})}), (Numbers{2, 1, 1, 0}));
}

TEST(DataLoop, OfABrokenTripCountIsAnError) {
  ModelBuilder model;
  ModelBuilder body = body_of({});
  body.node("Neg", {"v"}, {"w"}).node("Identity", {"go"}, {"on"}).output("on").output("w");
  model.input("n", {2}, TensorProto::INT64).input("x", {});
  model.node("Loop", {"n", "", "x"}, {"y"}).set("body", body).output("y");
  const std::vector<Tensor> inputs{make_i64({2}, std::array<std::int64_t, 2>{1, 2}),
                                   make_f32({}, std::array{1.0f})};
  const auto results = results_of(model, inputs, inputs);
  ASSERT_FALSE(results.ok());
  EXPECT_EQ(results.error().code, ErrorCode::InvalidModel);
}

}  // namespace
}  // namespace keel::onnx_io
