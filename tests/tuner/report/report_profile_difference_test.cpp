#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/tuner/report/example_row.h"
#include "tuner/report/profile_difference.h"

namespace keel::report {
namespace {

// exp_1 is kept in the second list: its kernel takes longer, a cast appears in front, and the
// kernel of relu_1 and neg_1 falls apart.
ProfileDifference difference() {
  const auto row = [](const char* node, double us, const char* dtype) {
    return with_dtypes(example_row(node, {node}, {"Exp"}, "vector", us), {dtype}, {dtype});
  };
  KernelRow pair = row("relu_1", 3, "f16");
  pair.nodes = {"relu_1", "neg_1"};
  return profile_difference(
      {"1 of 7 nodes kept", 20}, {"2 of 7 nodes kept (two.cfg)", 25.5}, 5.5, {1.25, 9},
      {pair, row("exp_1", 4, "f16"), example_row("cast_z", {}, {"Cast"}, "cast", 1)},
      {row("relu_1", 2.5, "f16"), row("neg_1", 2, "f16"), row("exp_1", 7, "f32"),
       example_row("cast_y", {}, {"Cast"}, "cast", 2)});
}

TEST(ProfileDifference, MatchesKernelsByTheirNodesLargestDifferenceFirst) {
  EXPECT_EQ(difference_table(difference()), R"(before: 1 of 7 nodes kept, 20.0 us
after: 2 of 7 nodes kept (two.cfg), 25.5 us
the second list takes 5.5 us longer, in nine of ten cases +1.2 to +9.0 us, which does not contain 0

kernel            class   us before  us after  difference
exp_1   changes   vector       4.00      7.00       +3.00
    in f16 -> f32; out f16 -> f32
neg_1   appears   vector          -      2.00       +2.00
cast_y  appears   cast            -      2.00       +2.00
cast_z  vanishes  cast         1.00         -       -1.00
relu_1  changes   vector       3.00      2.50       -0.50
    nodes -neg_1
)");
}

TEST(ProfileDifference, TellsTwoApartOnlyWhereTheIntervalLeavesOutZero) {
  ProfileDifference made = difference();
  made.us = -5.5;
  made.interval = {-9, -1};
  EXPECT_EQ(verdict(made),
            "the second list takes 5.5 us less, in nine of ten cases -9.0 to -1.0 us, which does "
            "not contain 0");
  made.interval = {-9, 0};
  EXPECT_FALSE(made.is_told_apart()) << "0 is a value of the interval";
  made.interval = {-9, 2};
  EXPECT_EQ(verdict(made),
            "the two cannot be told apart: the second list takes -5.5 us, in nine of ten cases "
            "-9.0 to +2.0 us, which contains 0");
}

TEST(ProfileDifference, SaysWhereBothListsGiveTheSameProgram) {
  const ProfileDifference same = profile_difference({"a", 20}, {"b", 20}, 0, {}, {}, {});
  EXPECT_EQ(difference_table(same),
            "before: a, 20.0 us\nafter: b, 20.0 us\n"
            "no difference: both lists give the same program\n");
  EXPECT_EQ(nlohmann::json::parse(difference_json(same))["told_apart"], false);
}

TEST(ProfileDifference, WritesTheTotalAndEveryKernelAsCsv) {
  EXPECT_EQ(difference_csv(difference()),
            R"(change,name,nodes,ascend_types,class,before_us,after_us,difference_us,lo_us,hi_us
total,,,,,20,25.5,5.5,1.25,9
changes,exp_1,exp_1,Exp,vector,4,7,3,,
appears,neg_1,neg_1,Exp,vector,,2,2,,
appears,cast_y,,Cast,cast,,2,2,,
vanishes,cast_z,,Cast,cast,1,,-1,,
changes,relu_1,relu_1,Exp,vector,3,2.5,-0.5,,
)");
}

TEST(ProfileDifference, WritesJson) {
  ProfileDifference one = difference();
  one.kernels.resize(2);
  one.kernels.erase(one.kernels.begin());
  EXPECT_EQ(difference_json(one), R"json({
  "difference_us": 5.5,
  "interval_us": [
    1.25,
    9.0
  ],
  "told_apart": true,
  "before": {
    "variant": "1 of 7 nodes kept",
    "latency_us": 20.0
  },
  "after": {
    "variant": "2 of 7 nodes kept (two.cfg)",
    "latency_us": 25.5
  },
  "kernels": [
    {
      "change": "appears",
      "difference_us": 2.0,
      "after": {
        "name": "neg_1",
        "nodes": [
          "neg_1"
        ],
        "ascend_types": [
          "Exp"
        ],
        "class": "vector",
        "dtypes_in": [
          "f16"
        ],
        "dtypes_out": [
          "f16"
        ],
        "us": 2.0,
        "bound": ""
      }
    }
  ]
}
)json");
}

TEST(ProfileDifference, MatchesCastsThatStandAloneByTheirNames) {
  const KernelRow up =
      with_dtypes(example_row("cast_y", {}, {"Cast"}, "cast", 1), {"f16"}, {"f32"});
  const KernelRow down =
      with_dtypes(example_row("cast_y", {}, {"Cast"}, "cast", 2), {"f32"}, {"f16"});
  const KernelRow node = example_row("cast_y", {"cast_y"}, {"Cast"}, "cast", 8);
  const ProfileDifference made = profile_difference({}, {}, 0, {}, {up}, {node, down});
  ASSERT_EQ(made.kernels.size(), 2U);
  EXPECT_EQ(made.kernels[0].fate, KernelFate::Appears) << "a node of that name is another kernel";
  EXPECT_EQ(what_changes(made.kernels[1]), "in f16 -> f32; out f32 -> f16");
}

TEST(ProfileDifference, StaysWithin120Columns) {
  ProfileDifference wide = difference();
  wide.before.variant = std::string(80, 'v') + " (" + std::string(90, 'p') + ")";
  wide.interval = {-12'345'678, 12'345'678};
  wide.us = 1'234'567;
  for (KernelChange& change : wide.kernels)
    for (std::optional<KernelRow>* side : {&change.before, &change.after})
      if (*side) {
        (*side)->nodes.insert((*side)->nodes.begin(), std::string(70, 'n'));
        (*side)->us = 12'345'678.9;
      }
  std::istringstream lines(difference_table(wide));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120U) << line;
}

}  // namespace
}  // namespace keel::report
