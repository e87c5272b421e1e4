#include "compiler/ascend/shortest_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "compiler/ascend/keep_list.h"
#include "compiler/base/error_text.h"
#include "compiler/base/random.h"
#include "tests/places/places.h"

namespace keel::ascend {
namespace {

const OpTable& table() {
  static const OpTable shipped = [] {
    Result<OpTable> result = OpTable::load(keel::test::source_folder() / "configs");
    KEEL_CHECK(result.ok());
    return *std::move(result);
  }();
  return shipped;
}

const std::vector<ir::Origin> kModel = {
    {"exp_0", "Exp"},   {"conv_0", "Conv"}, {"add_0", "Add"},      {"conv_1", "Conv"},
    {"exp_1", "Exp"},   {"fc", "Gemm"},     {"add_1", "Add"},      {"exp_2", "Exp"},
    {"tanh_0", "Tanh"}, {"max", "Max"},     {"axis", "Unsqueeze"},
};

Result<std::string> shortest(const std::vector<ir::Origin>& model,
                             const std::vector<std::string>& names) {
  std::vector<ir::OriginId> nodes;
  for (std::size_t i = 0; i < model.size(); ++i)
    if (std::ranges::find(names, model[i].name) != names.end())
      nodes.push_back(ir::OriginId{static_cast<std::uint32_t>(i)});
  return shortest_keep_list(nodes, model, table());
}

std::string shortest(const std::vector<std::string>& names) {
  const Result<std::string> list = shortest(kModel, names);
  EXPECT_TRUE(list.ok()) << to_text(list.error());
  return list.ok() ? *list : "";
}

TEST(ShortestList, NamesATypeWhoseNodesAreAllKept) {
  EXPECT_EQ(shortest({"exp_0", "exp_1", "exp_2", "tanh_0"}), "OpType::Exp\ntanh_0\n");
}

TEST(ShortestList, NamesNodesWhereOneOfTheTypeIsNotKept) {
  EXPECT_EQ(shortest({"exp_0", "exp_2"}), "exp_0\nexp_2\n");
}

TEST(ShortestList, NamesTheOnlyNodeOfAType) { EXPECT_EQ(shortest({"tanh_0"}), "tanh_0\n"); }

TEST(ShortestList, PutsALineWhereItsFirstNodeStands) {
  EXPECT_EQ(shortest({"exp_0", "conv_0", "conv_1", "exp_1", "max", "exp_2"}),
            "OpType::Exp\nOpType::Conv2D\nmax\n");
}

TEST(ShortestList, KnowsTheOtherTypesOfAnOperator) {
  // A Gemm may become a MatMulV2 and an Add.
  EXPECT_EQ(shortest({"add_0", "add_1"}), "add_0\nadd_1\n");
  // All are kept, and no Add stands for the Gemm.
  EXPECT_EQ(shortest({"add_0", "fc", "add_1"}), "OpType::Add\nfc\n");
}

TEST(ShortestList, IsEmptyForNoNodes) { EXPECT_EQ(shortest({}), ""); }

TEST(ShortestList, NamesNodesOfAnOperatorWhoseTypeIsUnknown) {
  const std::vector<ir::Origin> model = {{"a", "acme_Sum"}, {"b", "acme_Sum"}};
  EXPECT_EQ(*shortest(model, {"a", "b"}), "a\nb\n");
}

TEST(ShortestList, RefusesANameThatIsNoLine) {
  const std::vector<ir::Origin> model = {{"first", "Exp"}, {" blank", "Tanh"}};
  EXPECT_EQ(to_text(shortest(model, {"first", " blank"}).error()),
            "error: the shortest keep list, read again, keeps 1 nodes and not the 2 of the trial; "
            "the first to differ is ' blank'\n"
            "  fix: rename the node so that a line can name it, and repeat keel tune");
  const std::vector<ir::Origin> typed = {{"OpType::Tanh", "Exp"}, {"tanh", "Tanh"}};
  EXPECT_FALSE(shortest(typed, {"OpType::Tanh"}).ok());
}

// Against every subset of types that match kept nodes only, where types do not overlap.
TEST(ShortestList, KeepsTheSameNodesInTheFewestLines) {
  constexpr std::array kOps = {"Exp", "Tanh", "Conv", "Relu", "Softmax", "Sqrt"};
  Rng rng(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<ir::Origin> model;
    std::vector<ir::OriginId> kept;
    std::array<bool, kOps.size()> splits{};
    for (bool& split : splits) split = rng.below(2) == 0;
    std::array<std::size_t, kOps.size()> lines{};
    std::array<bool, kOps.size()> whole{};
    whole.fill(true);
    for (std::uint32_t i = 0; i < 24; ++i) {
      const std::size_t op = rng.below(kOps.size());
      model.push_back({"n" + std::to_string(i), kOps[op]});
      if (splits[op] && rng.below(3) == 0) {
        whole[op] = false;
        continue;
      }
      kept.push_back(ir::OriginId{i});
      ++lines[op];
    }
    std::size_t fewest = 0;
    for (std::size_t op = 0; op < kOps.size(); ++op)
      fewest += whole[op] ? std::min<std::size_t>(lines[op], 1) : lines[op];
    const Result<std::string> list = shortest_keep_list(kept, model, table());
    ASSERT_TRUE(list.ok()) << to_text(list.error());
    const KeepList read = parse_keep_list(*list, model, table());
    EXPECT_EQ(read.nodes(), kept);
    EXPECT_EQ(read.entries.size(), fewest) << *list;
  }
}

}  // namespace
}  // namespace keel::ascend
