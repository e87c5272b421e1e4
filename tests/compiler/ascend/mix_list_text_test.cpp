#include "compiler/ascend/mix_list_text.h"

#include <gtest/gtest.h>

#include "tests/places/places.h"

namespace keel::ascend {
namespace {

TEST(MixListText, MovesEachTypeFromTheListItIsOn) {
  const Result<OpTable> table = OpTable::load(keel::test::source_folder() / "configs");
  ASSERT_TRUE(table.ok());
  const std::vector<MixListChange> changes = {
      {"Conv2D", MixList::Black}, {"Log", MixList::White}, {"SoftmaxV2", MixList::Black}};
  const std::string text = mix_list_text(changes, *table, "ascend910b");
  EXPECT_EQ(text, R"({
  "black-list": {
    "to-add": [
      "Conv2D",
      "SoftmaxV2"
    ],
    "to-remove": [
      "Log"
    ]
  },
  "white-list": {
    "to-add": [
      "Log"
    ],
    "to-remove": [
      "Conv2D"
    ]
  },
  "gray-list": {
    "to-add": [],
    "to-remove": [
      "SoftmaxV2"
    ]
  }
}
)");
  const Result<MixListChanges> read =
      parse_mix_list_changes(text, "mix.json", *table, "ascend910b");
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read->warnings.empty());
  ASSERT_EQ(read->changes.size(), changes.size());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    EXPECT_EQ(read->changes[i].type, changes[i].type);
    EXPECT_EQ(read->changes[i].list, changes[i].list);
  }
}

}  // namespace
}  // namespace keel::ascend
