#include <gtest/gtest.h>

#include "compiler/base/error_text.h"
#include "tests/compiler/onnx/model_builder.h"

namespace keel::onnx_io {
namespace {

TEST(Unsupported, OneErrorListsEveryOperator) {
  ModelBuilder model;
  model.input("x", {2, 2}).ints("p", {0, 0, 1, 1});
  model.node("Adagrad", {"x"}, {"a"}).node("NonZero", {"a"}, {"b"}).node("Adagrad", {"b"}, {"c"});
  model.node("Pad", {"c", "p"}, {"d"}).set("mode", "mirror");
  model.node("Gelu", {"d"}, {"e"});
  model.last().set_domain("com.microsoft");
  model.node("Relu", {"e"}, {"f"}).output("f");
  const Result<Model> loaded = load_built(model);
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, ErrorCode::InvalidModel);
  EXPECT_EQ(to_text(loaded.error()),
            "error: 4 operators cannot be run: Adagrad (2 nodes), NonZero (1 node), Pad with mode "
            "'mirror' (1 node), com.microsoft.Gelu (1 node)\n"
            "   at: m.onnx: nodes 'n_a', 'n_b', 'n_c', 'n_d', 'n_e'\n"
            "  fix: export the model with these decomposed or folded (fixed input shapes fold most "
            "Shape, If and Loop nodes), or cut the model before them");
}

TEST(Unsupported, LongListsOfNodesAreCut) {
  ModelBuilder model;
  model.input("x", {1});
  for (int i = 0; i < 25; ++i) model.node("Loop", {"x"}, {"v" + std::to_string(i)});
  model.output("v0");
  const Result<Model> loaded = load_built(model);
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().what, "1 operator cannot be run: Loop (25 nodes)");
  EXPECT_TRUE(loaded.error().where.ends_with("'n_v19' and 5 more")) << loaded.error().where;
}

std::string refused(const ModelBuilder& model) {
  const Result<Model> loaded = load_built(model);
  return loaded.ok() ? "no error" : loaded.error().what;
}

ModelBuilder one_node(const std::string& op, const std::vector<std::string>& outputs) {
  ModelBuilder model;
  model.input("x", {1, 1, 4});
  model.node(op, {"x"}, outputs);
  for (const std::string& name : outputs) model.output(name);
  return model;
}

TEST(Unsupported, OutputsAnOperatorDoesNotComputeAreRefusedWhenUsed) {
  EXPECT_EQ(refused(one_node("Relu", {"y", "i"})),
            "1 operator cannot be run: Relu with output 1 in use (1 node)");
  EXPECT_EQ(refused(one_node("Dropout", {"y", "mask"})),
            "1 operator cannot be run: Dropout with output 1 in use (1 node)");
}

TEST(Unsupported, UnknownAttributesAreRefused) {
  EXPECT_EQ(refused(one_node("Relu", {"y"}).set("alpha", 2.0f)),
            "1 operator cannot be run: Relu with attribute 'alpha' (1 node)");
}

TEST(Unsupported, TrainingFormsAreRefused) {
  ModelBuilder batch_norm = one_node("BatchNormalization", {"y"});
  EXPECT_EQ(refused(batch_norm.set("training_mode", std::int64_t{1})),
            "1 operator cannot be run: BatchNormalization in training mode (1 node)");
  ModelBuilder dropout = one_node("Dropout", {"y"});
  dropout.last().add_input("");
  dropout.last().add_input("t");
  dropout.initializer("t", {}, ::onnx::TensorProto::BOOL).add_int32_data(1);
  EXPECT_EQ(refused(dropout), "1 operator cannot be run: Dropout in training mode (1 node)");
  ModelBuilder spatial = one_node("BatchNormalization", {"y"});
  spatial.proto.mutable_opset_import(0)->set_version(7);
  EXPECT_EQ(refused(spatial.set("spatial", std::int64_t{0})),
            "1 operator cannot be run: BatchNormalization with spatial=0 (1 node)");
}

TEST(Unsupported, OtherFormsAreNamed) {
  EXPECT_EQ(refused(one_node("Cast", {"y"}).set("to", std::int64_t{8})),
            "1 operator cannot be run: Cast to STRING (1 node)");
  EXPECT_EQ(refused(one_node("Constant", {"y"}).set("value_string", "a")),
            "1 operator cannot be run: Constant that holds no tensor of numbers (1 node)");
  ModelBuilder sparse;
  sparse.input("x", {1}).node("Relu", {"x"}, {"y"}).output("y");
  sparse.graph().add_sparse_initializer()->mutable_values()->set_name("s");
  EXPECT_EQ(refused(sparse), "1 operator cannot be run: sparse initializer (1 node)");
}

}  // namespace
}  // namespace keel::onnx_io
