#include <gtest/gtest.h>

#include "compiler/base/error_text.h"
#include "tests/compiler/lint/lint_cases.h"

namespace keel::lint {
namespace {

// As the command line prints an error, with the code and the severity before it.
std::string shown(const std::vector<Finding>& findings) {
  std::string text = "\n";
  for (const Finding& finding : findings) {
    const FindingInfo& kind = info(finding.kind);
    text += std::string(name(kind.severity)) + " " + std::string(kind.code) + " " + where(finding) +
            "\n  " + finding.what + "\n  " + finding.fix + "\n";
  }
  return text;
}

// One of everything that one model and one list can have at a time.
TEST(LintTexts, OfAListWithEverythingWrong) {
  const Linted linted(
      {.edit =
           [](ModelBuilder& model) {
             model.floats("mask", {-1e9f}).floats("tiny", {1e-9f});
             add(model, "net/mask", "Add", {"x", "mask"}, "masked");
             add(model, "net/floor", "Max", {"x", "tiny"}, "floored");
             model.floats("c", {1, 2, 3, 4});
             named(model, "net/folded", "Add", {"c", "c"}, "c2");
             add(model, "net/scaled", "Mul", {"x", "c2"}, "scaled");
             named(model, "net/identity", "Identity", {"x"}, "same");
             add(model, "net/abs", "Abs", {"same"}, "absolute");
             named(model, "net/dead", "Abs", {"x"}, "unused");
             model.input("ids", {4}, ::onnx::TensorProto::INT64).ints("one", {1});
             named(model, "net/ids", "Add", {"ids", "one"}, "next");
             add(model, "net/gather", "Gather", {"x", "next"}, "gathered");
             named(model, "net/entrance", "Transpose", {"x"}, "entered");
             add(model, "net/neg", "Neg", {"entered"}, "negated");
             named(model, "net/flip", "Transpose", {"masked"}, "flipped");
             model.output("flipped");
             add_subgraph(model);
             add_constant(model);
             model.node("DynamicQuantizeLinear", {"x"}, {"q", "scale", "zero"});
             model.last().set_name("net/quantise");
             add(model, "net/sin", "Sin", {"scale"}, "sine");
             add(model, "", "Cos", {"x"}, "cosine");
             add(model, "twin", "Erf", {"x"}, "erf");
             add(model, "twin", "Tanh", {"x"}, "tanh");
           },
       .soc = "Ascend310P3",
       .file = "a:b c.cfg",
       .customize_dtypes = other_file("custom.cfg", "net/Softmax::InputDtype:float16\n")});
  EXPECT_EQ(shown(linted.findings("\xEF\xBB\xBF# a comment\n"
                                  " \t\n"
                                  "  OpType::Log\n"
                                  "net/Square \n"
                                  "optype:Exp\n"
                                  "head/unrelated\n"
                                  "net/log\n"
                                  "net_Log\n"
                                  "lg\n"
                                  "net/dense\n"
                                  "Softmax\n"
                                  "net/dense_?\n"
                                  "inner/Exp\n"
                                  "OpType::log\n"
                                  "OpType::Softmax\n"
                                  "OpType::Nonsense\n"
                                  "OpType::DepthwiseConv2D\n"
                                  "OpType::Sigmoid\n"
                                  "net/neg\n"
                                  "net/neg\n"
                                  "OpType::Log\n"
                                  "net/Log\n"
                                  "net/Softmax\n"
                                  "net/dense_1\n"
                                  "net/folded\n"
                                  "net/identity\n"
                                  "net/dead\n"
                                  "net/constant\n"
                                  "net/ids\n"
                                  "net/flip\n"
                                  "Cos_0\n"
                                  "twin\n"
                                  "x\xFC\n"
                                  "x")),
            R"(
warning byte-order-mark a:b c.cfg:1
  the vendor compiler takes the byte order mark for part of the first name
  save the file as UTF-8 without a byte order mark
warning comment a:b c.cfg:1
  the vendor compiler takes '# a comment' for a node name
  delete the line: a keep list has no comments
warning blank-line a:b c.cfg:2
  the vendor compiler takes a line of blanks for a node with an empty name
  delete the blanks
warning indented-type a:b c.cfg:3
  keep entry 'OpType::Log' is indented: the vendor compiler takes it for a node name
  delete the blanks before 'OpType::'
note surrounding-blanks a:b c.cfg:4
  blanks around 'net/Square' are trimmed
  delete the blanks
warning misspelled-prefix a:b c.cfg:5
  keep entry 'optype:Exp' does not start with 'OpType::': the vendor compiler takes it for a node name
  use 'OpType::Exp'
warning unknown-name a:b c.cfg:6
  keep entry 'head/unrelated' names no node of the model
  correct the name, or delete the line
warning wrong-case a:b c.cfg:7
  keep entry 'net/log' names no node of the model: the model has it in other case
  use 'net/Log'
warning wrong-separators a:b c.cfg:8
  keep entry 'net_Log' names no node of the model: the model has it with other separators
  use 'net/Log'
warning tensor-name a:b c.cfg:9
  keep entry 'lg' names no node of the model: it is the name of a tensor, which 'net/Log' computes
  use 'net/Log'
warning partial-name a:b c.cfg:10
  keep entry 'net/dense' names no node of the model: the model has it only with something after it, in 2 names
  use 'net/dense_1', 'net/dense_2'
warning missing-prefix a:b c.cfg:11
  keep entry 'Softmax' names no node of the model: it is the type of operators
  use 'OpType::SoftmaxV2' for every SoftmaxV2
warning wildcard a:b c.cfg:12
  keep entry 'net/dense_?' names no node of the model: a keep list has no wildcards
  name each node on a line of its own, or use 'OpType::Type'
note nested-node a:b c.cfg:13
  node 'inner/Exp' is in the subgraph of 'net/If' (If), where the vendor compiler may not look for names
  look for the name in the compiled model, or unroll the subgraph before export
error type-not-pascal-case a:b c.cfg:14
  keep entry 'OpType::log' has a type that is not PascalCase, which the vendor compiler refuses
  use 'OpType::Log'
warning onnx-type a:b c.cfg:15
  keep entry 'OpType::Softmax' names an operator of ONNX, not a type of the NPU
  use 'OpType::SoftmaxV2', the type of the model's Softmax
warning unknown-type a:b c.cfg:16
  keep entry 'OpType::Nonsense' names no known Ascend type
  use 'OpType::NonZero' (nearest type)
warning type-after-fusion a:b c.cfg:17
  keep entry 'OpType::DepthwiseConv2D' names a type that exists only after fusion; the list is applied before
  name the nodes it was fused from, or their types
warning type-not-in-model a:b c.cfg:18
  keep entry 'OpType::Sigmoid' names no node of the model
  delete the line
note duplicate-entry a:b c.cfg:20
  keep entry 'net/neg' stands in line 19 already
  delete the line
note covered-by-type a:b c.cfg:22
  node 'net/Log' is kept by 'OpType::Log' in line 21
  delete the line, or the line of the type
warning overridden a:b c.cfg:23
  keep entry 'net/Softmax' is overridden by 'net/Softmax' in custom.cfg:1
  delete one of the two lines
warning cube-without-fp32 a:b c.cfg:24
  keep entry 'net/dense_1' takes no effect: the cube of Ascend310P3 has no fp32: keeping it would multiply in fp16 all the same and only add casts
  delete the line
warning folded-node a:b c.cfg:25
  keep entry 'net/folded' takes no effect: it is computed at compile time
  delete the line
warning removed-identity a:b c.cfg:26
  keep entry 'net/identity' takes no effect: it hands on its input and is removed
  delete the line
warning dead-code a:b c.cfg:27
  keep entry 'net/dead' takes no effect: no output of the model depends on it
  delete the line
warning never-run a:b c.cfg:28
  keep entry 'net/constant' takes no effect: nothing of it runs on the NPU
  delete the line
warning no-floats a:b c.cfg:29
  keep entry 'net/ids' takes no effect: it reads and makes no float
  delete the line
note idle-layout a:b c.cfg:30
  node 'net/flip' (Transpose) moves elements only, and no operator beside it is kept
  delete the line
warning invalid-utf-8 a:b c.cfg:33
  the line is not UTF-8, as the names of a model are
  save the file as UTF-8
warning unknown-name a:b c.cfg:33
  keep entry 'x\xfc' names no node of the model
  correct the name, or delete the line
warning tensor-name a:b c.cfg:34
  keep entry 'x' names no node of the model: it is the name of a tensor, an input of the model
  delete the line, or name the nodes that read the tensor
note layout-at-input a:b c.cfg
  node 'net/entrance' (Transpose) stands between an input of the model and a kept operator and is lowered
  add the line 'net/entrance'
error path-character a:b c.cfg
  the path of the keep list holds ' ', which the vendor compiler refuses (E10001)
  give --keep_dtype a path of letters, digits, '_', '-', '.', '/' and Chinese characters
error path-colon a:b c.cfg
  the path of the keep list holds ':', which atc refuses
  give --keep_dtype a path without ':'
error no-parser model.onnx
  the vendor compiler has no parser for DynamicQuantizeLinear: node 'net/quantise'
  export the model again without DynamicQuantizeLinear
warning unnamed-nodes model.onnx
  1 of 29 nodes have no name in the file, and a line of the list names one: 'Cos_0' in line 31
  compile a copy of the model with unique node names: keel tune writes it as named.onnx
warning duplicate-node-names model.onnx
  1 name is given to several nodes, and a line of the list names one: 'twin' in line 32
  compile a copy of the model with unique node names: keel tune writes it as named.onnx
note constant-overflows model.onnx
  constant 'mask' of node 'net/mask' (Add), which is lowered, has 1 element beyond 65504, up to -1e+09
  keep 'net/mask' if the constant matters
note constant-vanishes model.onnx
  constant 'tiny' of node 'net/floor' (Max), which is lowered, becomes 0 in fp16: its largest element is 1e-09
  keep 'net/floor' if the constant matters
)");
}

TEST(LintTexts, OfWhatExcludesTheRest) {
  EXPECT_EQ(shown(Linted({.mode = ascend::PrecisionMode::MustKeepOriginDtype})
                      .findings(std::string("\xFF\xFEn\0e\0t\0", 8))),
            R"(
warning utf-16 keep.cfg:1
  the file is UTF-16, in which the vendor compiler finds no name
  save the file as UTF-8 without a byte order mark
warning partial-name keep.cfg:1
  keep entry 'net' names no node of the model: the model has it only with something after it, in 7 names
  use 'net/Exp', 'net/Log', 'net/Softmax' and 4 more
warning mode-keeps-all keep.cfg
  the list takes no effect under must_keep_origin_dtype
  leave out --keep_dtype, or choose another --precision_mode
)");
  EXPECT_EQ(shown(Linted({.mode = ascend::PrecisionMode::AllowFp32ToFp16})
                      .findings(std::string("net/Log\nnet/Exp\0\n", 17))),
            R"(
warning same-either-way keep.cfg:1
  keep entry 'net/Log' takes no effect: allow_fp32_to_fp16 computes vector operators in fp32 either way
  delete the line
warning nul-byte keep.cfg:2
  the line holds 1 zero byte, which the vendor compiler takes for part of the name
  delete the zero bytes
warning keeps-nothing keep.cfg
  the list changes what no operator of the model computes in
  correct the entries, or leave out --keep_dtype
)");
  EXPECT_EQ(shown(Linted().findings("")), R"(
note empty-list keep.cfg
  the list has no entry
  leave out --keep_dtype, or name what must keep its precision
)");
  EXPECT_EQ(shown(Linted().findings("net/dense_1\nnet/dense_2\n")), R"(
warning layout-left-out keep.cfg
  node 'net/transpose' (Transpose) stands between kept operators and is lowered: the tensor is cast down and up again
  add the line 'net/transpose'
)");
  EXPECT_EQ(
      shown(Linted({.edit =
                        [](ModelBuilder& model) {
                          model.proto.mutable_opset_import(0)->set_version(22);
                        }})
                .findings("OpType::Log\nOpType::MatMulV2\nOpType::BatchMatMulV2\nOpType::Mul\n"
                          "OpType::SoftmaxV2\nOpType::Exp\nOpType::Transpose\n")),
      R"(
warning type-not-in-model keep.cfg:2
  keep entry 'OpType::MatMulV2' names no node of the model
  delete the line, or use 'OpType::BatchMatMulV2' (nearest type of the model)
note keeps-everything keep.cfg
  the list keeps every operator that force_fp16 could lower
  keep less, or use --precision_mode must_keep_origin_dtype without a list
warning opset-too-new model.onnx
  the model is of opset 22; the vendor's parser knows 8 to 18
  export the model again with opset 18
)");
}

}  // namespace
}  // namespace keel::lint
