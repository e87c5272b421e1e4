#include <gtest/gtest.h>

#include <set>

#include "compiler/ascend/names.h"
#include "compiler/base/random.h"

namespace keel::ascend {
namespace {

std::vector<std::string> names_of(std::vector<FileNode> nodes) { return assign_names(nodes).names; }

TEST(AscendNames, AreThoseOfTheFileWhereTheyAreUnique) {
  const NodeNames result = assign_names(std::vector<FileNode>{{"a/Conv", "Conv"}, {"b", "Relu"}});
  EXPECT_EQ(result.names, (std::vector<std::string>{"a/Conv", "b"}));
  EXPECT_FALSE(result.needs_copy);
}

TEST(AscendNames, CountUnnamedNodesOfAllTypesTogether) {
  const NodeNames result = assign_names(
      std::vector<FileNode>{{"", "Conv"}, {"named", "Relu"}, {"", "Relu"}, {"", "Conv"}});
  EXPECT_EQ(result.names, (std::vector<std::string>{"Conv_0", "named", "Relu_1", "Conv_2"}));
  EXPECT_TRUE(result.needs_copy);
}

TEST(AscendNames, NumberRepeatedNames) {
  const NodeNames result =
      assign_names(std::vector<FileNode>{{"x", "Add"}, {"x", "Mul"}, {"x", "Sub"}});
  EXPECT_EQ(result.names, (std::vector<std::string>{"x", "x_1", "x_2"}));
  EXPECT_TRUE(result.needs_copy);
}

TEST(AscendNames, NeverTakeANameTheFileGives) {
  EXPECT_EQ(names_of({{"", "Relu"}, {"Relu_0", "Add"}}),
            (std::vector<std::string>{"Relu_0_1", "Relu_0"}));
  EXPECT_EQ(names_of({{"x", "Add"}, {"x", "Add"}, {"x_1", "Add"}}),
            (std::vector<std::string>{"x", "x_2", "x_1"}));
}

TEST(AscendNames, AreUniqueAndKeepTheFirstOfEachGivenName) {
  const std::vector<std::string> pool = {"", "a", "a_1", "a_1_1", "Relu_0", "Relu_1", "Relu_0_1"};
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Rng rng(seed);
    std::vector<FileNode> nodes(rng.below(12));
    for (FileNode& node : nodes) node = {pool[rng.below(pool.size())], "Relu"};

    const NodeNames result = assign_names(nodes);

    ASSERT_EQ(result.names.size(), nodes.size());
    const std::set<std::string> unique(result.names.begin(), result.names.end());
    EXPECT_EQ(unique.size(), nodes.size()) << "seed " << seed;
    EXPECT_FALSE(unique.contains(""));
    std::set<std::string> seen;
    bool changed = false;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const bool first = !nodes[i].name.empty() && seen.insert(nodes[i].name).second;
      EXPECT_EQ(result.names[i] == nodes[i].name, first) << "seed " << seed << " node " << i;
      changed = changed || !first;
    }
    EXPECT_EQ(result.needs_copy, changed);
  }
}

TEST(AscendNames, TakeTimeInProportionToTheNodes) {
  const std::vector<FileNode> nodes(20000, FileNode{"same", "Add"});
  EXPECT_EQ(assign_names(nodes).names.back(), "same_19999");
}

}  // namespace
}  // namespace keel::ascend
