#include <gtest/gtest.h>

#include <set>

#include "compiler/base/error_text.h"
#include "tests/compiler/lint/lint_cases.h"

namespace keel::lint {
namespace {

class EachFinding : public testing::TestWithParam<LintCase> {};

TEST_P(EachFinding, IsReportedAlone) {
  const Linted linted(GetParam().setup);
  EXPECT_EQ(linted.codes(GetParam().list), GetParam().codes);
}

INSTANTIATE_TEST_SUITE_P(Kinds, EachFinding, testing::ValuesIn(lint_cases()),
                         [](const auto& lint_case) { return lint_case.param.name; });

TEST(Lint, HasACaseOfEveryKind) {
  std::set<std::string> reported;
  for (const LintCase& lint_case : lint_cases()) {
    const Linted linted(lint_case.setup);
    for (const Finding& finding : linted.findings(lint_case.list))
      reported.emplace(info(finding.kind).code);
  }
  std::set<std::string> known;
  for (const FindingInfo& info : finding_table()) known.emplace(info.code);
  EXPECT_EQ(reported, known);
}

TEST(Lint, SaysNothingOfAListThatIsRight) {
  const Linted linted;
  EXPECT_EQ(linted.codes("net/Log\n"), "");
  EXPECT_EQ(linted.codes("net/Log\r\n\r\nOpType::Exp\r\n"), "") << "CRLF and empty lines";
  EXPECT_EQ(linted.codes("net/dense_1\nnet/transpose\nnet/dense_2"), "");
}

TEST(Lint, ReportsAnEntryThatNamesPartOfAFusedOperator) {
  // A product and the activation behind it are one operator, kept with either.
  const Linted linted({.edit = [](ModelBuilder& model) {
    named(model, "net/product", "MatMul", {"x", "w"}, "product");
    add(model, "net/relu", "Relu", {"product"}, "activated");
  }});
  EXPECT_EQ(linted.codes("net/product\n"), "");
  EXPECT_EQ(linted.codes("net/relu\n"), "");
}

TEST(Lint, FindsLayoutBetweenKeptOperatorsThroughOtherLayout) {
  const LintSetup chain{.edit = [](ModelBuilder& model) {
    named(model, "net/flip", "Transpose", {"lg"}, "flipped");
    named(model, "net/back", "Transpose", {"flipped"}, "back");
    add(model, "net/abs", "Abs", {"back"}, "absolute");
  }};
  const Linted linted(chain);
  EXPECT_EQ(linted.codes("net/Log\nnet/abs\n"), "layout-left-out layout-left-out");
  EXPECT_EQ(linted.codes("net/Log\nnet/abs\nnet/flip\n"), "layout-left-out");
  EXPECT_EQ(linted.codes("net/Log\n"), "") << "nothing kept reads it";
  EXPECT_EQ(linted.codes("net/abs\n"), "") << "what is read is lowered anyway";
}

TEST(Lint, CountsOnlyConstantsThatAreLowered) {
  const Linted linted({.edit = [](ModelBuilder& model) {
    model.floats("big", {1e9f});
    model.floats("edge", {65504.0f, -65504.0f});
    model.floats("mixed", {1e-9f, 1.0f});
    model.floats("zero", {0.0f});
    add(model, "net/big", "Mul", {"x", "big"}, "a");
    named(model, "net/edges", "Concat", {"edge", "edge"}, "edges");
    model.set("axis", std::int64_t{0});
    add(model, "net/edge", "Mul", {"x", "edges"}, "b");
    named(model, "net/mixes", "Concat", {"mixed", "mixed"}, "mixes");
    model.set("axis", std::int64_t{0});
    add(model, "net/mixed", "Mul", {"x", "mixes"}, "c");
    add(model, "net/zero", "Mul", {"x", "zero"}, "d");
  }});
  EXPECT_EQ(linted.codes("net/Log\n"), "constant-overflows");
  EXPECT_EQ(linted.codes("net/Log\nnet/big\n"), "");
  EXPECT_EQ(linted.codes("net/Log\nOpType::Mul\n"), "");
}

TEST(Lint, SeesThatAnotherFileWinsByNameOrByType) {
  const Linted linted(
      {.customize_dtypes = other_file(
           "custom.cfg", "OpType::Log:InputDtype:float16\nscope:0::OutputDtype:float16")});
  EXPECT_EQ(linted.codes("net/Log\nnet/Exp\n"), "overridden:1");
  EXPECT_EQ(linted.codes("OpType::Log\n"), "overridden:1 keeps-nothing");
  EXPECT_EQ(linted.codes("net/Exp\n"), "");
}

TEST(Lint, TakesANodeForCoveredByItsFirstTypeOnly) {
  const Linted linted({.edit = [](ModelBuilder& model) {
    add(model, "net/gemm", "Gemm", {"x", "w"}, "product");
    add(model, "net/add", "Add", {"x", "w"}, "sum");
  }});
  EXPECT_EQ(linted.codes("OpType::Add\nnet/gemm\n"), "");
  EXPECT_EQ(linted.codes("OpType::Add\nnet/add\n"), "covered-by-type:2");
}

TEST(Lint, AcceptsChinesePathsOnly) {
  EXPECT_EQ(Linted({.file = "/data/\xE5\xB1\x82/a_b-c.1.cfg"}).codes("net/Log\n"), "");
  for (const char* path : {"a b", "a+b", "a\xC3\xBC", "a\xFC", "a~b", "a\\b"})
    EXPECT_EQ(Linted({.model_file = path}).codes("net/Log\n"), "path-character") << path;
  EXPECT_EQ(Linted({.file = "a b:c"}).codes("net/Log\n"), "path-character path-colon");
}

TEST(Lint, SuggestsNamesForTheFirstEntriesOnly) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "net/Loq\n";
  const std::vector<Finding> findings = Linted().findings(text);
  ASSERT_GE(findings.size(), 30u);
  EXPECT_NE(findings[19].fix.find("nearest name"), std::string::npos);
  EXPECT_EQ(findings[29].fix, "correct the name, or delete the line");
}

TEST(Lint, SpellsOutWhatATerminalWouldObey) {
  const std::vector<Finding> findings = Linted().findings("net/Log\n\x1B[2Jzzzzzzzz\n");
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].what, "keep entry '\\x1b[2Jzzzzzzzz' names no node of the model");
}

TEST(FindingTable, HasUniqueCodesThatAreExplained) {
  std::set<std::string_view> codes;
  for (const FindingInfo& info : finding_table()) {
    EXPECT_TRUE(codes.insert(info.code).second) << info.code;
    EXPECT_EQ(info.code.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"),
              std::string_view::npos)
        << info.code;
    EXPECT_TRUE(info.explanation.ends_with(".")) << info.code;
    EXPECT_FALSE(info.source.empty()) << info.code;
  }
}

TEST(FindingTable, NamesTheNearestCode) {
  const Result<FindingInfo> info = finding_with_code("coment");
  ASSERT_FALSE(info.ok());
  const std::string text = to_text(info.error());
  EXPECT_TRUE(
      text.starts_with("error: there is no finding 'coment'\n   at: --explain\n  fix: use "
                       "'comment' (nearest code), or one of byte-order-mark, utf-16,"))
      << text;
}

}  // namespace
}  // namespace keel::lint
