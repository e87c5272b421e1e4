#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/tuner/report/example_program.h"
#include "tuner/report/program_diff.h"

namespace keel::report {
namespace {

using Json = nlohmann::json;

// log_1 no longer kept: no casts, conv_1 hands out f16, relu_1 and log_1 run as one.
ProgramListing all_lowered() {
  ProgramListing program = example_program();
  program.variant = "force_fp16 on Ascend910B3, 0 of 6 nodes kept";
  program.latency_us = 13.5;
  program.kernels.erase(program.kernels.begin() + 3);
  ProgramKernel& conv = program.kernels[0];
  conv.row = example_row("conv_1", {"conv_1"}, {"Conv2D"}, "cube", 9.5);
  conv.row.compute = "f16";
  conv.row.dtypes_in = {"f16", "f32"};
  conv.row.dtypes_out = {"f16"};
  conv.members.pop_back();
  conv.casts.clear();
  ProgramKernel& log = program.kernels[2];
  log.row = example_row("relu_1+log_1", {"relu_1", "log_1"}, {"Relu", "Log"}, "vector", 2);
  log.row.dtypes_in = log.row.dtypes_out = {"f16"};
  log.members = {{"relu_1", "Relu", "f16", "force_fp16"}, {"log_1", "Log", "f16", "force_fp16"}};
  return program;
}

TEST(ProgramDiff, SaysInWordsThatThereIsNoDifference) {
  ProgramListing renamed = example_program();
  renamed.variant = "force_fp16 on Ascend910B3, 1 of 6 nodes kept (other.cfg)";
  const ProgramDiff none = diff(example_program(), renamed);
  EXPECT_TRUE(none.is_empty());
  EXPECT_EQ(diff_table(none),
            "before: force_fp16 on Ascend910B3, 1 of 6 nodes kept\n"
            "after: force_fp16 on Ascend910B3, 1 of 6 nodes kept (other.cfg)\n"
            "no difference: both lists give the same program\n");
  EXPECT_EQ(Json::parse(diff_json(none))["differs"], false);
}

TEST(ProgramDiff, ShowsNodesKernelsCastsAndTimes) {
  EXPECT_EQ(diff_table(diff(example_program(), all_lowered())),
            R"(before: force_fp16 on Ascend910B3, 1 of 6 nodes kept
after: force_fp16 on Ascend910B3, 0 of 6 nodes kept
latency 18.0 -> 13.5 us (-4.5 us, -25.0%)

1 node has another dtype
node   ascend type  before  after
log_1  Log          f32     f16
    by keep.cfg:3, then by force_fp16

kernels: 1 change, 1 appear, 1 vanish
kernel               class   us before  us after
conv_1     changes   cube        10.00      9.50
    out f32 -> f16; nodes -relu_1
log_1      vanishes  vector       4.00
relu_1 +1  appears   vector                 2.00

2 casts removed
    cast f16 -> f32: 'relu_1' is lowered (force_fp16), 'log_1' is kept (keep.cfg:3)
    cast f32 -> f16: 'log_1' is kept (keep.cfg:3), 'perm_1' is lowered (force_fp16), 'exp_1' is lowered (force_fp16) and
      1 more
)");
}

TEST(ProgramDiff, IsMirroredWhenTheListsAreSwapped) {
  const ProgramDiff there = diff(example_program(), all_lowered());
  const ProgramDiff back = diff(all_lowered(), example_program());
  EXPECT_EQ(back.casts_added.size(), there.casts_removed.size());
  EXPECT_TRUE(back.casts_removed.empty());
  ASSERT_EQ(back.kernels.size(), 3U);
  EXPECT_EQ(back.kernels[0].fate, KernelFate::Changes);
  EXPECT_EQ(what_changes(back.kernels[0]), "out f16 -> f32; nodes +relu_1");
  EXPECT_NE(diff_table(back).find("latency 13.5 -> 18.0 us (+4.5 us, +33.3%)"), std::string::npos);
  EXPECT_NE(diff_table(back).find("2 casts added"), std::string::npos);
}

TEST(ProgramDiff, TellsEveryPropertyOfAKernelThatChanges) {
  ProgramListing after = example_program();
  after.kernels[0].row.kernel_class = "depthwise";
  after.kernels[0].row.compute = "hf32";
  after.kernels[0].row.dtypes_in = {"f32"};
  const ProgramDiff changed = diff(example_program(), after);
  ASSERT_EQ(changed.kernels.size(), 1U);
  EXPECT_EQ(what_changes(changed.kernels[0]),
            "class cube -> depthwise; in f16,f32 -> f32; multiplied in f16 -> hf32");
}

TEST(ProgramDiff, ComparesKernelsOfOneNameInLaunchOrder) {
  ProgramListing before = example_program();
  before.kernels.push_back(before.kernels[2]);  // a node of the file that became two kernels
  ProgramListing after = before;
  after.kernels.back().row.dtypes_out = {"f16"};
  EXPECT_TRUE(diff(before, before).is_empty());
  ASSERT_EQ(diff(before, after).kernels.size(), 1U);
  EXPECT_EQ(diff(before, after).kernels[0].fate, KernelFate::Changes);
  after.kernels.pop_back();
  ASSERT_EQ(diff(before, after).kernels.size(), 1U);
  EXPECT_EQ(diff(before, after).kernels[0].fate, KernelFate::Vanishes);
}

TEST(ProgramDiff, TellsACastToAnotherDtypeFromOneThatIsThere) {
  ProgramListing after = example_program();
  after.kernels[3].casts[0].to = "bf16";
  const ProgramDiff changed = diff(example_program(), after);
  ASSERT_EQ(changed.casts_added.size(), 1U);
  EXPECT_EQ(changed.casts_added[0].to, "bf16");
  ASSERT_EQ(changed.casts_removed.size(), 1U);
  EXPECT_EQ(changed.casts_removed[0].to, "f16");
}

TEST(ProgramDiff, IsNotEmptyWhereOnlyCastsDiffer) {
  ProgramListing after = example_program();
  after.kernels.erase(after.kernels.begin() + 3);
  for (const ProgramDiff& changed :
       {diff(example_program(), after), diff(after, example_program())}) {
    ASSERT_TRUE(changed.nodes.empty() && changed.kernels.empty());
    EXPECT_FALSE(changed.is_empty());
  }
}

TEST(ProgramDiff, NamesANodeOnceThatIsInTwoKernels) {
  ProgramListing before = example_program();
  before.kernels.push_back(before.kernels[2]);
  ProgramListing after = before;
  for (const std::size_t k : {2U, 5U}) after.kernels[k].members[0].dtype = "f16";
  const ProgramDiff changed = diff(before, after);
  ASSERT_EQ(changed.nodes.size(), 1U);
  EXPECT_EQ(changed.nodes[0].before.node, "log_1");
}

TEST(ProgramDiff, HasNoTimesWhereNoneArePredicted) {
  ProgramListing after = all_lowered();
  after.latency_us.reset();
  const ProgramDiff changed = diff(example_program_without_times(), after);
  EXPECT_EQ(diff_table(changed).find(" us"), std::string::npos) << diff_table(changed);
  const Json json = Json::parse(diff_json(changed));
  EXPECT_FALSE(json["before"].contains("latency_us"));
  EXPECT_FALSE(json["kernels"][0]["before"].contains("us"));
}

TEST(ProgramDiff, WritesBothSidesAsJson) {
  const Json json = Json::parse(diff_json(diff(example_program(), all_lowered())));
  EXPECT_EQ(json["differs"], true);
  EXPECT_EQ(json["before"]["latency_us"], 18.0);
  EXPECT_EQ(json["after"]["latency_us"], 13.5);
  EXPECT_EQ(json["nodes"], Json::parse(R"([{"node": "log_1", "ascend_type": "Log",
      "before": {"dtype": "f32", "rule": "keep.cfg:3"},
      "after": {"dtype": "f16", "rule": "force_fp16"}}])"));
  ASSERT_EQ(json["kernels"].size(), 3U);
  EXPECT_EQ(json["kernels"][0]["change"], "changes");
  EXPECT_EQ(json["kernels"][0]["before"]["us"], 10.0);
  EXPECT_EQ(json["kernels"][0]["after"]["dtypes_out"], Json({"f16"}));
  EXPECT_EQ(json["kernels"][1]["change"], "vanishes");
  EXPECT_FALSE(json["kernels"][1].contains("after"));
  EXPECT_EQ(json["kernels"][2]["change"], "appears");
  EXPECT_FALSE(json["kernels"][2].contains("before"));
  EXPECT_EQ(json["casts_removed"].size(), 2U);
  EXPECT_EQ(json["casts_added"].size(), 0U);
}

TEST(ProgramDiff, StaysWithin120Columns) {
  ProgramListing before = example_program();
  ProgramListing after = all_lowered();
  const std::string long_name(200, 'n');
  before.variant += " (" + long_name + ")";
  for (ProgramListing* program : {&before, &after}) {
    program->kernels[2].row.nodes = {long_name, program == &before ? "a" : "b"};
    program->kernels[2].members[0].node = long_name;
    program->kernels[2].members[0].rule = program == &before ? long_name : "force_fp16";
    program->kernels[2].members[0].dtype = program == &before ? "f32, multiplied in f16" : "f16";
  }
  std::istringstream lines(diff_table(diff(before, after)));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120U) << line;
}

}  // namespace
}  // namespace keel::report
