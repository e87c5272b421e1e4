#include <gtest/gtest.h>

#include <set>

#include "tests/compiler/onnx/mixed_model.h"

namespace keel::onnx_io {
namespace {

using ::onnx::TensorProto;

TEST(MixedCopy, CastsATensorOnceForAllReadersOfADtype) {
  ModelBuilder model;
  model.input("x", {2}).node("Exp", {"x"}, {"a"}).node("Neg", {"x"}, {"b"});
  model.node("Sub", {"a", "b"}, {"c"}).node("Abs", {"x"}, {"d"}).node("Add", {"c", "d"}, {"e"});
  result(model, "e", {2});
  const Mixed mixed(model, {"n_a", "n_b", "n_c"});
  EXPECT_EQ(mixed.text(),
            "x/float16 = Cast(x) -> FLOAT16\n"
            "a = Exp(x/float16)\n"
            "b = Neg(x/float16)\n"
            "c = Sub(a, b)\n"
            "c/float32 = Cast(c) -> FLOAT\n"
            "d = Abs(x)\n"
            "e = Add(c/float32, d)\n");
  EXPECT_EQ(mixed.copy.casts, 2U);
  EXPECT_EQ(mixed.copy.half_nodes, 3U);
}

TEST(MixedCopy, LetsAFloatReaderReadTheUnroundedTensorOfAFloatProducer) {
  ModelBuilder model;
  model.input("x", {2}).node("Exp", {"x"}, {"a"}).node("Neg", {"a"}, {"b"});
  model.node("Abs", {"a"}, {"c"});
  result(model, "b", {2});
  result(model, "c", {2});
  EXPECT_EQ(Mixed(model, {"n_b"}).text(),
            "a = Exp(x)\n"
            "a/float16 = Cast(a) -> FLOAT16\n"
            "b/float16 = Neg(a/float16)\n"
            "b = Cast(b/float16) -> FLOAT\n"
            "c = Abs(a)\n");
}

TEST(MixedCopy, ChangesNothingWhereEverythingIsKept) {
  ModelBuilder model;
  model.input("x", {2}).floats("w", {1, 2}).node("Add", {"x", "w"}, {"y"});
  result(model, "y", {2});
  const Mixed mixed(model, {});
  EXPECT_EQ(mixed.proto.SerializeAsString(), model.bytes());
  EXPECT_EQ(mixed.copy.casts + mixed.copy.half_nodes, 0U);
}

TEST(MixedCopy, KeepsTheNameAndTypeOfAResultThatIsAlsoReadInside) {
  ModelBuilder model;
  model.input("x", {2}).node("Exp", {"x"}, {"y"}).node("Neg", {"y"}, {"a"});
  model.node("Abs", {"y"}, {"b"});
  for (const char* name : {"y", "a", "b"}) result(model, name, {2});
  const Mixed mixed(model, {"n_y", "n_a"});
  EXPECT_EQ(mixed.text(),
            "x/float16 = Cast(x) -> FLOAT16\n"
            "y/float16 = Exp(x/float16)\n"
            "y = Cast(y/float16) -> FLOAT\n"
            "a/float16 = Neg(y/float16)\n"
            "a = Cast(a/float16) -> FLOAT\n"
            "b = Abs(y)\n");
  EXPECT_EQ(Mixed::types(mixed.proto.graph().input()), "x FLOAT");
  EXPECT_EQ(Mixed::types(mixed.proto.graph().output()), "y FLOAT, a FLOAT, b FLOAT");
}

TEST(MixedCopy, ConvertsAnInitializerInPlaceOrCopiesTheOneThatBothRead) {
  ModelBuilder model;
  model.input("x", {2}).floats("half", {1, 2}).floats("both", {3, 65504}).floats("single", {5, 6});
  model.node("Add", {"x", "half"}, {"a"}).node("Mul", {"a", "both"}, {"b"});
  model.node("Add", {"b", "both"}, {"c"}).node("Sub", {"c", "single"}, {"d"});
  model.node("Div", {"a", "both"}, {"e"});
  result(model, "d", {2});
  result(model, "e", {2});
  const Mixed mixed(model, {"n_a", "n_b", "n_e"});
  EXPECT_EQ(mixed.text(),
            "x/float16 = Cast(x) -> FLOAT16\n"
            "a = Add(x/float16, half)\n"
            "b = Mul(a, both/float16)\n"
            "b/float32 = Cast(b) -> FLOAT\n"
            "c = Add(b/float32, both)\n"
            "d = Sub(c, single)\n"
            "e/float16 = Div(a, both/float16)\n"
            "e = Cast(e/float16) -> FLOAT\n");
  EXPECT_EQ(mixed.initializers(), "half FLOAT16, both FLOAT, single FLOAT, both/float16 FLOAT16");
  EXPECT_EQ(mixed.bits("half"), (std::vector<std::uint16_t>{0x3c00, 0x4000}));
  EXPECT_EQ(mixed.bits("both/float16"), (std::vector<std::uint16_t>{0x4200, 0x7bff}));
}

TEST(MixedCopy, CopiesAnInitializerThatIsAResult) {
  ModelBuilder model;
  model.input("x", {1}).floats("w", {1}).node("Add", {"x", "w"}, {"y"});
  result(model, "y", {1});
  result(model, "w", {1});
  const Mixed mixed(model, {"n_y"});
  EXPECT_EQ(mixed.initializers(), "w FLOAT, w/float16 FLOAT16");
  EXPECT_EQ(Mixed::types(mixed.proto.graph().output()), "y FLOAT, w FLOAT");
}

TEST(MixedCopy, RoundsStoredNumbersByTheRuleOfTheChip) {
  ModelBuilder model;
  // Beyond fp16; half way between two numbers (to even); the smallest subnormal; half of it.
  model.input("x", {1}).floats("w", {1e9f, -70000.0f, 2049.0f, 6e-8f, 2.98e-8f});
  model.node("Add", {"x", "w"}, {"y"});
  result(model, "y", {5});
  EXPECT_EQ(Mixed(model, {"n_y"}).bits("w"),
            (std::vector<std::uint16_t>{0x7c00, 0xfc00, 0x6800, 0x0001, 0x0000}));
  EXPECT_EQ(Mixed(model, {"n_y"}, {}, Overflow::Saturate).bits("w"),
            (std::vector<std::uint16_t>{0x7bff, 0xfbff, 0x6800, 0x0001, 0x0000}));
}

TEST(MixedCopy, ConvertsConstantNodesLikeInitializers) {
  ModelBuilder model;
  model.input("x", {2}).node("Constant", {}, {"half"}).set("value_float", 1.5f);
  model.node("Constant", {}, {"both"});
  TensorProto& tensor = *model.attribute("value", ::onnx::AttributeProto::TENSOR).mutable_t();
  tensor.set_data_type(TensorProto::FLOAT);
  tensor.add_float_data(2.0f);
  model.node("Constant", {}, {"single"}).set("value_float", 3.0f);
  model.node("Add", {"x", "half"}, {"a"}).node("Mul", {"a", "both"}, {"b"});
  model.node("Add", {"b", "both"}, {"c"}).node("Sub", {"c", "single"}, {"d"});
  result(model, "d", {2});
  const Mixed mixed(model, {"n_a", "n_b"});
  EXPECT_EQ(mixed.text(),
            "x/float16 = Cast(x) -> FLOAT16\n"
            "half = Constant() of FLOAT16\n"
            "both = Constant() of FLOAT\n"
            "both/float16 = Constant() of FLOAT16\n"
            "single = Constant()\n"
            "a = Add(x/float16, half)\n"
            "b = Mul(a, both/float16)\n"
            "b/float32 = Cast(b) -> FLOAT\n"
            "c = Add(b/float32, both)\n"
            "d = Sub(c, single)\n");
  EXPECT_EQ(Mixed::bits_of(mixed.proto.graph().node(1).attribute(0).t()),
            std::vector<std::uint16_t>{0x3e00});
  EXPECT_EQ(Mixed::bits_of(mixed.proto.graph().node(3).attribute(0).t()),
            std::vector<std::uint16_t>{0x4000});
}

TEST(MixedCopy, KeepsAConstantUnroundedForTheCastThatReadsIt) {
  ModelBuilder model;
  model.input("x", {1}).floats("w", {2049});
  model.node("Add", {"x", "w"}, {"y"}).node("Cast", {"w"}, {"i"}).set("to", std::int64_t{7});
  result(model, "y", {1});
  result(model, "i", {1}, TensorProto::INT64);
  EXPECT_EQ(Mixed(model, {"n_y"}).initializers(), "w FLOAT, w/float16 FLOAT16");
}

TEST(MixedCopy, ReadsAnInputThatIsAnInitializerAsAConstant) {
  ModelBuilder model(8);
  model.proto.set_ir_version(3);
  model.input("x", {1}).input("w", {1}).input("v", {1}).floats("w", {1}).floats("v", {2});
  model.node("Add", {"x", "w"}, {"a"}).node("Add", {"a", "v"}, {"b"});
  model.node("Mul", {"b", "v"}, {"y"});
  result(model, "y", {1});
  const Mixed mixed(model, {"n_a", "n_b"});
  EXPECT_EQ(Mixed::types(mixed.proto.graph().input()),
            "x FLOAT, w FLOAT16, v FLOAT, v/float16 FLOAT16");
  EXPECT_EQ(mixed.initializers(), "w FLOAT16, v FLOAT, v/float16 FLOAT16");
}

TEST(MixedCopy, GivesNewNamesThatNothingHas) {
  ModelBuilder model;
  model.input("x", {2}).node("Exp", {"x"}, {"x/float16"}).node("Neg", {"x"}, {"b"});
  model.node("Add", {"x/float16", "b"}, {"x/to_float16"});
  result(model, "x/to_float16", {2});
  const Mixed mixed(model, {"n_b"});
  EXPECT_EQ(mixed.text(),
            "x/float16_2 = Cast(x) -> FLOAT16\n"
            "x/float16 = Exp(x)\n"
            "b = Neg(x/float16_2)\n"
            "b/float32 = Cast(b) -> FLOAT\n"
            "x/to_float16 = Add(x/float16, b/float32)\n");
  std::set<std::string> names;
  for (const auto& node : mixed.proto.graph().node())
    EXPECT_TRUE(names.insert(node.name()).second) << node.name();
  EXPECT_EQ(joined(names), "b/to_float32, n_b, n_x/float16, n_x/to_float16, x/to_float16_2");
}

TEST(MixedCopy, DeclaresTheTypesThatTheSourceDeclares) {
  ModelBuilder model;
  model.input("x", {2}).node("Exp", {"x"}, {"a"}).node("Neg", {"a"}, {"b"});
  model.node("Abs", {"b"}, {"c"}).node("Abs", {"c"}, {"y"});
  result(model, "y", {2});
  for (const char* name : {"a", "b", "c"}) {
    auto& info = *model.graph().add_value_info() = model.graph().output(0);
    info.set_name(name);
  }
  const Mixed mixed(model, {"n_b", "n_y"});
  EXPECT_EQ(Mixed::types(mixed.proto.graph().value_info()),
            "a FLOAT, b FLOAT16, c FLOAT, a/float16 FLOAT16, b/float32 FLOAT, c/float16 FLOAT16, "
            "y/float16 FLOAT16");
}

TEST(MixedCopy, OrdersNodesThatTheFileDoesNot) {
  ModelBuilder model;
  model.input("x", {2}).node("Neg", {"x"}, {"a"}).node("Exp", {"a"}, {"y"});
  result(model, "y", {2});
  MixedRequest request{13, {DType::F16, DType::F16}, Overflow::InfNan, {}};
  model.graph().mutable_node()->SwapElements(0, 1);
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file(folder / "m.onnx", model.bytes()).ok());
  ASSERT_TRUE(write_mixed_copy(folder / "m.onnx", folder / "o.onnx", request).ok());
  const ::onnx::ModelProto copy = read_model(folder / "o.onnx");
  EXPECT_EQ(problem(copy), "");
  EXPECT_EQ(copy.graph().node(2).op_type(), "Exp");
}

// Conv and BatchNormalization with weights that `kept` reads too, and the weights of both in one.
ModelBuilder model_with_norm(std::int64_t ir_version) {
  ModelBuilder model(9);
  model.proto.set_ir_version(ir_version);
  model.input("x", {1, 1, 2, 2});
  model.initializer("w", {1, 1, 1, 1}, TensorProto::FLOAT).add_float_data(2);
  for (const char* name : {"scale", "shift", "mean", "variance"}) model.floats(name, {3});
  model.node("Conv", {"x", "w"}, {"c"});
  model.node("BatchNormalization", {"c", "scale", "shift", "mean", "variance"}, {"n"});
  model.node("Mul", {"n", "shift"}, {"y"});
  result(model, "y", {1, 1, 2, 2});
  if (ir_version < 4) {
    model.input("w", {1, 1, 1, 1});
    for (const char* name : {"scale", "shift", "mean", "variance"}) model.input(name, {1});
  }
  return model;
}

const FoldedNorm kFolded{0, 1, make_f32({1, 1, 1, 1}, std::vector{1.5f}),
                         make_f32({1}, std::vector{-0.5f})};

TEST(MixedCopy, GivesAConvolutionTheWeightsOfTheNormThatTheCompilerFoldsIntoIt) {
  const Mixed mixed(model_with_norm(8), {"n_c", "n_n"}, {}, Overflow::InfNan, {kFolded});
  EXPECT_EQ(mixed.text(),
            "x/float16 = Cast(x) -> FLOAT16\n"
            "c = Conv(x/float16, c/folded_weight, c/folded_bias)\n"
            "n = Identity(c)\n"
            "n/float32 = Cast(n) -> FLOAT\n"
            "y = Mul(n/float32, shift)\n");
  EXPECT_EQ(mixed.proto.graph().node(2).name(), "n_n");
  // What only the two read is gone.
  EXPECT_EQ(mixed.initializers(), "shift FLOAT, c/folded_weight FLOAT16, c/folded_bias FLOAT16");
  EXPECT_EQ(mixed.bits("c/folded_weight"), std::vector<std::uint16_t>{0x3e00});
  EXPECT_EQ(mixed.bits("c/folded_bias"), std::vector<std::uint16_t>{0xb800});
}

TEST(MixedCopy, ListsFoldedWeightsAsInputsOnlyWhereEveryInitializerIs) {
  const Mixed mixed(model_with_norm(3), {"n_c", "n_n"}, {}, Overflow::InfNan, {kFolded});
  EXPECT_EQ(Mixed::types(mixed.proto.graph().input()),
            "x FLOAT, shift FLOAT, c/folded_weight FLOAT16, c/folded_bias FLOAT16");
}

TEST(MixedCopy, FoldsNoNormThatIsKept) {
  const ModelBuilder model = model_with_norm(8);
  for (const std::vector<std::string>& half : {std::vector<std::string>{}, {"n_c"}, {"n_n"}}) {
    const Mixed mixed(model, half, {}, Overflow::InfNan, {kFolded});
    EXPECT_NE(mixed.text().find(" = BatchNormalization("), std::string::npos) << mixed.text();
    EXPECT_EQ(mixed.initializers().find("folded"), std::string::npos);
  }
}

// One of both kinds for each: what a file beside the source holds is in a file afterwards.
TEST(MixedCopy, LeavesExternalWeightsOutsideTheModel) {
  const TemporaryFolder folder;
  ModelBuilder model;
  const std::vector<float> numbers = {1, 2, 3, 4};
  ASSERT_TRUE(
      write_file(folder / "w.bin", {reinterpret_cast<const char*>(numbers.data()), 16}).ok());
  set_external(model.initializer("half", {2}, TensorProto::FLOAT),
               {{"location", "w.bin"}, {"offset", "0"}, {"length", "8"}});
  set_external(model.initializer("single", {2}, TensorProto::FLOAT),
               {{"location", "w.bin"}, {"offset", "8"}, {"length", "8"}});
  model.input("x", {2}).node("Add", {"x", "half"}, {"a"}).node("Mul", {"a", "single"}, {"y"});
  result(model, "y", {2});
  ASSERT_TRUE(write_file(folder / "m.onnx", model.bytes()).ok());
  ASSERT_TRUE(make_writable_folder(folder / "out").ok());
  const MixedRequest request{13, {DType::F16, DType::F32}, Overflow::InfNan, {}};
  const auto place = [](const TensorProto& tensor) {
    std::string text;
    for (const auto& entry : tensor.external_data()) text += entry.value() + " ";
    return text;
  };

  ASSERT_TRUE(write_mixed_copy(folder / "m.onnx", folder / "out/c.onnx", request).ok());
  ::onnx::ModelProto copy = read_model(folder / "out/c.onnx");
  EXPECT_EQ(place(copy.graph().initializer(0)), "c.onnx.data 0 4 ");
  EXPECT_EQ(place(copy.graph().initializer(1)), "c.onnx.data 64 8 ");
  const std::string data = *read_file(folder / "out/c.onnx.data");
  EXPECT_EQ(data.substr(0, 4), std::string("\x00\x3c\x00\x40", 4));
  EXPECT_EQ(data.substr(64), std::string(reinterpret_cast<const char*>(&numbers[2]), 8));
  EXPECT_TRUE(load(folder / "out/c.onnx", {}).ok());

  ASSERT_TRUE(write_mixed_copy(folder / "m.onnx", folder / "c.onnx", request).ok());
  copy = read_model(folder / "c.onnx");
  EXPECT_EQ(place(copy.graph().initializer(0)), "c.onnx.data 0 4 ");
  EXPECT_EQ(place(copy.graph().initializer(1)), "w.bin 8 8 ");
  EXPECT_EQ(std::filesystem::file_size(folder / "c.onnx.data"), 4U);
}

TEST(MixedCopy, SaysWhatItCannotCopy) {
  const TemporaryFolder folder;
  ModelBuilder model;
  model.input("x", {1}).node("Relu", {"x"}, {"y"}).output("y");
  ASSERT_TRUE(write_file(folder / "m.onnx", model.bytes()).ok());
  const auto error = [&](const std::string& to, MixedRequest request) {
    const Result<MixedCopy> copy = write_mixed_copy(folder / "m.onnx", folder / to, request);
    EXPECT_FALSE(copy.ok());
    EXPECT_FALSE(std::filesystem::exists(folder / "c.onnx"));
    return copy.ok() ? "" : copy.error().what + "; " + copy.error().fix;
  };
  EXPECT_EQ(error("c.onnx", {13, {}, Overflow::InfNan, {}}),
            "the model has 1 nodes, dtypes of 0 are given; load the model again; the file has "
            "changed");
  EXPECT_EQ(error("m.onnx", {13, {DType::F16}, Overflow::InfNan, {}}),
            "the mixed-precision copy would replace the model; choose another output folder");
  set_external(model.initializer("w", {1}, TensorProto::FLOAT), {{"location", "none.bin"}});
  model.last().add_input("w");
  ASSERT_TRUE(write_file(folder / "m.onnx", model.bytes()).ok());
  model.last().set_op_type("Add");
  ASSERT_TRUE(write_file(folder / "m.onnx", model.bytes()).ok());
  EXPECT_EQ(error("c.onnx", {13, {DType::F16}, Overflow::InfNan, {}}),
            "cannot open the file: No such file or directory; check the path");
  EXPECT_FALSE(std::filesystem::exists(folder / "c.onnx.data"));
}

}  // namespace
}  // namespace keel::onnx_io
