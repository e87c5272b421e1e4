#include "compiler/lint/fix.h"

#include <gtest/gtest.h>

#include "compiler/base/random.h"
#include "tests/compiler/lint/lint_cases.h"

namespace keel::lint {
namespace {

Result<FixedList> fixed(const Linted& linted, std::string_view text) {
  return fix(text, [&](std::string_view bytes) -> Result<std::vector<Finding>> {
    return linted.findings(bytes);
  });
}

std::string changes(const Linted& linted, std::string_view text) {
  const Result<FixedList> list = fixed(linted, text);
  std::string result = "\n";
  for (const Change& change : list->changes) result += to_text(change) + "\n";
  return result;
}

class EachFix : public testing::TestWithParam<LintCase> {};

TEST_P(EachFix, LeavesAListThatIsRight) {
  const Linted linted(GetParam().setup);
  const Result<FixedList> list = fixed(linted, GetParam().list);
  ASSERT_TRUE(list.ok());
  EXPECT_EQ(list->text, GetParam().fixed);
  for (const Finding& finding : linted.findings(list->text))
    EXPECT_FALSE(finding.edit) << finding.what;
  const Result<FixedList> again = fixed(linted, list->text);
  EXPECT_EQ(again->text, list->text);
  EXPECT_TRUE(again->changes.empty());
}

INSTANTIATE_TEST_SUITE_P(Kinds, EachFix, testing::ValuesIn(lint_cases()),
                         [](const auto& lint_case) { return lint_case.param.name; });

TEST(Fix, SaysWhatItChangedInTheLinesOfTheOriginal) {
  EXPECT_EQ(changes(Linted(), "\xEF\xBB\xBF# logs\nNET/LOG\n\nnet/Log\nnet/dense_1\n  \nd2\n"), R"(
line 1: written as UTF-8 without a mark (byte-order-mark)
line 1: '# logs' removed (comment)
line 2: 'NET/LOG' became 'net/Log' (wrong-case)
line 6: '  ' removed (blank-line)
line 7: 'd2' became 'net/dense_2' (tensor-name)
line 4: 'net/Log' removed (duplicate-entry)
added 'net/transpose' (layout-left-out)
)");
}

TEST(Fix, AddsLayoutOnlyBetweenWhatIsKeptInTheEnd) {
  // On this chip the products are not worth a line, so that the layout between them is not either.
  EXPECT_EQ(changes(Linted({.soc = "Ascend310P3"}), "net/dense_1\nnet/dense_2\nnet/Log\n"), R"(
line 1: 'net/dense_1' removed (cube-without-fp32)
line 2: 'net/dense_2' removed (cube-without-fp32)
)");
}

TEST(Fix, EndsWithAListWithoutEditsFromAnyText) {
  const std::vector<std::string> pieces = {"\n",
                                           "\r\n",
                                           " ",
                                           "#",
                                           "OpType::",
                                           "Softmax",
                                           "\t",
                                           "net/Log",
                                           "net/log",
                                           "net/dense_1",
                                           "tr",
                                           "d1",
                                           "optype:",
                                           "net/dense_2",
                                           "net/Exp",
                                           "Log",
                                           "\xEF\xBB\xBF",
                                           "\xFC",
                                           "\xFF\xFE",
                                           "x",
                                           std::string(1, '\0')};
  const Linted linted;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Rng rng(seed);
    std::string text;
    for (std::uint64_t i = rng.below(16); i > 0; --i) text += pieces[rng.below(pieces.size())];
    const Result<FixedList> list = fixed(linted, text);
    ASSERT_TRUE(list.ok());
    for (const Finding& finding : linted.findings(list->text))
      EXPECT_FALSE(finding.edit) << finding.what << " in " << text;
  }
}

// The product in front is given its dtypes and the one behind is not: what is between them need not
// be kept, for the file would give it the dtypes of the first all the same.
TEST(Fix, EndsWhereAnotherFileOverridesAPartOfATypeLine) {
  const Linted linted(
      {.customize_dtypes = other_file("custom.cfg", "net/dense_1::InputDtype:float16\n")});
  const Result<FixedList> list = fixed(linted, "OpType::BatchMatMulV2\n");
  ASSERT_TRUE(list.ok());
  EXPECT_EQ(list->text, "OpType::BatchMatMulV2\n");
  EXPECT_TRUE(list->is_settled);
}

TEST(Fix, StopsWhereCorrectionsUndoOneAnother) {
  int asked = 0;
  const Result<FixedList> list =
      fix("a\n", [&](std::string_view bytes) -> Result<std::vector<Finding>> {
        ++asked;
        const std::string other = bytes == "a\n" ? "b" : "a";
        return std::vector<Finding>{
            {FindingKind::WrongCase, "keep.cfg", 1, "", "", Edit{Edit::Action::Replace, other}}};
      });
  ASSERT_TRUE(list.ok());
  EXPECT_FALSE(list->is_settled);
  EXPECT_EQ(asked, kMostFixRounds + 1);
  EXPECT_EQ(list->changes.size(), static_cast<std::size_t>(kMostFixRounds));
}

TEST(Fix, NeverLosesANodeThatTheListKept) {
  const Linted linted;
  const std::string text = "net/Log\nOpType::MatMul\nOpType::Exp\nnet/Exp\n";
  EXPECT_EQ(fixed(linted, text)->text,
            "net/Log\nOpType::BatchMatMulV2\nOpType::Exp\nnet/transpose\n");
}

}  // namespace
}  // namespace keel::lint
