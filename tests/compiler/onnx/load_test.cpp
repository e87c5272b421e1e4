#include "compiler/onnx/load.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/compiler/onnx/model_builder.h"

namespace keel::onnx_io {
namespace {

ModelBuilder dense() {
  ModelBuilder model;
  model.input("x", {1, 2}).floats("w", {1, 2, 3, 4}).ints("s", {2, 2});
  model.node("Reshape", {"w", "s"}, {"w2"}).node("MatMul", {"x", "w2"}, {"y"});
  return model.node("Relu", {"y"}, {"z"}).output("z");
}

TEST(Load, ImportsASmallModel) {
  EXPECT_EQ(imported(dense()), R"(x: f32[1,2] = input
w: f32[4] = constant {1, 2, 3, 4}
s: i64[2] = constant {2, 2}
w2 = Reshape(w, s) origins=["n_w2"]
y = MatMul(x, w2) origins=["n_y"]
z = Relu(y) origins=["n_z"]
return z
)");
}

TEST(Load, ReportsOpsetProducerAndDigest) {
  const Result<Model> model = load_built(dense());
  ASSERT_TRUE(model.ok());
  EXPECT_EQ(model->opset, 13);
  EXPECT_EQ(model->producer, "test");
  EXPECT_FALSE(model->needs_named_copy);
  ModelBuilder other = dense();
  other.graph().mutable_initializer(0)->set_float_data(0, 9);
  EXPECT_NE(load_built(other)->digest, model->digest);
  EXPECT_EQ(load_built(dense())->digest, model->digest);
}

TEST(Load, ConstantNodesBecomeConstantsAndKeepTheirOrigin) {
  ModelBuilder model;
  model.node("Constant", {}, {"a"}).set("value_int", std::int64_t{3});
  model.node("Constant", {}, {"b"}).set("value_ints", Ints{4, 5});
  model.node("Constant", {}, {"c"}).set("value_float", 0.5f);
  model.node("Constant", {}, {"d"});
  auto& tensor = *model.attribute("value", ::onnx::AttributeProto::TENSOR).mutable_t();
  tensor.set_data_type(::onnx::TensorProto::BOOL);
  tensor.add_int32_data(1);
  for (const char* name : {"a", "b", "c", "d"}) model.output(name);
  const Result<Model> loaded = load_built(model);
  ASSERT_TRUE(loaded.ok()) << loaded.error().what;
  EXPECT_EQ(ir::print(loaded->graph),
            "a: i64[] = constant {3}\nb: i64[2] = constant {4, 5}\nc: f32[] = constant {0.5}\n"
            "d: bool[] = constant {1}\nreturn a, b, c, d\n");
  ASSERT_EQ(loaded->graph.origins().size(), 4u);
  EXPECT_EQ(loaded->graph.origins()[1], (ir::Origin{"n_b", "Constant"}));
}

TEST(Load, UnnamedNodesAreNamedAndAskForACopy) {
  ModelBuilder model;
  model.input("x", {1}).node("Relu", {"x"}, {"y"}).output("y");
  model.last().clear_name();
  const Result<Model> loaded = load_built(model);
  ASSERT_TRUE(loaded.ok());
  EXPECT_TRUE(loaded->needs_named_copy);
  EXPECT_EQ(loaded->graph.origins()[0].name, "Relu_0");
}

TEST(Load, NodesInAnyOrderAreOrdered) {
  ModelBuilder model;
  model.input("x", {1}).node("Relu", {"y"}, {"z"}).node("Exp", {"x"}, {"y"}).output("z");
  const Result<Model> loaded = load_built(model);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->graph.origins()[0].name, "n_z");
  EXPECT_EQ(ir::print(loaded->graph),
            "x: f32[1] = input\ny = Exp(x) origins=[\"n_y\"]\n"
            "z = Relu(y) origins=[\"n_z\"]\nreturn z\n");
}

TEST(Load, InitializersListedAsInputsAreConstants) {
  ModelBuilder model;
  model.input("x", {2}).input("w", {2}).floats("w", {1, 2});
  model.node("Add", {"x", "w"}, {"y"}).output("y");
  EXPECT_EQ(imported(model),
            "x: f32[2] = input\nw: f32[2] = constant {1, 2}\n"
            "y = Add(x, w) origins=[\"n_y\"]\nreturn y\n");
}

TEST(Load, ACutFileIsAnErrorThatNamesIt) {
  const std::string bytes = dense().bytes();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const Result<Model> model = load_bytes(bytes.substr(0, length));
    ASSERT_FALSE(model.ok()) << length;
    ASSERT_EQ(model.error().code, ErrorCode::InvalidModel) << length;
    ASSERT_TRUE(model.error().where.starts_with("m.onnx")) << model.error().where;
  }
  EXPECT_TRUE(load_bytes(bytes).ok());
}

TEST(Load, AFlippedByteNeverCrashes) {
  const std::string bytes = dense().bytes();
  for (std::size_t i = 0; i < bytes.size(); ++i)
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string broken = bytes;
      broken[i] = static_cast<char>(broken[i] ^ flip);
      static_cast<void>(load_bytes(broken));
    }
}

TEST(Load, OtherFilesAreNoModels) {
  const Result<Model> text = load_bytes("this is a text file\n");
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().what, "the file is truncated or not an ONNX model (20 bytes)");
  EXPECT_EQ(text.error().where, "m.onnx");
  const Result<Model> empty = load_bytes("");
  ASSERT_FALSE(empty.ok());
  EXPECT_EQ(empty.error().what, "the file is truncated or not an ONNX model: it has no IR version");
}

TEST(Load, AMissingFileIsAnIoError) {
  const Result<Model> model = load("/nonexistent/m.onnx", {});
  ASSERT_FALSE(model.ok());
  EXPECT_EQ(model.error().code, ErrorCode::NotReadable);
}

TEST(Load, BrokenGraphsNameTheNode) {
  ModelBuilder twice;
  twice.input("x", {1}).node("Relu", {"x"}, {"y"}).node("Exp", {"x"}, {"y"}).output("y");
  EXPECT_EQ(imported(twice), "value 'y' is defined twice @ m.onnx: node 'n_y_1' (Exp)");

  ModelBuilder undefined;
  undefined.input("conv_in", {1}).node("Relu", {"conv_im"}, {"y"}).output("y");
  EXPECT_EQ(imported(undefined),
            "value 'conv_im' is used but nothing defines it @ m.onnx: node 'n_y' (Relu)");
  EXPECT_EQ(load_built(undefined).error().fix, "use 'conv_in' (nearest name)");

  ModelBuilder cycle;
  cycle.node("Relu", {"b"}, {"a"}).node("Exp", {"a"}, {"b"}).output("b");
  EXPECT_EQ(imported(cycle), "2 nodes wait for each other in a cycle @ m.onnx: node 'n_a'");

  ModelBuilder no_output;
  no_output.input("x", {1}).node("Relu", {"x"}, {"y"});
  EXPECT_EQ(imported(no_output), "the graph has no outputs @ m.onnx");
  no_output.last().clear_output();
  EXPECT_EQ(imported(no_output), "the node has no outputs @ m.onnx: node 'n_y' (Relu)");

  ModelBuilder no_result;
  no_result.input("x", {1}).node("Relu", {"x"}, {"y"}).output("z");
  EXPECT_EQ(imported(no_result),
            "value 'z' is used but nothing defines it @ m.onnx: the outputs of the graph");

  ModelBuilder arity;
  arity.input("x", {1}).node("Add", {"x"}, {"y"}).output("y");
  EXPECT_EQ(imported(arity), "Add takes 2 inputs, not 1 @ m.onnx: node 'n_y' (Add)");
}

TEST(Load, WrongAttributesNameTheNode) {
  const auto conv = [] {
    ModelBuilder model;
    model.input("x", {1, 1, 4, 4})
        .initializer("w", {1, 1, 2, 2}, ::onnx::TensorProto::FLOAT)
        .set_raw_data(std::string(16, '\0'));
    model.node("Conv", {"x", "w"}, {"y"}).output("y");
    return model;
  };
  const std::string at = " @ m.onnx: node 'n_y' (Conv)";
  EXPECT_EQ(imported(conv().set("strides", std::int64_t{1})),
            "attribute 'strides' is of type INT, not INTS" + at);
  EXPECT_EQ(imported(conv().set("strides", Ints{0, 1})),
            "attribute 'strides' has the value 0, less than 1" + at);
  EXPECT_EQ(imported(conv().set("pads", Ints{-1, 1, 1, 1})),
            "attribute 'pads' has the value -1, less than 0" + at);
  EXPECT_EQ(imported(conv().set("group", std::int64_t{0})),
            "attribute 'group' is 0, less than 1" + at);
  EXPECT_EQ(imported(conv().set("auto_pad", "SAME")),
            "attribute 'auto_pad' is 'SAME', which is no kind of padding" + at);
  EXPECT_EQ(imported(conv().set("kernel_shape", Ints{3, 3})),
            "attribute 'kernel_shape' is [3,3], the weights have shape [1,1,2,2]" + at);

  ModelBuilder gemm;
  gemm.input("x", {1, 1}).node("Gemm", {"x", "x"}, {"y"}).output("y");
  EXPECT_EQ(imported(gemm.set("transA", std::int64_t{2})),
            "attribute 'transA' is 2, not 0 or 1 @ m.onnx: node 'n_y' (Gemm)");

  ModelBuilder concat;
  concat.input("x", {1}).node("Concat", {"x"}, {"y"}).output("y");
  EXPECT_EQ(imported(concat), "attribute 'axis' is missing @ m.onnx: node 'n_y' (Concat)");

  ModelBuilder leaky;
  leaky.input("x", {1}).node("LeakyRelu", {"x"}, {"y"}).output("y");
  leaky.set("alpha", std::numeric_limits<float>::infinity());
  EXPECT_EQ(imported(leaky),
            "attribute 'alpha' is inf, not a finite number @ m.onnx: node 'n_y' (LeakyRelu)");
}

TEST(Load, OpsetsOutOfRangeAreRefused) {
  ModelBuilder old(0);
  old.input("x", {1}).node("Relu", {"x"}, {"y"}).output("y");
  EXPECT_EQ(imported(old), "the model is of opset 0, which does not exist @ m.onnx");
  ModelBuilder none;
  none.proto.clear_opset_import();
  EXPECT_EQ(imported(none), "the model imports no opset of ai.onnx; it may be truncated @ m.onnx");
  ModelBuilder two;
  two.proto.add_opset_import()->set_version(9);
  EXPECT_EQ(imported(two), "the model imports opsets 13 and 9 of ai.onnx @ m.onnx");
}

}  // namespace
}  // namespace keel::onnx_io
