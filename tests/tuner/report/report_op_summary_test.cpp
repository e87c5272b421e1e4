#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "tests/tuner/report/example_profile.h"
#include "tuner/report/profile_files.h"

namespace keel::report {
namespace {

// Header and rows of a summary without quoted cells, cut at commas.
std::vector<std::map<std::string, std::string>> rows_of(Profile profile) {
  for (ProfiledKernel& kernel : profile.kernels)
    for (std::vector<TensorFacts>* tensors : {&kernel.inputs, &kernel.outputs})
      for (TensorFacts& tensor : *tensors) tensor.shape = {1};
  std::istringstream lines(op_summary_csv(profile));
  std::vector<std::vector<std::string>> table;
  for (std::string line; std::getline(lines, line);) {
    table.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) table.back().push_back(cell);
  }
  std::vector<std::map<std::string, std::string>> rows(table.size() - 1);
  for (std::size_t i = 1; i < table.size(); ++i) {
    EXPECT_EQ(table[i].size(), table[0].size());
    for (std::size_t c = 0; c < table[i].size(); ++c) rows[i - 1][table[0][c]] = table[i][c];
  }
  return rows;
}

TEST(OpSummary, HasTheColumnsOfChipsWithSplitCores) {
  EXPECT_EQ(
      op_summary_csv(example_profile()),
      R"(Device_id,Model ID,Task ID,Stream ID,Op Name,OP Type,OP State,Task Type,Task Start Time(us),Task Duration(us),Task Wait Time(us),Block Dim,Mix Block Dim,HF32 Eligible,Input Shapes,Input Data Types,Input Formats,Output Shapes,Output Data Types,Output Formats,Context ID,aicore_time(us),aic_total_cycles,aic_mac_time(us),aic_mac_ratio,aic_scalar_time(us),aic_scalar_ratio,aic_mte1_time(us),aic_mte1_ratio,aic_mte2_time(us),aic_mte2_ratio,aic_fixpipe_time(us),aic_fixpipe_ratio,aic_icache_miss_rate,aiv_time(us),aiv_total_cycles,aiv_vec_time(us),aiv_vec_ratio,aiv_scalar_time(us),aiv_scalar_ratio,aiv_mte2_time(us),aiv_mte2_ratio,aiv_mte3_time(us),aiv_mte3_ratio,aiv_icache_miss_rate,cube_utilization(%)
N/A,N/A,0,0,conv_1+bn_1+relu_1,Conv2D+BatchNorm+Relu,static,MIX_AIC,0.000,10.000,0.000,N/A,N/A,NO,"1,3,8,8;4,3,3,3;4",FLOAT16;FLOAT16;FLOAT,N/A,"1,4,6,6",FLOAT16,N/A,N/A,8.000,N/A,8.000,1.000,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,8.000,N/A,1.000,0.125,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A
N/A,N/A,1,0,cast_y,Cast,static,AI_VECTOR_CORE,10.000,2.000,0.000,N/A,N/A,NO,"1,4,6,6",FLOAT16,N/A,"1,4,6,6",FLOAT,N/A,N/A,0.000,N/A,0.000,0.000,N/A,N/A,N/A,N/A,0.000,0.000,N/A,N/A,N/A,0.500,N/A,0.250,0.500,N/A,N/A,0.167,0.333,0.333,0.667,N/A,N/A
N/A,N/A,2,0,log_1,Log,static,AI_VECTOR_CORE,12.000,4.000,0.000,N/A,N/A,NO,"1,144",FLOAT,N/A,"1,144",FLOAT,N/A,N/A,0.000,N/A,0.000,0.000,N/A,N/A,N/A,N/A,0.000,0.000,N/A,N/A,N/A,3.000,N/A,3.000,1.000,N/A,N/A,0.500,0.167,0.500,0.167,N/A,N/A
)");
}

TEST(OpSummary, HasTheColumnsOfChipsWithUnifiedCores) {
  Profile profile = example_profile();
  profile.has_split_cores = false;
  profile.kernels.erase(profile.kernels.begin() + 1, profile.kernels.end());
  EXPECT_EQ(
      op_summary_csv(profile),
      R"(Device_id,Model ID,Task ID,Stream ID,Op Name,OP Type,OP State,Task Type,Task Start Time(us),Task Duration(us),Task Wait Time(us),Block Dim,HF32 Eligible,Input Shapes,Input Data Types,Input Formats,Output Shapes,Output Data Types,Output Formats,aicore_time(us),total_cycles,vec_time(us),vec_ratio,mac_time(us),mac_ratio,scalar_time(us),scalar_ratio,mte1_time(us),mte1_ratio,mte2_time(us),mte2_ratio,mte3_time(us),mte3_ratio,icache_miss_rate
N/A,N/A,0,0,conv_1+bn_1+relu_1,Conv2D+BatchNorm+Relu,static,AI_CORE,0.000,10.000,0.000,N/A,NO,"1,3,8,8;4,3,3,3;4",FLOAT16;FLOAT16;FLOAT,N/A,"1,4,6,6",FLOAT16,N/A,8.000,N/A,1.000,0.125,8.000,1.000,N/A,N/A,N/A,N/A,2.044,0.256,0.956,0.119,N/A
)");
}

TEST(OpSummary, TellsKernelsOfTheCubeAloneFromMixedOnes) {
  Profile profile = example_profile();
  EXPECT_EQ(rows_of(profile)[0]["Task Type"], "MIX_AIC");
  EXPECT_EQ(rows_of(profile)[0]["aic_mte2_time(us)"], "N/A");
  profile.kernels[0].row.vector_us = 0;
  std::map<std::string, std::string> alone = rows_of(profile)[0];
  EXPECT_EQ(alone["Task Type"], "AI_CORE");
  EXPECT_EQ(alone["aic_mte2_time(us)"], "2.044");
  EXPECT_EQ(alone["aiv_time(us)"], "0.000");
  EXPECT_EQ(alone["aiv_mte3_time(us)"], "0.000");
}

TEST(OpSummary, SaysWhereProductsAreHf32) {
  Profile profile = example_profile();
  profile.kernels[0].row.compute = "hf32";
  EXPECT_EQ(rows_of(profile)[0]["HF32 Eligible"], "YES");
  EXPECT_EQ(rows_of(profile)[1]["HF32 Eligible"], "NO");
}

TEST(OpSummary, SpellsEveryDtypeAsTheVendor) {
  const std::map<DType, std::string> spellings = {
      {DType::F32, "FLOAT"},  {DType::F16, "FLOAT16"}, {DType::BF16, "DT_BF16"},
      {DType::I8, "INT8"},    {DType::I16, "INT16"},   {DType::I32, "INT32"},
      {DType::I64, "INT64"},  {DType::U8, "UINT8"},    {DType::U16, "UINT16"},
      {DType::U32, "UINT32"}, {DType::U64, "UINT64"},  {DType::F64, "DOUBLE"},
      {DType::Bool, "BOOL"}};
  Profile profile = example_profile();
  for (const auto& [dtype, spelling] : spellings) {
    profile.kernels[0].outputs[0].dtype = dtype;
    EXPECT_EQ(rows_of(profile)[0]["Output Data Types"], spelling);
  }
}

TEST(OpSummary, HasOnlyAHeaderWhereNothingIsLaunched) {
  const std::string text = op_summary_csv(Profile{});
  EXPECT_EQ(std::ranges::count(text, '\n'), 1);
}

}  // namespace
}  // namespace keel::report
