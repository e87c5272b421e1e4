#include <array>

#include "tests/compiler/onnx/computed.h"

namespace keel::onnx_io {
namespace {

// What unrolled control flow computes.

using ::onnx::TensorProto;

TensorProto& scalar(ModelBuilder& model, const std::string& name, int type) {
  return model.initializer(name, {}, type);
}

// Adds the number of each iteration to x while it is below 2; y the last, s every sum.
ModelBuilder counting(const std::string& condition) {
  ModelBuilder body;
  body.input("i", {}, TensorProto::INT64).input("go", {}, TensorProto::BOOL).input("v", {1});
  scalar(body, "two", TensorProto::INT64).add_int64_data(2);
  body.node("Cast", {"i"}, {"f"}).set("to", TensorProto::FLOAT + std::int64_t{0});
  body.node("Add", {"v", "f"}, {"w"}).node("Less", {"i", "two"}, {"on"});
  body.node("Identity", {"w"}, {"scan"}).output("on").output("w").output("scan");
  ModelBuilder model;
  model.input("x", {1}).ints("m", {9});
  scalar(model, "no", TensorProto::BOOL).add_int32_data(0);
  model.node("Loop", {"m", condition, "x"}, {"y", "s"}).set("body", body);
  return model;
}

TEST(ControlFlowValues, ALoopCountsFromZeroUntilItsConditionFails) {
  const Tensor x = make_f32({1}, std::array{10.0f});
  EXPECT_EQ(computed(counting("").output("y"), {&x, 1}), (Numbers{13}));
  EXPECT_EQ(computed(counting("").output("s"), {&x, 1}), (Numbers{10, 11, 13}));
}

TEST(ControlFlowValues, ALoopThatDoesNotStartGivesWhatItCarriesAndNoSlices) {
  const Tensor x = make_f32({1}, std::array{10.0f});
  EXPECT_EQ(computed(counting("no").output("y"), {&x, 1}), (Numbers{10}));
  EXPECT_EQ(computed(counting("no").output("s"), {&x, 1}), (Numbers{}));
}

// y = x < 0 ? -x : sqrt(x)
TEST(ControlFlowValues, AnIfChoosesByTheDataOfEachExecution) {
  ModelBuilder negated, root;
  negated.node("Neg", {"x"}, {"t"}).output("t");
  root.node("Sqrt", {"x"}, {"e"}).output("e");
  ModelBuilder model;
  model.input("x", {1});
  model.initializer("zero", {1}, TensorProto::FLOAT).add_float_data(0);
  model.node("Less", {"x", "zero"}, {"c"}).node("If", {"c"}, {"y"});
  model.set("then_branch", negated).set("else_branch", root).output("y");
  const Tensor below = make_f32({1}, std::array{-3.0f});
  const Tensor above = make_f32({1}, std::array{16.0f});
  EXPECT_EQ(computed(model, {&below, 1}), (Numbers{3}));
  EXPECT_EQ(computed(model, {&above, 1}), (Numbers{4}));
}

/// How a Scan walks x and lays out its results.
struct ScanForm {
  std::int64_t read_axis = 0, read_backward = 0, write_axis = 0, write_backward = 0;
};

// The running sums of the slices of [[1, 2, 3], [4, 5, 6]].
Numbers sums(const ScanForm& form) {
  const std::int64_t extent = form.read_axis == 0 ? 3 : 2;
  ModelBuilder body;
  body.input("state", {extent}).input("slice", {extent});
  body.node("Add", {"state", "slice"}, {"sum"}).node("Identity", {"sum"}, {"copy"});
  body.output("sum").output("copy");
  ModelBuilder model;
  auto& zeros = model.input("x", {2, 3}).initializer("s0", {extent}, TensorProto::FLOAT);
  for (std::int64_t i = 0; i < extent; ++i) zeros.add_float_data(0);
  model.node("Scan", {"s0", "x"}, {"last", "all"}).set("num_scan_inputs", std::int64_t{1});
  model.set("scan_input_axes", Ints{form.read_axis});
  model.set("scan_input_directions", Ints{form.read_backward});
  model.set("scan_output_axes", Ints{form.write_axis});
  model.set("scan_output_directions", Ints{form.write_backward});
  const Tensor x = make_f32({2, 3}, std::array{1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f});
  return computed(model.set("body", body).output("all"), {&x, 1});
}

TEST(ControlFlowValues, AScanReadsAndWritesAlongAnyAxisInEitherDirection) {
  EXPECT_EQ(sums({}), (Numbers{1, 2, 3, 5, 7, 9}));
  EXPECT_EQ(sums({.read_backward = 1}), (Numbers{4, 5, 6, 5, 7, 9}));
  EXPECT_EQ(sums({.write_backward = 1}), (Numbers{5, 7, 9, 1, 2, 3}));
  EXPECT_EQ(sums({.write_axis = 1}), (Numbers{1, 5, 2, 7, 3, 9}));
  EXPECT_EQ(sums({.read_axis = 1}), (Numbers{1, 4, 3, 9, 6, 15}));
  EXPECT_EQ(sums({.read_axis = -1, .read_backward = 1, .write_axis = -1}),
            (Numbers{3, 5, 6, 6, 11, 15}));
}

// The running sums of each row of [[[1], [2], [3]], [[4], [5], [6]]], as opset 8 has them.
ModelBuilder sums_of_batch(std::int64_t backward, const std::string& lengths = "") {
  ModelBuilder body(8);
  body.input("state", {1}).input("slice", {1});
  body.node("Add", {"state", "slice"}, {"sum"}).node("Identity", {"sum"}, {"copy"});
  body.output("sum").output("copy");
  ModelBuilder model(8);
  auto& zeros = model.input("x", {2, 3, 1}).initializer("s0", {2, 1}, TensorProto::FLOAT);
  for (int i = 0; i < 2; ++i) zeros.add_float_data(0);
  model.ints("lengths", {2, 3});
  model.node("Scan", {lengths, "s0", "x"}, {"last", "all"}).set("num_scan_inputs", std::int64_t{1});
  model.set("directions", Ints{backward});
  return model.set("body", body);
}

TEST(ControlFlowValues, AScanOfOpset8GoesOverEachElementOfTheBatch) {
  const Tensor x = make_f32({2, 3, 1}, std::array{1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f});
  EXPECT_EQ(computed(sums_of_batch(0).output("all"), {&x, 1}), (Numbers{1, 3, 6, 4, 9, 15}));
  EXPECT_EQ(computed(sums_of_batch(1).output("all"), {&x, 1}), (Numbers{3, 5, 6, 6, 11, 15}));
  EXPECT_EQ(computed(sums_of_batch(0).output("last"), {&x, 1}), (Numbers{6, 15}));
  ModelBuilder other = sums_of_batch(0).output("all");
  other.graph().mutable_initializer(0)->set_dims(0, 1);
  other.graph().mutable_initializer(0)->mutable_float_data()->RemoveLast();
  EXPECT_EQ(load_built(other).error().what, "batches of 1 and 2 are scanned together");
  other.graph().mutable_initializer(0)->set_dims(0, 0);
  other.graph().mutable_initializer(0)->clear_float_data();
  EXPECT_EQ(load_built(other).error().what,
            "1 operator cannot be run: Scan of an empty batch (1 node)");
  EXPECT_EQ(load_built(sums_of_batch(0, "lengths").output("all")).error().what,
            "1 operator cannot be run: Scan with lengths of the sequences (1 node)");
}

}  // namespace
}  // namespace keel::onnx_io
