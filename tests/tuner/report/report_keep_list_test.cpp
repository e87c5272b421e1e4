#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "compiler/base/random.h"
#include "tests/tuner/report/example_result.h"
#include "tuner/report/report.h"

namespace keel::report {
namespace {

TEST(KeepListText, NamesOwnersAndChosenNodesInFileOrder) {
  EXPECT_EQ(keep_list(example_result(), 2), "log_1\nexp_1\npow_1\n");
}

TEST(KeepListText, InterleavesUnitsByPosition) {
  const TuneResult result = example_result();
  EXPECT_EQ(keep_list(result, *result.all_kept), "conv_1\nlog_1\nrelu_1\nexp_1\npow_1\n");
}

TEST(KeepListText, FollowsTheUnitsWithoutPositions) {
  TuneResult result = example_result();
  for (UnitRow& row : result.units) row.record.positions.clear();
  EXPECT_EQ(kept_nodes(result, {0, 0, 0, 1, 0}),
            (std::vector<std::string>{"conv_1", "relu_1", "log_1", "exp_1", "pow_1"}));
}

TEST(KeepListText, NamesTheOwnersLayoutOnceWhateverIsChosen) {
  TuneResult result = example_result();
  result.owners_layout = {"perm_1", "exp_1"};
  EXPECT_EQ(keep_list(result, 2), "log_1\nexp_1\npow_1\nperm_1\n");
  EXPECT_EQ(kept_nodes(result, {1, 1, 1, 1, 1}), (std::vector<std::string>{"perm_1", "exp_1"}));
}

TEST(KeepListText, NeverNamesAUnitThatIsFixedAsLowered) {
  EXPECT_EQ(kept_nodes(example_result(), {1, 0, 1, 0, 1}), std::vector<std::string>{"log_1"});
}

TEST(KeepListText, NamesEachNodeOnceInFileOrder) {
  Rng rng(3);
  for (int round = 0; round < 200; ++round) {
    // Nodes dealt to units at random; a few names occur twice.
    TuneResult result;
    result.units.resize(1 + rng.below(8));
    std::vector<std::string> file;
    for (std::uint64_t i = 0; i < 30; ++i) {
      file.push_back("n" + std::to_string(rng.below(10) == 0 ? i / 2 : i));
      study::UnitRecord& unit = result.units[rng.below(result.units.size())].record;
      unit.nodes.push_back(file.back());
      unit.positions.push_back(i);
    }
    search::Assignment assignment;
    for (std::size_t i = 0; i < result.units.size(); ++i)
      assignment.push_back(static_cast<std::uint8_t>(rng.below(2)));

    std::set<std::string> expected;
    for (std::size_t i = 0; i < assignment.size(); ++i)
      if (assignment[i] == 0)
        expected.insert(result.units[i].record.nodes.begin(), result.units[i].record.nodes.end());

    const std::vector<std::string> names = kept_nodes(result, assignment);
    EXPECT_EQ(names.size(), expected.size()) << "a name twice";
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()), expected);
    auto from = file.begin();
    for (const std::string& name : names) {
      from = std::find(from, file.end(), name);
      ASSERT_NE(from, file.end()) << name << " is out of order";
    }
  }
}

}  // namespace
}  // namespace keel::report
