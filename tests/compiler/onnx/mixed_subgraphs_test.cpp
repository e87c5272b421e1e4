#include <gtest/gtest.h>

#include <set>

#include "tests/compiler/onnx/mixed_model.h"

namespace keel::onnx_io {
namespace {

using ::onnx::TensorProto;

// A branch that reads `a` and `b` from around it; both branches of a test name alike what they
// make.
ModelBuilder branch(const std::string& first, const std::string& prefix) {
  ModelBuilder body;
  body.node(first, {"a"}, {"s"}).node("Add", {"s", "b"}, {"r"});
  for (auto& node : *body.graph().mutable_node()) node.set_name(prefix + node.output(0));
  result(body, "r", {2});
  return body;
}

ModelBuilder model_with_if() {
  ModelBuilder model;
  model.input("x", {2}).input("c", {}, TensorProto::BOOL);
  model.node("Exp", {"x"}, {"a"}).node("Neg", {"x"}, {"b"}).node("If", {"c"}, {"y"});
  model.set("then_branch", branch("Abs", "t_")).set("else_branch", branch("Neg", "e_"));
  model.node("Exp", {"y"}, {"z"});
  result(model, "z", {2});
  return model;
}

TEST(MixedSubgraphs, ReadWhatTheyCaptureInTheDtypeItHasOutside) {
  // a is made in fp16 and b in fp32; each branch reads both in both ways.
  EXPECT_EQ(Mixed(model_with_if(), {"n_a", "t_s", "e_r"}).text(),
            "x/float16 = Cast(x) -> FLOAT16\n"
            "a = Exp(x/float16)\n"
            "a/float32 = Cast(a) -> FLOAT\n"
            "b = Neg(x)\n"
            "b/float16 = Cast(b) -> FLOAT16\n"
            "y = If(c)\n"
            "  then_branch:\n"
            "    s = Abs(a)\n"
            "    s/float32 = Cast(s) -> FLOAT\n"
            "    r = Add(s/float32, b)\n"
            "    return r\n"
            "  else_branch:\n"
            "    s = Neg(a/float32)\n"
            "    s/float16 = Cast(s) -> FLOAT16\n"
            "    r/float16 = Add(s/float16, b/float16)\n"
            "    r = Cast(r/float16) -> FLOAT\n"
            "    return r\n"
            "z = Exp(y)\n");
}

TEST(MixedSubgraphs, HandOutFloatsSoThatBranchesAgree) {
  const Mixed mixed(model_with_if(), {"n_a", "n_b", "t_s", "t_r", "n_z"});
  EXPECT_EQ(mixed.text(),
            "x/float16 = Cast(x) -> FLOAT16\n"
            "a = Exp(x/float16)\n"
            "a/float32 = Cast(a) -> FLOAT\n"
            "b = Neg(x/float16)\n"
            "b/float32 = Cast(b) -> FLOAT\n"
            "y = If(c)\n"
            "  then_branch:\n"
            "    s = Abs(a)\n"
            "    r/float16 = Add(s, b)\n"
            "    r = Cast(r/float16) -> FLOAT\n"
            "    return r\n"
            "  else_branch:\n"
            "    s = Neg(a/float32)\n"
            "    r = Add(s, b/float32)\n"
            "    return r\n"
            "y/float16 = Cast(y) -> FLOAT16\n"
            "z/float16 = Exp(y/float16)\n"
            "z = Cast(z/float16) -> FLOAT\n");
}

TEST(MixedSubgraphs, GiveTheirNewNodesNamesThatNoGraphHas) {
  const Mixed mixed(model_with_if(), {"t_s", "e_s", "t_r", "e_r"});
  std::set<std::string> names;
  for (const auto* node : all_nodes(mixed.proto.graph()))
    EXPECT_TRUE(names.insert(node->name()).second) << node->name();
  EXPECT_EQ(joined(names),
            "a/to_float16, b/to_float16, e_r, e_s, n_a, n_b, n_y, n_z, r/to_float32, "
            "r/to_float32_2, t_r, t_s");
}

TEST(MixedSubgraphs, KeepTheirNamesFromNewTensorsAroundThem) {
  ModelBuilder body;
  body.node("Exp", {"x"}, {"x/float16"}).node("Abs", {"x/float16"}, {"r"});
  result(body, "r", {2});
  ModelBuilder model;
  model.input("x", {2}).input("c", {}, TensorProto::BOOL).node("Neg", {"x"}, {"a"});
  model.node("If", {"c"}, {"i"}).set("then_branch", body).set("else_branch", body);
  model.node("Add", {"a", "i"}, {"y"});
  result(model, "y", {2});
  const std::string text = Mixed(model, {"n_a"}).text();
  EXPECT_NE(text.find("a = Neg(x/float16_2)\n"), std::string::npos) << text;
}

TEST(MixedSubgraphs, CarryFloatsThroughALoop) {
  ModelBuilder body;
  body.input("i", {}, TensorProto::INT64).input("go", {}, TensorProto::BOOL).input("v", {2});
  body.node("Identity", {"go"}, {"on"}).node("Mul", {"v", "w"}, {"u"}).node("Abs", {"u"}, {"o"});
  result(body, "on", {}, TensorProto::BOOL);
  result(body, "u", {2});
  result(body, "o", {2});
  ModelBuilder model;
  model.input("x", {2}).floats("w", {1, 2});
  model.initializer("n", {}, TensorProto::INT64).add_int64_data(3);
  model.node("Exp", {"x"}, {"a"}).node("Loop", {"n", "", "a"}, {"l", "s"}).set("body", body);
  model.node("Neg", {"l"}, {"y"}).node("Neg", {"s"}, {"z"});
  result(model, "y", {2});
  result(model, "z", {3, 2});
  const Mixed mixed(model, {"n_a", "n_u", "n_z"});
  EXPECT_EQ(mixed.text(),
            "x/float16 = Cast(x) -> FLOAT16\n"
            "a = Exp(x/float16)\n"
            "a/float32 = Cast(a) -> FLOAT\n"
            "l, s = Loop(n, , a/float32)\n"
            "  body:\n"
            "    v/float16 = Cast(v) -> FLOAT16\n"
            "    on = Identity(go)\n"
            "    u/float16 = Mul(v/float16, w)\n"
            "    u = Cast(u/float16) -> FLOAT\n"
            "    o = Abs(u)\n"
            "    return on, u, o\n"
            "s/float16 = Cast(s) -> FLOAT16\n"
            "y = Neg(l)\n"
            "z/float16 = Neg(s/float16)\n"
            "z = Cast(z/float16) -> FLOAT\n");
  EXPECT_EQ(mixed.initializers(), "w FLOAT16, n INT64");
}

TEST(MixedSubgraphs, CarryFloatsThroughAScan) {
  ModelBuilder body;
  body.input("h", {2}).input("e", {2}).node("Add", {"h", "e"}, {"k"}).node("Exp", {"k"}, {"o"});
  result(body, "k", {2});
  result(body, "o", {2});
  ModelBuilder model;
  model.input("h0", {2}).input("x", {3, 2});
  model.node("Scan", {"h0", "x"}, {"hn", "ys"}).set("body", body);
  model.set("num_scan_inputs", std::int64_t{1});
  result(model, "hn", {2});
  result(model, "ys", {3, 2});
  EXPECT_EQ(Mixed(model, {"n_o"}).text(),
            "hn, ys = Scan(h0, x)\n"
            "  body:\n"
            "    k = Add(h, e)\n"
            "    k/float16 = Cast(k) -> FLOAT16\n"
            "    o/float16 = Exp(k/float16)\n"
            "    o = Cast(o/float16) -> FLOAT\n"
            "    return k, o\n");
}

TEST(MixedSubgraphs, ConvertTheConstantsInThem) {
  ModelBuilder body = branch("Abs", "t_");
  body.node("Constant", {}, {"k"}).set("value_float", 0.5f);
  body.last().set_name("t_k");
  body.graph().mutable_node(1)->set_input(1, "k");
  body.graph().mutable_node()->SwapElements(1, 2);
  ModelBuilder model;
  model.input("a", {2}).input("b", {2}).input("c", {}, TensorProto::BOOL);
  model.node("If", {"c"}, {"y"});
  model.set("then_branch", body).set("else_branch", branch("Neg", "e_"));
  result(model, "y", {2});
  const Mixed mixed(model, {"t_r"});
  EXPECT_NE(mixed.text().find("    k = Constant() of FLOAT16\n"), std::string::npos)
      << mixed.text();
}

}  // namespace
}  // namespace keel::onnx_io
