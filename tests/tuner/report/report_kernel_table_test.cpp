#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/tuner/report/example_profile.h"
#include "tuner/report/kernel_table.h"

namespace keel::report {
namespace {

TEST(KernelTable, ShowsTheFirstNodeAndHowManyMore) {
  EXPECT_EQ(profile_table(example_profile()),
            R"(force_fp16 on Ascend910B3, 1 of 7 nodes kept
latency 16.0 us, in nine of ten cases 14.0 to 20.5 us
3 kernels launched, 2 casts inserted, 1 of them kernels of their own

kernel     ascend type  class   in       out     us  share  launch  cube  vec  mem  pad  bound
conv_1 +2  Conv2D +2    cube    f16,f32  f16  10.00  62.5%     20%   80%  10%  30%   0%  cube
cast_y     Cast         cast    f16      f32   2.00  12.5%     75%    0%  12%  25%   0%  launch
reshape_1  Reshape      none    f32      f32   0.00   0.0%      0%    0%   0%   0%   0%  none
log_1      Log          vector  f32      f32   4.00  25.0%     25%    0%  75%  25%   0%  vector
)");
}

TEST(KernelTable, ShowsWhatTheExecutionAndThePaddingAroundAProductCost) {
  Profile unified = example_profile();
  unified.latency_us = 116;
  unified.execution_us = 100;
  unified.kernels[0].row.relayout_us = 2.5;
  EXPECT_NE(profile_table(unified).find("latency 116.0 us, in nine of ten cases 14.0 to 20.5 us\n"
                                        "of it the execution itself, whatever it runs: 100.0 us\n"),
            std::string::npos)
      << profile_table(unified);
  EXPECT_NE(profile_table(unified).find("20%   80%  10%  30%  25%  cube\n"), std::string::npos);
  const nlohmann::json json = nlohmann::json::parse(profile_json(unified));
  EXPECT_EQ(json["execution_us"], 100);
  EXPECT_EQ(json["kernels"][0]["relayout_us"], 2.5);
  EXPECT_EQ(json["kernels"][0]["relayout_share"], 0.25);
}

TEST(KernelTable, StaysWithin120ColumnsAndCutsNoCharacterInTwo) {
  Profile long_names = example_profile();
  long_names.latency_us = 123'456'789;
  KernelRow& row = long_names.kernels[0].row;
  row.kernel_class = "depthwise";
  row.nodes.assign(1234, "/encoder/layers.11/self_attention/output/dense/MatMul_layernorm");
  row.ascend_types.assign(12, "DepthwiseConv2DBackpropFilterD");
  row.dtypes_in = {"bf16", "bool", "i64"};
  row.dtypes_out = row.dtypes_in;
  row.us = 12'345'678.9;
  row.launch_us = row.cube_us = row.vector_us = row.memory_us = row.relayout_us = row.us;
  row.bound = "memory";
  for (const char* character : {"\xe5\xb1\x82", "x\xe5\xb1\x82", "xx\xe5\xb1\x82"}) {
    long_names.kernels[1].row.nodes = {""};
    for (int i = 0; i < 40; ++i) long_names.kernels[1].row.nodes[0] += character;
    std::istringstream lines(profile_table(long_names));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120U) << line;
    EXPECT_NO_THROW(nlohmann::json(profile_table(long_names)).dump()) << "not UTF-8";
  }
  EXPECT_NE(profile_table(long_names).find("_layernorm +1233  "), std::string::npos)
      << profile_table(long_names);
}

TEST(KernelTable, WritesEveryFigureAsCsv) {
  Profile quoted = example_profile();
  quoted.kernels[3].row.name = "a \"log\", natural";
  EXPECT_EQ(
      profile_csv(quoted),
      R"(name,nodes,ascend_types,class,compute,dtypes_in,dtypes_out,us,lo_us,hi_us,share,launch_us,cube_us,vector_us,memory_us,relayout_us,launch_share,cube_share,vector_share,memory_share,relayout_share,bound
conv_1+bn_1+relu_1,conv_1 bn_1 relu_1,Conv2D BatchNorm Relu,cube,f16,f16 f32,f16,10,8,13,0.625,2,8,1,3,0,0.2,0.8,0.1,0.3,0,cube
cast_y,,Cast,cast,,f16,f32,2,1.5,2.75,0.125,1.5,0,0.25,0.5,0,0.75,0,0.125,0.25,0,launch
reshape_1,reshape_1,Reshape,none,,f32,f32,0,0,0,0,0,0,0,0,0,0,0,0,0,0,none
"a ""log"", natural",log_1,Log,vector,,f32,f32,4,3,5,0.25,1,0,3,1,0,0.25,0,0.75,0.25,0,vector
)");
}

TEST(KernelTable, StartsTheJsonWithLatencyAndKernels) {
  Profile one = example_profile();
  one.kernels.resize(1);
  EXPECT_EQ(profile_json(one), R"({
  "latency_us": 16.0,
  "execution_us": 0.0,
  "interval_us": [
    14.0,
    20.5
  ],
  "kernels": [
    {
      "name": "conv_1+bn_1+relu_1",
      "nodes": [
        "conv_1",
        "bn_1",
        "relu_1"
      ],
      "ascend_types": [
        "Conv2D",
        "BatchNorm",
        "Relu"
      ],
      "class": "cube",
      "compute": "f16",
      "dtypes_in": [
        "f16",
        "f32"
      ],
      "dtypes_out": [
        "f16"
      ],
      "us": 10.0,
      "interval_us": [
        8.0,
        13.0
      ],
      "share": 0.625,
      "launch_us": 2.0,
      "cube_us": 8.0,
      "vector_us": 1.0,
      "memory_us": 3.0,
      "relayout_us": 0.0,
      "launch_share": 0.2,
      "cube_share": 0.8,
      "vector_share": 0.1,
      "memory_share": 0.3,
      "relayout_share": 0.0,
      "bound": "cube"
    }
  ],
  "variant": "force_fp16 on Ascend910B3, 1 of 7 nodes kept",
  "casts": 2
}
)");
}

TEST(KernelTable, ShowsAModelWithoutKernels) {
  Profile empty;
  empty.variant = "force_fp16 on Ascend910B3, 0 of 0 nodes kept";
  EXPECT_NE(profile_table(empty).find(
                "latency 0.0 us, in nine of ten cases 0.0 to 0.0 us\n0 kernels launched"),
            std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(profile_json(empty))["kernels"].size(), 0U);
}

}  // namespace
}  // namespace keel::report
