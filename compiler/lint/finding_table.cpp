#include <array>

#include "compiler/lint/finding.h"

namespace keel::lint {
namespace {

using enum FindingKind;
using enum Severity;

constexpr std::string_view kDocumented = "vendor documentation";
constexpr std::string_view kCode = "the vendor compiler's code";
constexpr std::string_view kInferred = "inferred from the vendor's registration of operators";
constexpr std::string_view kRules = "the precision rules keel compiles with";
constexpr std::string_view kArithmetic = "IEEE 754 half precision";

constexpr std::array kTable = {
    FindingInfo{ByteOrderMark, "byte-order-mark", Warning,
                "The vendor's compiler does not skip a UTF-8 byte order mark: its three bytes "
                "become part of the first name, which then matches no node.",
                kCode},
    FindingInfo{Utf16, "utf-16", Warning,
                "The vendor's compiler reads bytes. In a file of UTF-16 every name has a zero "
                "byte in each character and matches no node.",
                kCode},
    FindingInfo{InvalidUtf8, "invalid-utf-8", Warning,
                "Node names of an ONNX model are UTF-8 and are compared byte by byte: a line in "
                "another encoding matches no node that has other than ASCII letters.",
                kCode},
    FindingInfo{NulByte, "nul-byte", Warning,
                "A zero byte is part of the name the vendor's compiler looks for, and no node of "
                "an ONNX model has one. Files cut off by a crash end in zero bytes.",
                kCode},
    FindingInfo{PathCharacter, "path-character", Error,
                "Paths may hold letters, digits, '_', '-', '.', ':', '/' and Chinese characters; "
                "with any other character the vendor's compiler stops with E10001.",
                kDocumented},
    FindingInfo{PathColon, "path-colon", Error,
                "The documentation allows ':' in paths, but atc itself refuses it.", kCode},
    FindingInfo{Comment, "comment", Warning,
                "A keep list has no comments, though the vendor's own sample shows some: the line "
                "is taken for the name of a node, matches none and is ignored without a word.",
                kCode},
    FindingInfo{BlankLine, "blank-line", Warning,
                "Lines of length zero are skipped; a line of blanks is trimmed to the name \"\", "
                "which is looked for and matches no node.",
                kCode},
    FindingInfo{IndentedType, "indented-type", Warning,
                "'OpType::' counts only at the start of a line. After blanks the line is taken "
                "for the name of a node and keeps nothing.",
                kCode},
    FindingInfo{SurroundingBlanks, "surrounding-blanks", Note,
                "Blanks around a name are trimmed. They do no harm.", kCode},
    FindingInfo{MisspelledPrefix, "misspelled-prefix", Warning,
                "A type line starts with exactly 'OpType::'. Any other spelling makes the line "
                "the name of a node, which matches none.",
                kCode},
    FindingInfo{UnknownName, "unknown-name", Warning,
                "No node of the model has this name. The vendor's compiler says so in a log that "
                "is off by default, and succeeds: the operator is lowered.",
                kCode},
    FindingInfo{WrongCase, "wrong-case", Warning,
                "Names are compared exactly. The model has this name in other case, so the entry "
                "matches nothing and the operator is lowered.",
                kCode},
    FindingInfo{WrongSeparators, "wrong-separators", Warning,
                "Names are compared exactly. The model has this name with other separators, as "
                "another exporter or a profile writes it, so the entry matches nothing.",
                kCode},
    FindingInfo{TensorName, "tensor-name", Warning,
                "A keep list names nodes. This is the name of a tensor; the node that computes it "
                "has another name.",
                kCode},
    FindingInfo{PartialName, "partial-name", Warning,
                "Names are compared as a whole. The model has this name only with something "
                "after it: a scope, or the number that makes a repeated name unique.",
                kCode},
    FindingInfo{MissingPrefix, "missing-prefix", Warning,
                "This is the type of operators, not the name of one. Without 'OpType::' it is "
                "looked for among the names and matches nothing.",
                kCode},
    FindingInfo{Wildcard, "wildcard", Warning,
                "A keep list has no wildcards: the line is taken for a name as it stands.", kCode},
    FindingInfo{NestedNode, "nested-node", Note,
                "The node is in the subgraph of an If, Loop or Scan. keel runs the nodes of "
                "subgraphs and keeps it; nothing documents that the vendor's compiler looks for "
                "names there. Look for the name in the compiled model.",
                "unknown"},
    FindingInfo{TypeNotPascalCase, "type-not-pascal-case", Error,
                "The vendor's compiler stops with E10003 at a type that does not start with a "
                "capital and go on with letters and digits.",
                kCode},
    FindingInfo{OnnxType, "onnx-type", Warning,
                "The list takes types of the Ascend IR. This is the name the operator has in "
                "ONNX; on the NPU it has another, and the entry matches nothing.",
                kDocumented},
    FindingInfo{UnknownType, "unknown-type", Warning,
                "No operator of the NPU has this type, so the entry matches nothing.", kCode},
    FindingInfo{TypeAfterFusion, "type-after-fusion", Warning,
                "The list is applied once, after parsing and before every fusion. No ONNX operator "
                "is parsed into this type: it appears only later, in compiled models and in "
                "profiles, and matches nothing.",
                kCode},
    FindingInfo{TypeNotInModel, "type-not-in-model", Warning,
                "The type is right, but no node of this model becomes it.", kCode},
    FindingInfo{DuplicateEntry, "duplicate-entry", Note,
                "The same entry stands above. It does no harm.", kCode},
    FindingInfo{CoveredByType, "covered-by-type", Note,
                "A type line of the list keeps this node already. It does no harm.", kCode},
    FindingInfo{Overridden, "overridden", Warning,
                "--customize_dtypes wins over --keep_dtype: the list says keep, the other file "
                "sets dtypes, and the other file is obeyed.",
                kDocumented},
    FindingInfo{ModeKeepsAll, "mode-keeps-all", Warning,
                "Under must_keep_origin_dtype every operator keeps its dtype, and --keep_dtype "
                "takes no effect.",
                kDocumented},
    FindingInfo{CubeWithoutFp32, "cube-without-fp32", Warning,
                "The cube of this chip multiplies fp16 only. A product that is kept has fp32 "
                "inputs and outputs but multiplies in fp16 all the same; the casts cost time, and "
                "some kept convolutions do not compile.",
                "the vendor's platform files; users' reports for what does not compile"},
    FindingInfo{NoFp32Kernel, "no-fp32-kernel", Warning,
                "A kept operator may not be reduced. Without an fp32 kernel it goes to the AI CPU, "
                "which is slow, or the compilation fails: \"No supported Ops kernel\".",
                kCode},
    FindingInfo{SameEitherWay, "same-either-way", Warning,
                "Under this mode and on this chip the operator computes in the same dtype whether "
                "the list names it or not.",
                kRules},
    FindingInfo{FoldedNode, "folded-node", Warning,
                "What the node computes follows from constants and shapes, so it is computed at "
                "compile time, in fp32. Nothing of it runs on the NPU.",
                kRules},
    FindingInfo{RemovedIdentity, "removed-identity", Warning,
                "The node hands on its input unchanged and is removed.", kRules},
    FindingInfo{DeadCode, "dead-code", Warning,
                "No output of the model depends on the node, so it is removed.", kRules},
    FindingInfo{NeverRun, "never-run", Warning,
                "The node is a constant, control flow that becomes the nodes it runs, or in a "
                "branch that is not taken: nothing of it runs on the NPU.",
                kRules},
    FindingInfo{NoFloats, "no-floats", Warning,
                "The node reads and makes integers or flags only. No precision mode changes them.",
                kRules},
    FindingInfo{IdleLayout, "idle-layout", Note,
                "A layout operator moves elements and computes nothing, so that any dtype gives "
                "the same values. Keeping one helps only beside operators that are kept, where it "
                "saves casts.",
                kRules},
    FindingInfo{LayoutLeftOut, "layout-left-out", Warning,
                "A layout operator between two kept operators is lowered by itself: the tensor is "
                "rounded to the narrow dtype on its way from one to the other, which undoes part "
                "of the keep, and the casts cost time.",
                "users' reports: a keep on Einsum was defeated by the layout change before it"},
    FindingInfo{LayoutAtInput, "layout-at-input", Note,
                "A kept operator reads an input of the model through a layout operator that is "
                "lowered: the input is rounded to the narrow dtype before the kept one sees it.",
                "users' reports: a keep on Einsum was defeated by the layout change before it"},
    FindingInfo{EmptyList, "empty-list", Note, "The list has no entry and keeps nothing.", kCode},
    FindingInfo{KeepsNothing, "keeps-nothing", Warning,
                "The list has entries, but none of them changes what any operator computes in.",
                kRules},
    FindingInfo{KeepsEverything, "keeps-everything", Note,
                "Every operator that the mode could lower is kept: the model is as slow as under "
                "must_keep_origin_dtype.",
                kRules},
    FindingInfo{OpsetTooNew, "opset-too-new", Warning,
                "The vendor registers its ONNX parsers for opset 8 to 18; a newer model fails for "
                "nearly every node.",
                kInferred},
    FindingInfo{NoParser, "no-parser", Error,
                "The vendor's compiler has no parser for the ONNX operator and refuses the model.",
                kCode},
    FindingInfo{UnnamedNodes, "unnamed-nodes", Warning,
                "The list names nodes that have no name in the file. The vendor's compiler makes "
                "them up, <OpType>_<n>, counting unnamed nodes in file order: any change of the "
                "model moves the numbers, and the list silently keeps other nodes.",
                kCode},
    FindingInfo{DuplicateNodeNames, "duplicate-node-names", Warning,
                "The list names nodes whose names the file gives to several. A name line keeps "
                "every node of that name, and names with a number added are not in the file.",
                kCode},
    FindingInfo{ConstantOverflows, "constant-overflows", Note,
                "A constant of a lowered operator is beyond the largest fp16 number, 65504. It "
                "becomes infinite or 65504, by the chip. A mask of -1e9 in front of a softmax may "
                "do no harm; a factor or a bound does.",
                kArithmetic},
    FindingInfo{ConstantVanishes, "constant-vanishes", Note,
                "All of a constant of a lowered operator is below the smallest fp16 number, "
                "6e-8, and becomes 0. An epsilon that vanishes brings a zero to a divisor or a "
                "logarithm.",
                kArithmetic},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i)
    if (static_cast<std::size_t>(kTable[i].kind) != i) return false;
  return true;
}
static_assert(in_order());

}  // namespace

std::span<const FindingInfo> finding_table() { return kTable; }

}  // namespace keel::lint
