#include <gtest/gtest.h>

#include "tests/compiler/onnx/model_builder.h"

namespace keel::onnx_io {
namespace {

::onnx::ModelProto read_model(const std::filesystem::path& path) {
  ::onnx::ModelProto model;
  EXPECT_TRUE(model.ParseFromString(*read_file(path)));
  return model;
}

TEST(NamedCopy, GivesTheNodesTheirNames) {
  const TemporaryFolder folder;
  ModelBuilder model;
  model.input("x", {1}).node("Relu", {"x"}, {"y"}).node("Exp", {"y"}, {"z"}).output("z");
  ASSERT_TRUE(write_file(folder / "m.onnx", model.bytes()).ok());
  ASSERT_TRUE(write_named_copy(folder / "m.onnx", folder / "named.onnx", {"a", "b"}).ok());
  model.graph().mutable_node(0)->set_name("a");
  model.graph().mutable_node(1)->set_name("b");
  EXPECT_EQ(read_model(folder / "named.onnx").SerializeAsString(), model.bytes());
}

TEST(NamedCopy, RefersToTheSameExternalData) {
  const TemporaryFolder folder;
  ModelBuilder model;
  set_external(model.initializer("w", {1}, ::onnx::TensorProto::FLOAT), {{"location", "d/w.bin"}});
  model.node("Constant", {}, {"c"});
  set_external(*model.attribute("value", ::onnx::AttributeProto::TENSOR).mutable_t(),
               {{"location", "c.bin"}});
  model.output("w");
  ASSERT_TRUE(make_writable_folder(folder / "out").ok());
  ASSERT_TRUE(write_file(folder / "m.onnx", model.bytes()).ok());
  ASSERT_TRUE(write_named_copy(folder / "m.onnx", folder / "out/named.onnx", {"n"}).ok());
  const ::onnx::ModelProto copy = read_model(folder / "out/named.onnx");
  EXPECT_EQ(copy.graph().initializer(0).external_data(0).value(), "../d/w.bin");
  EXPECT_EQ(copy.graph().node(0).attribute(0).t().external_data(0).value(), "../c.bin");
  ASSERT_TRUE(write_named_copy(folder / "m.onnx", folder / "named.onnx", {"n"}).ok());
  EXPECT_EQ(read_model(folder / "named.onnx").graph().initializer(0).external_data(0).value(),
            "d/w.bin");
}

TEST(NamedCopy, NamesTheNodesOfSubgraphsAfterTheirOwner) {
  const TemporaryFolder folder;
  ModelBuilder body;
  body.node("Relu", {"x"}, {"r"}).output("r");
  ModelBuilder model;
  model.input("x", {1}).input("c", {}, ::onnx::TensorProto::BOOL);
  model.node("If", {"c"}, {"y"}).set("then_branch", body).set("else_branch", body);
  model.node("Exp", {"y"}, {"z"}).output("z");
  ASSERT_TRUE(write_file(folder / "m.onnx", model.bytes()).ok());
  ASSERT_TRUE(write_named_copy(folder / "m.onnx", folder / "n.onnx", {"a", "b", "c", "d"}).ok());
  const ::onnx::ModelProto copy = read_model(folder / "n.onnx");
  EXPECT_EQ(copy.graph().node(0).name(), "a");
  EXPECT_EQ(copy.graph().node(0).attribute(0).g().node(0).name(), "b");
  EXPECT_EQ(copy.graph().node(0).attribute(1).g().node(0).name(), "c");
  EXPECT_EQ(copy.graph().node(1).name(), "d");
}

TEST(NamedCopy, NeedsOneNameForEachNode) {
  const TemporaryFolder folder;
  ModelBuilder model;
  model.input("x", {1}).node("Relu", {"x"}, {"y"}).output("y");
  ASSERT_TRUE(write_file(folder / "m.onnx", model.bytes()).ok());
  const Status status = write_named_copy(folder / "m.onnx", folder / "n.onnx", {});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().what, "the model has 1 nodes, 0 names are given");
  EXPECT_EQ(status.error().fix, "load the model again; the file has changed");
}

}  // namespace
}  // namespace keel::onnx_io
