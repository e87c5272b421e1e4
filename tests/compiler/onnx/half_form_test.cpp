#include "compiler/onnx/half_form.h"

#include <gtest/gtest.h>

#include "tests/compiler/onnx/mixed_model.h"

namespace keel::onnx_io {
namespace {

using ::onnx::TensorProto;

// "h" where float16 may stand, "f" where float stays, "-" for other tensors: inputs > outputs.
std::string form(const ModelBuilder& model, const std::string& floats) {
  std::vector<bool> is_float;
  for (const char one : floats) is_float.push_back(one == 'f');
  const ::onnx::NodeProto& node = model.proto.graph().node(0);
  const std::int64_t opset = model.proto.opset_import(0).version();
  const HalfForm half = half_form(node, opset, is_float);
  const std::vector<bool> results = float_results(node, opset, is_float);
  std::string text;
  for (std::size_t i = 0; i < is_float.size(); ++i)
    text += half.inputs[i] ? 'h' : is_float[i] ? 'f' : '-';
  text += '>';
  for (std::size_t i = 0; i < results.size(); ++i)
    text += half.outputs[i] ? 'h' : results[i] ? 'f' : '-';
  return text;
}

std::string form(const std::string& op, std::int64_t opset, const std::string& floats,
                 std::size_t outputs = 1) {
  ModelBuilder model(opset);
  std::vector<std::string> inputs, names;
  for (std::size_t i = 0; i < floats.size(); ++i)
    inputs.push_back(floats[i] == '.' ? "" : "i" + std::to_string(i));
  for (std::size_t i = 0; i < outputs; ++i) names.push_back("o" + std::to_string(i));
  return form(model.node(op, inputs, names), floats);
}

TEST(HalfForm, IsThatOfTheOperatorAtItsOpset) {
  EXPECT_EQ(form("CumSum", 11, "f-"), "f->f");
  EXPECT_EQ(form("CumSum", 14, "f-"), "h->h");
  EXPECT_EQ(form("Range", 13, "fff"), "fff>f");
  EXPECT_EQ(form("NonMaxSuppression", 11, "ff-ff"), "ff-ff>-");
  EXPECT_EQ(form("QuantizeLinear", 13, "ff-"), "ff->-");
  EXPECT_EQ(form("DequantizeLinear", 13, "-f-"), "-f->f");
  EXPECT_EQ(form("MatMul", 1, "ff"), "hh>h");
}

TEST(HalfForm, LeavesNumbersOfTheOperatorInFloat) {
  EXPECT_EQ(form("Resize", 10, "ff"), "hf>h");
  EXPECT_EQ(form("Resize", 11, "fff"), "hff>h");
  EXPECT_EQ(form("Resize", 13, "f.f-"), "h-f->h");
  EXPECT_EQ(form("Upsample", 9, "ff"), "hf>h");
  EXPECT_EQ(form("OneHot", 11, "-ff"), "-fh>h");
  EXPECT_EQ(form("Dropout", 13, "ff-", 2), "hf->h-");
}

TEST(HalfForm, TakesIndicesAndFlagsAsTheyAre) {
  EXPECT_EQ(form("Where", 9, "-ff"), "-hh>h");
  EXPECT_EQ(form("Gather", 13, "f-"), "h->h");
  EXPECT_EQ(form("TopK", 11, "f-", 2), "h->h-");
  EXPECT_EQ(form("Greater", 13, "ff"), "hh>-");
  EXPECT_EQ(form("Pad", 13, "f-f"), "h-h>h");
  EXPECT_EQ(form("Concat", 13, "fff"), "hhh>h");
  EXPECT_EQ(form("Split", 13, "f-", 3), "h->hhh");
  EXPECT_EQ(form("ReduceSum", 13, "f-"), "h->h");
}

TEST(HalfForm, OfALstmIsHalfInStatesAndPeepholesToo) {
  EXPECT_EQ(form("LSTM", 7, "ffff-fff", 3), "hhhh-hhh>hhh");
  EXPECT_EQ(form("LSTM", 14, "fff..ff", 3), "hhh--hh>hhh");
  EXPECT_EQ(form("GRU", 14, "ffff", 2), "hhhh>hh");
}

TEST(HalfForm, DoesNotExistWhereNoInputFixesTheTypeOfTheResult) {
  EXPECT_EQ(form("RandomNormal", 13, ""), ">f");
  EXPECT_EQ(form("RandomNormalLike", 13, "f"), "f>f");
  EXPECT_EQ(form("RandomUniformLike", 13, "-"), "->-");
  EXPECT_EQ(form("EyeLike", 9, "f"), "f>f");
  EXPECT_EQ(form("ConstantOfShape", 9, "-"), "->f");
  ModelBuilder of_integers;
  of_integers.node("ConstantOfShape", {"s"}, {"o"});
  of_integers.attribute("value", ::onnx::AttributeProto::TENSOR)
      .mutable_t()
      ->set_data_type(TensorProto::INT64);
  EXPECT_EQ(form(of_integers, "-"), "->-");
}

TEST(HalfForm, OfACastIsWhatItCastsTo) {
  const auto cast = [](std::int64_t to, const std::string& floats) {
    ModelBuilder model;
    return form(model.node("Cast", {"x"}, {"y"}).set("to", to), floats);
  };
  EXPECT_EQ(cast(TensorProto::FLOAT, "-"), "->h");
  EXPECT_EQ(cast(TensorProto::INT64, "f"), "h>-");
  EXPECT_EQ(cast(TensorProto::FLOAT16, "f"), "h>-");
}

TEST(HalfForm, LeavesStatisticsOfALayerNormInFloat) {
  EXPECT_EQ(form("LayerNormalization", 17, "fff", 3), "hhh>hff");
}

TEST(HalfForm, LeavesTheParametersOfABatchNormInFloatWhereTheyMayDiffer) {
  EXPECT_EQ(form("BatchNormalization", 15, "fffff"), "hffff>h");
  EXPECT_EQ(form("BatchNormalization", 14, "fffff"), "hhhff>h");
  EXPECT_EQ(form("BatchNormalization", 9, "fffff"), "hhhhh>h");
}

TEST(HalfForm, KnowsOperatorsNewerThanTheLibrary) {
  EXPECT_EQ(form("Gelu", 20, "f"), "h>h");
  EXPECT_EQ(form("GroupNormalization", 21, "fff"), "hhh>h");
  EXPECT_EQ(form("Mish", 18, "f"), "h>h");
  EXPECT_EQ(form("CenterCropPad", 18, "f-"), "h->h");
  EXPECT_EQ(form("ReduceMean", 18, "f-"), "h->h");  // axes are an input since 18
  EXPECT_EQ(form("NoSuchOperator", 18, "f"), "f>-");
}

// What the form means for a graph: a node without one stays float, and is named.
TEST(HalfForm, MissingMakesTheNodeStayInFloat) {
  ModelBuilder model(11);
  model.input("x", {2}).initializer("axis", {}, TensorProto::INT32).add_int32_data(0);
  model.node("Exp", {"x"}, {"a"}).node("CumSum", {"a", "axis"}, {"b"}).node("Neg", {"b"}, {"y"});
  result(model, "y", {2});
  const Mixed mixed(model, {"n_a", "n_b", "n_y"});
  EXPECT_EQ(mixed.text(),
            "x/float16 = Cast(x) -> FLOAT16\n"
            "a = Exp(x/float16)\n"
            "a/float32 = Cast(a) -> FLOAT\n"
            "b = CumSum(a/float32, axis)\n"
            "b/float16 = Cast(b) -> FLOAT16\n"
            "y/float16 = Neg(b/float16)\n"
            "y = Cast(y/float16) -> FLOAT\n");
  EXPECT_EQ(mixed.copy.stays_float, std::vector<std::size_t>{1});
  EXPECT_EQ(mixed.copy.half_nodes, 2U);
}

TEST(HalfForm, OfAResizeConvertsNoScales) {
  ModelBuilder model;
  model.input("x", {1, 1, 2, 2}).floats("roi", {}).floats("scales", {1, 1, 2, 2});
  model.node("Resize", {"x", "roi", "scales"}, {"y"});
  result(model, "y", {1, 1, 4, 4});
  EXPECT_EQ(Mixed(model, {"n_y"}).initializers(), "roi FLOAT, scales FLOAT");
}

TEST(HalfForm, OfACastChangesWhatItCastsTo) {
  ModelBuilder model;
  model.input("i", {2}, TensorProto::INT64).node("Cast", {"i"}, {"a"}).set("to", std::int64_t{1});
  model.node("Exp", {"a"}, {"b"}).node("Cast", {"b"}, {"h"}).set("to", std::int64_t{10});
  model.node("Cast", {"b"}, {"y"}).set("to", std::int64_t{7}).node("Shape", {"b"}, {"s"});
  result(model, "h", {2}, TensorProto::FLOAT16);
  result(model, "y", {2}, TensorProto::INT64);
  result(model, "s", {1}, TensorProto::INT64);
  // No cast in front of a cast, and none for a shape.
  EXPECT_EQ(Mixed(model, {"n_a", "n_b", "n_h"}).text(),
            "a = Cast(i) -> FLOAT16\n"
            "b = Exp(a)\n"
            "h = Cast(b) -> FLOAT16\n"
            "y = Cast(b) -> INT64\n"
            "s = Shape(b)\n");
}

TEST(HalfForm, OfWhatTheCompilerRemovesFollowsWhatItReads) {
  ModelBuilder model;
  model.input("x", {2}).node("Exp", {"x"}, {"a"}).node("Identity", {"a"}, {"b"});
  model.node("Dropout", {"b"}, {"c"}).node("Neg", {"c"}, {"d"}).node("Identity", {"x"}, {"e"});
  model.node("Add", {"d", "e"}, {"y"});
  result(model, "y", {2});
  EXPECT_EQ(Mixed(model, {"n_a", "n_d"}, {"n_b", "n_c", "n_e"}).text(),
            "x/float16 = Cast(x) -> FLOAT16\n"
            "a = Exp(x/float16)\n"
            "b = Identity(a)\n"
            "c = Dropout(b)\n"
            "d = Neg(c)\n"
            "d/float32 = Cast(d) -> FLOAT\n"
            "e = Identity(x)\n"
            "y = Add(d/float32, e)\n");
}

}  // namespace
}  // namespace keel::onnx_io
