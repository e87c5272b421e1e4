#pragma once

#include <array>
#include <string>
#include <vector>

#include "tests/compiler/lint/linted.h"

namespace keel::lint {

/// A list with one problem, and what is said of it.
struct LintCase {
  std::string name;
  std::string list;
  std::string codes;  ///< as Linted::codes()
  std::string fixed;  ///< the list without the problem
  LintSetup setup = {};
};

// Nodes that a case adds; each stands alone, for the graph may have outputs beside y.
inline void add(ModelBuilder& model, const std::string& name, const std::string& op,
                const std::vector<std::string>& inputs, const std::string& output) {
  named(model, name, op, inputs, output);
  model.output(output);
}

inline void add_subgraph(ModelBuilder& model) {
  ModelBuilder body, other;
  named(body, "inner/Exp", "Exp", {"x"}, "then");
  named(other, "inner/Log", "Log", {"x"}, "else");
  model.initializer("yes", {}, ::onnx::TensorProto::BOOL).add_int32_data(1);
  add(model, "net/If", "If", {"yes"}, "chosen");
  model.set("then_branch", body.output("then")).set("else_branch", other.output("else"));
}

inline void add_constant(ModelBuilder& model) {
  model.node("Constant", {}, {"half"}).set("value_float", 0.5f).last().set_name("net/constant");
  add(model, "net/halved", "Mul", {"x", "half"}, "halved");
}

inline std::vector<LintCase> lint_cases() {
  const auto scaled = [](float constant) {
    return [constant](ModelBuilder& model) {
      model.floats("c", {constant});
      add(model, "net/scaled", "Mul", {"x", "c"}, "scaled");
    };
  };
  const auto integers = [](ModelBuilder& model) {
    model.input("ids", {4}, ::onnx::TensorProto::INT64).ints("one", {1});
    named(model, "net/ids", "Add", {"ids", "one"}, "next");
    add(model, "net/gather", "Gather", {"x", "next"}, "gathered");
  };
  const auto folded = [](ModelBuilder& model) {
    model.floats("c", {1, 2, 3, 4});
    named(model, "net/folded", "Add", {"c", "c"}, "c2");
    add(model, "net/scaled", "Mul", {"x", "c2"}, "scaled");
  };
  const auto identity = [](ModelBuilder& model) {
    named(model, "net/identity", "Identity", {"x"}, "same");
    add(model, "net/abs", "Abs", {"same"}, "absolute");
  };
  const auto dead = [](ModelBuilder& model) { named(model, "net/dead", "Abs", {"x"}, "unused"); };
  const auto layout = [](ModelBuilder& model) {
    add(model, "net/flip", "Transpose", {"lg"}, "flipped");
  };
  const auto entrance = [](ModelBuilder& model) {
    named(model, "net/entrance", "Transpose", {"x"}, "entered");
    add(model, "net/abs", "Abs", {"entered"}, "absolute");
  };
  const auto quantised = [](ModelBuilder& model) {
    model.node("DynamicQuantizeLinear", {"x"}, {"q", "scale", "zero"});
    model.last().set_name("net/quantise");
    add(model, "net/abs", "Abs", {"scale"}, "absolute");
  };
  const auto unnamed = [](ModelBuilder& model) { add(model, "", "Abs", {"x"}, "absolute"); };
  const auto repeated = [](ModelBuilder& model) {
    add(model, "twin", "Abs", {"x"}, "absolute");
    add(model, "twin", "Neg", {"x"}, "negative");
  };
  const auto pool = [](ModelBuilder& model) {
    add(model.input("image", {1, 1, 4, 4}), "net/pool", "MaxPool", {"image"}, "pooled");
    model.set("kernel_shape", Ints{2, 2});
  };
  const auto no_fp32 = ascend::PrecisionMode::AllowFp32ToFp16;
  return {
      {"ByteOrderMark", "\xEF\xBB\xBFnet/Log\n", "byte-order-mark:1", "net/Log\n"},
      {"Utf16", std::string("\xFF\xFEn\0e\0t\0/\0L\0o\0g\0\r\0\n\0", 20), "utf-16:1", "net/Log\n"},
      {"InvalidUtf8", "net/Log\nnet/Gr\xFC\xDF\x65\n", "invalid-utf-8:2 unknown-name:2",
       "net/Log\n"},
      {"NulByte", std::string("net/Log\nnet/Exp\0\n", 17), "nul-byte:2", "net/Log\nnet/Exp\n"},
      {"PathCharacter", "net/Log\n", "path-character", "net/Log\n", {.file = "my list.cfg"}},
      {"PathColon", "net/Log\n", "path-colon", "net/Log\n", {.model_file = "a:b.onnx"}},
      {"Comment", "# logs\nnet/Log\n", "comment:1", "net/Log\n"},
      {"BlankLine", "net/Log\n  \n", "blank-line:2", "net/Log\n"},
      {"IndentedType", "net/Exp\n OpType::Log\n", "indented-type:2", "net/Exp\nOpType::Log\n"},
      {"SurroundingBlanks", "net/Log \n", "surrounding-blanks:1", "net/Log\n"},
      {"MisspelledPrefix", "net/Exp\noptype: Log\n", "misspelled-prefix:2",
       "net/Exp\nOpType::Log\n"},
      {"UnknownName", "net/Log\nhead/unrelated\n", "unknown-name:2", "net/Log\n"},
      {"WrongCase", "net/Exp\nNet/log\n", "wrong-case:2", "net/Exp\nnet/Log\n"},
      {"WrongSeparators", "net/Exp\nnet_Log\n", "wrong-separators:2", "net/Exp\nnet/Log\n"},
      {"TensorName", "net/Exp\nlg\n", "tensor-name:2", "net/Exp\nnet/Log\n"},
      {"PartialName", "net/Exp\nnet/dense\n", "partial-name:2", "net/Exp\n"},
      {"MissingPrefix", "net/Exp\nSoftmax\n", "missing-prefix:2", "net/Exp\nOpType::SoftmaxV2\n"},
      {"Wildcard", "net/Exp\nnet/dense_*\n", "wildcard:2", "net/Exp\n"},
      {"NestedNode", "inner/Exp\n", "nested-node:1", "inner/Exp\n", {.edit = add_subgraph}},
      {"TypeNotPascalCase", "net/Exp\nOpType::log\n", "type-not-pascal-case:2",
       "net/Exp\nOpType::Log\n"},
      {"OnnxType", "net/Exp\nOpType::Softmax\n", "onnx-type:2", "net/Exp\nOpType::SoftmaxV2\n"},
      {"UnknownType", "net/Exp\nOpType::Nonsense\n", "unknown-type:2", "net/Exp\n"},
      {"TypeAfterFusion", "net/Exp\nOpType::Conv2DCompress\n", "type-after-fusion:2", "net/Exp\n"},
      {"TypeNotInModel", "net/Exp\nOpType::Sigmoid\n", "type-not-in-model:2", "net/Exp\n"},
      {"DuplicateEntry", "net/Log\nnet/Log\n", "duplicate-entry:2", "net/Log\n"},
      {"CoveredByType", "net/Log\nOpType::Log\n", "covered-by-type:1", "OpType::Log\n"},
      {"Overridden",
       "net/Log\nnet/Exp\n",
       "overridden:1",
       "net/Exp\n",
       {.customize_dtypes =
            other_file("custom.cfg", "\nnet/Log::InputDtype:float16,OutputDtype:float16\n")}},
      {"ModeKeepsAll",
       "net/Log\n",
       "mode-keeps-all",
       "net/Log\n",
       {.mode = ascend::PrecisionMode::MustKeepOriginDtype}},
      {"CubeWithoutFp32",
       "net/Log\nnet/dense_1\n",
       "cube-without-fp32:2",
       "net/Log\n",
       {.soc = "Ascend310P3"}},
      {"NoFp32Kernel", "net/Log\nnet/pool\n", "no-fp32-kernel:2", "net/Log\n", {.edit = pool}},
      {"SameEitherWay",
       "net/Log\nnet/dense_1\n",
       "same-either-way:1",
       "net/dense_1\n",
       {.mode = no_fp32}},
      {"FoldedNode", "net/Log\nnet/folded\n", "folded-node:2", "net/Log\n", {.edit = folded}},
      {"RemovedIdentity",
       "net/Log\nnet/identity\n",
       "removed-identity:2",
       "net/Log\n",
       {.edit = identity}},
      {"DeadCode", "net/Log\nnet/dead\n", "dead-code:2", "net/Log\n", {.edit = dead}},
      {"NeverRun", "net/Log\nnet/constant\n", "never-run:2", "net/Log\n", {.edit = add_constant}},
      {"NoFloats", "net/Log\nnet/ids\n", "no-floats:2", "net/Log\n", {.edit = integers}},
      {"IdleLayout", "net/Exp\nnet/flip\n", "idle-layout:2", "net/Exp\n", {.edit = layout}},
      {"LayoutLeftOut", "net/dense_1\nnet/dense_2\n", "layout-left-out",
       "net/dense_1\nnet/dense_2\nnet/transpose\n"},
      {"LayoutAtInput",
       "net/abs\n",
       "layout-at-input",
       "net/abs\nnet/entrance\n",
       {.edit = entrance}},
      {"EmptyList", "\n", "empty-list", "\n"},
      {"KeepsNothing", "nothing-like-it-here\n", "unknown-name:1 keeps-nothing", ""},
      {"KeepsEverything",
       "net/Square\nnet/Log\nnet/dense_1\nnet/transpose\nnet/dense_2\nnet/Softmax\nnet/Exp\n",
       "keeps-everything",
       "net/Square\nnet/Log\nnet/dense_1\nnet/transpose\nnet/dense_2\nnet/Softmax\nnet/Exp\n"},
      {"OpsetTooNew",
       "net/Log\n",
       "opset-too-new",
       "net/Log\n",
       {.edit = [](ModelBuilder& model) { model.proto.mutable_opset_import(0)->set_version(19); }}},
      {"NoParser", "net/Log\n", "no-parser", "net/Log\n", {.edit = quantised}},
      {"UnnamedNodes", "net/Log\nAbs_0\n", "unnamed-nodes", "net/Log\nAbs_0\n", {.edit = unnamed}},
      {"DuplicateNodeNames",
       "net/Log\ntwin\n",
       "duplicate-node-names",
       "net/Log\ntwin\n",
       {.edit = repeated}},
      {"ConstantOverflows",
       "net/Log\n",
       "constant-overflows",
       "net/Log\n",
       {.edit = scaled(-1e9f)}},
      {"ConstantVanishes", "net/Log\n", "constant-vanishes", "net/Log\n", {.edit = scaled(1e-9f)}},
  };
}

}  // namespace keel::lint
