#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/tuner/report/example_program.h"
#include "tuner/report/program_table.h"
#include "tuner/report/wrapped.h"

namespace keel::report {
namespace {

std::string longest_line(const std::string& text) {
  std::string longest;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.size() > longest.size()) longest = line;
  return longest;
}

TEST(ProgramTable, ShowsEveryKernelWithItsNodesCastsAndWhatMoves) {
  EXPECT_EQ(program_table(example_program()),
            R"(force_fp16 on Ascend910B3, 1 of 6 nodes kept
latency 18.0 us, 4 kernels launched, 2 casts inserted, 1 of them kernels of their own

kernel     ascend type  class   tile     in       out     read  written     us
conv_1 +1  Conv2D +1    cube    128x256  f16,f32  f32  12.3 kB    999 B  10.00
    nodes: conv_1 (Conv2D), relu_1 (Relu)
    cast f16 -> f32: 'relu_1' is lowered (force_fp16), 'log_1' is kept (keep.cfg:3)
reshape_1  Reshape      none             f32      f32      0 B      0 B   0.00
log_1      Log          vector           f32      f32   1.0 MB   2.5 GB   4.00
cast_c     Cast         cast             f32      f16   1.0 kB    500 B   2.00
    cast f32 -> f16: 'log_1' is kept (keep.cfg:3), 'perm_1' is lowered (force_fp16), 'exp_1' is lowered (force_fp16) and
      1 more
perm_1     Transpose    layout           f16      f16    500 B    500 B   2.00
    layout: 'perm_1' moves elements
)");
}

TEST(ProgramTable, HasNoColumnOfTimesWhereNoneArePredicted) {
  const ProgramListing without = example_program_without_times();
  EXPECT_EQ(program_table(without).find("latency"), std::string::npos);
  EXPECT_NE(program_table(without).find("read  written\n"), std::string::npos)
      << program_table(without);
  EXPECT_EQ(program_csv(without).substr(0, program_csv(without).find('\n')),
            "name,members,class,compute,tile,dtypes_in,dtypes_out,casts,moved_by,"
            "relayouts,bytes_read,"
            "bytes_written");
  EXPECT_NE(program_csv(without).find(",12345,999\n"), std::string::npos);
  const nlohmann::json json = nlohmann::json::parse(program_json(without));
  EXPECT_FALSE(json.contains("latency_us"));
  EXPECT_FALSE(json["kernels"][0].contains("us"));
}

TEST(ProgramTable, StaysWithin120Columns) {
  ProgramListing wide = example_program();
  ProgramKernel& kernel = wide.kernels[0];
  const std::string long_name(200, 'n');
  kernel.row.nodes.assign(1234, long_name);
  kernel.row.ascend_types.assign(12, "DepthwiseConv2DBackpropFilterD");
  kernel.row.kernel_class = "depthwise";
  kernel.row.tile = {256, 256};
  kernel.row.dtypes_in = kernel.row.dtypes_out = {"bf16", "bool", "i64"};
  kernel.row.us = 123'456.78;
  kernel.bytes_read = kernel.bytes_written = 999'900'000;
  kernel.members.assign(40, {long_name, "DepthwiseConv2DBackpropFilterD", "f16", "force_fp16"});
  kernel.casts[0].producer.name = long_name;
  kernel.moved_by.assign(9, long_name);
  EXPECT_LE(longest_line(program_table(wide)).size(), 120U) << longest_line(program_table(wide));
  EXPECT_GT(longest_line(program_table(wide)).size(), 100U);
}

TEST(ProgramTable, RoundsBytesUpToTheNextUnit) {
  ProgramListing one = example_program();
  one.kernels.resize(1);
  one.kernels[0].bytes_read = 999'949;
  one.kernels[0].bytes_written = 999'950;
  EXPECT_NE(program_table(one).find("999.9 kB   1.0 MB"), std::string::npos) << program_table(one);
}

TEST(ProgramTable, CountsACastOfTheModelAsNoneInserted) {
  ProgramListing program = example_program();
  ProgramKernel of_model;
  of_model.row = example_row("cast_1", {"cast_1"}, {"Cast"}, "cast", 1);
  of_model.members = {{"cast_1", "Cast", "", ""}};
  program.kernels.push_back(of_model);
  EXPECT_NE(program_table(program).find(
                "5 kernels launched, 2 casts inserted, 1 of them kernels of their own\n"),
            std::string::npos)
      << program_table(program);
}

TEST(ProgramTable, WritesEveryFigureAsCsv) {
  EXPECT_EQ(
      program_csv(example_program()),
      R"csv(name,members,class,compute,tile,dtypes_in,dtypes_out,casts,moved_by,relayouts,bytes_read,bytes_written,us
conv_1+relu_1,conv_1:Conv2D relu_1:Relu,cube,f16,128x256,f16 f32,f32,"cast f16 -> f32: 'relu_1' is lowered (force_fp16), 'log_1' is kept (keep.cfg:3)",,,12345,999,10
reshape_1,reshape_1:Reshape,none,,,f32,f32,,,,0,0,0
log_1,log_1:Log,vector,,,f32,f32,,,,1000000,2500000000,4
cast_c,,cast,,,f32,f16,"cast f32 -> f16: 'log_1' is kept (keep.cfg:3), 'perm_1' is lowered (force_fp16), 'exp_1' is lowered (force_fp16) and 1 more",,,1000,500,2
perm_1,perm_1:Transpose,layout,,,f16,f16,,perm_1,,500,500,2
)csv");
}

TEST(ProgramTable, WritesKernelsMembersAndCastsAsJson) {
  ProgramListing one = example_program();
  one.kernels.resize(1);
  one.kernels[0].members.resize(1);
  EXPECT_EQ(program_json(one), R"json({
  "latency_us": 18.0,
  "kernels": [
    {
      "name": "conv_1+relu_1",
      "members": [
        {
          "node": "conv_1",
          "ascend_type": "Conv2D",
          "dtype": "f16",
          "rule": "force_fp16"
        }
      ],
      "class": "cube",
      "compute": "f16",
      "tile": [
        128,
        256
      ],
      "dtypes_in": [
        "f16",
        "f32"
      ],
      "dtypes_out": [
        "f32"
      ],
      "casts": [
        {
          "tensor": "b",
          "from": "f16",
          "to": "f32",
          "producer": {
            "name": "relu_1",
            "state": "is lowered (force_fp16)"
          },
          "consumers": [
            {
              "name": "log_1",
              "state": "is kept (keep.cfg:3)"
            }
          ],
          "reason": "cast f16 -> f32: 'relu_1' is lowered (force_fp16), 'log_1' is kept (keep.cfg:3)"
        }
      ],
      "bytes_read": 12345,
      "bytes_written": 999,
      "us": 10.0
    }
  ],
  "variant": "force_fp16 on Ascend910B3, 1 of 6 nodes kept",
  "launches": 1,
  "casts": 1
}
)json");
}

TEST(ProgramTable, GivesAMemberWithoutAChoiceOfDtypeNoDtypeInJson) {
  ProgramListing program = example_program();
  program.kernels[0].members[1] = {"relu_1", "Relu", "", ""};
  const nlohmann::json json = nlohmann::json::parse(program_json(program));
  EXPECT_EQ(json["kernels"][0]["members"][1],
            nlohmann::json::parse(R"({"node": "relu_1", "ascend_type": "Relu"})"));
}

TEST(ProgramTable, NamesWhatMovesAndAllConsumersInJson) {
  const nlohmann::json json = nlohmann::json::parse(program_json(example_program()));
  EXPECT_EQ(json["kernels"][4]["moved_by"], nlohmann::json::array({"perm_1"}));
  EXPECT_FALSE(json["kernels"][0].contains("moved_by"));
  EXPECT_EQ(json["kernels"][3]["casts"][0]["consumers"].size(), 3U);
}

TEST(ProgramTable, SaysWhichTensorsArePaddedAroundAProduct) {
  ProgramListing program = example_program();
  program.kernels.erase(program.kernels.begin() + 1, program.kernels.end());
  program.kernels[0].relayouts = {{"'a'", {197, 64}, {208, 64}, false},
                                  {"result of 'y'", {197, 70}, {208, 80}, true}};
  const std::string before =
      "layout: 'a' is padded from 197 x 64 to 208 x 64 before the product, which takes whole "
      "blocks";
  const std::string after =
      "layout: result of 'y' is cut from 208 x 80 to 197 x 70 after the product, which gives whole "
      "blocks";
  EXPECT_TRUE(program_table(program).ends_with("    " + before + "\n    " + after + "\n"))
      << program_table(program);
  EXPECT_NE(program_csv(program).find(",,\"" + before + "; " + after + "\",12345,"),
            std::string::npos)
      << program_csv(program);
  const nlohmann::json json = nlohmann::json::parse(program_json(program))["kernels"][0];
  EXPECT_EQ(json["relayouts"][0]["extents"], nlohmann::json::array({197, 64}));
  EXPECT_EQ(json["relayouts"][0]["blocks"], nlohmann::json::array({208, 64}));
  EXPECT_EQ(json["relayouts"][0]["after"], false);
  EXPECT_EQ(json["relayouts"][1]["tensor"], "result of 'y'");
  EXPECT_EQ(json["relayouts"][1]["after"], true);
  EXPECT_EQ(json["relayouts"][1]["reason"], after);
  EXPECT_EQ(program_json(example_program()).find("relayouts"), std::string::npos);
}

TEST(Wrapped, BreaksAtSpacesAndKeepsTheEndOfALongWord) {
  EXPECT_EQ(wrapped("a b", 4), "    a b\n");
  const std::string word(60, 'w');
  EXPECT_EQ(wrapped(word + " " + word, 2), "  " + word + "\n    " + word + "\n");
  EXPECT_EQ(wrapped(std::string(59, 'v') + " " + word, 0), std::string(59, 'v') + " " + word + "\n")
      << "120 columns fit";
  EXPECT_EQ(wrapped(std::string(130, 'x') + "end", 0), "..." + std::string(112, 'x') + "end\n");
}

}  // namespace
}  // namespace keel::report
