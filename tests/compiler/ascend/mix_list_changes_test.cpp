#include "compiler/ascend/mix_list_changes.h"

#include <gtest/gtest.h>

#include "compiler/base/error_text.h"
#include "tests/places/places.h"

namespace keel::ascend {
namespace {

Result<MixListChanges> parse(std::string_view text) {
  const Result<OpTable> table = OpTable::load(keel::test::source_folder() / "configs");
  KEEL_CHECK(table.ok());
  return parse_mix_list_changes(text, "mix.json", *table, "ascend910b");
}

std::string changes_of(std::string_view text) {
  const Result<MixListChanges> result = parse(text);
  if (!result.ok()) return to_text(result.error());
  std::string list;
  for (const MixListChange& change : result->changes)
    list += change.type + " " + std::string(name(change.list)) + "\n";
  for (const Error& warning : result->warnings) list += to_warning_text(warning) + "\n";
  return list;
}

TEST(MixListChanges, MoveTypes) {
  EXPECT_EQ(changes_of(R"({"black-list": {"to-add": ["SoftmaxV2"], "to-remove": ["Log"]},
                           "white-list": {"to-add": ["Relu"], "to-remove": ["Conv2D"]}})"),
            "Conv2D gray\nLog gray\nRelu white\nSoftmaxV2 black\n");
  EXPECT_EQ(changes_of(R"({"black-list": {"to-remove": ["Pow"]},
                           "white-list": {"to-add": ["Pow"]}})"),
            "Pow white\n");
  EXPECT_EQ(changes_of("{}"), "");
}

TEST(MixListChanges, WarnOfWhatChangesNothing) {
  EXPECT_EQ(changes_of(R"({"black-list": {"to-add": ["Log"]}})"),
            "warning: 'Log' is on the black list of ascend910b already\n   at: mix.json\n"
            "  fix: delete the entry\n");
  EXPECT_EQ(changes_of(R"({"white-list": {"to-remove": ["Log"]}})"),
            "warning: 'Log' is not on the white list of ascend910b, but on the black one\n"
            "   at: mix.json\n  fix: delete the entry\n");
}

TEST(MixListChanges, NameTheNearestOfAnUnknownType) {
  EXPECT_EQ(changes_of(R"({"white-list": {"to-add": ["SoftmaxV3"]}})"),
            "warning: 'SoftmaxV3' is no known Ascend type\n   at: mix.json\n"
            "  fix: use 'SoftmaxV2' (nearest name)\n");
}

TEST(MixListChanges, RefuseContradictions) {
  EXPECT_EQ(changes_of(R"({"black-list": {"to-add": ["Relu"]},
                           "white-list": {"to-add": ["Relu"]}})"),
            "error: 'Relu' is added to the black and to the white list\n   at: mix.json\n"
            "  fix: leave it in one of them");
  EXPECT_EQ(changes_of(R"({"black-list": {"to-add": ["Log"], "to-remove": ["Log"]}})"),
            "error: 'Log' is added to and removed from the black list\n   at: mix.json\n"
            "  fix: delete one of the two entries");
}

TEST(MixListChanges, RefuseAnotherForm) {
  for (const char* text : {"", "[]", "{", R"({"blacklist": {}})", R"({"black-list": []})",
                           R"({"black-list": {"add": []}})", R"({"black-list": {"to-add": "Log"}})",
                           R"({"black-list": {"to-add": [1]}})"})
    EXPECT_EQ(changes_of(text).rfind("error: ", 0), 0U) << text;
  EXPECT_EQ(changes_of(R"({"blacklist": {}})"),
            "error: there is no list 'blacklist'\n   at: mix.json\n"
            "  fix: use black-list, white-list and gray-list");
}

}  // namespace
}  // namespace keel::ascend
