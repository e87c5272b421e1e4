#include "profiler/calibration/operator_row.h"

#include <gtest/gtest.h>

#include "profiler/calibration/precision_pair.h"

namespace keel::calibration {
namespace {

constexpr const char* kRows = R"({"rows": [
  {"op": "roi_align", "case": "4", "input_shape": "[[4, 256], null, [[2, 3], [5]]]",
   "dtype": "[\"float16\", null, \"int8\"]",
   "attrs": "{\"epsilon\": \"1e-06\", \"perm\": [1, 0], \"causal\": true, \"layout\": \"BNSD\"}",
   "measured_us": 40.5, "usable": true, "kernels": "Cast\u00d72 + TransData\u00d71"},
  {"op": "relu", "case": "1", "input_shape": "[[8]]", "dtype": "[\"float32\"]", "attrs": "{}",
   "measured_us": 1, "usable": false, "kernels": null}]})";

TEST(OperatorRow, HoldsWhatWasMeasured) {
  const Result<std::vector<OperatorRow>> rows = read_operator_rows(kRows, "rows.json");
  ASSERT_TRUE(rows.ok()) << rows.error().what;
  ASSERT_EQ(rows->size(), 1U);  // the other is not usable
  const OperatorRow& row = rows->front();
  EXPECT_EQ(row.op, "roi_align");
  EXPECT_EQ(row.id, "roi_align/4");
  EXPECT_EQ(row.measured_us, 40.5);
  EXPECT_EQ(row.shape(0), (Shape{4, 256}));
  EXPECT_FALSE(row.has(1));
  EXPECT_EQ(row.operands[2], (std::vector<Shape>{{2, 3}, {5}}));
  EXPECT_EQ(row.dtypes, (std::vector<std::string>{"f16", "", "i8"}));
  EXPECT_EQ(row.number("epsilon", 0), 1e-6);
  EXPECT_EQ(row.number("perm", 9, 0), 1);
  EXPECT_EQ(row.number("perm", 9, 2), 9);
  EXPECT_EQ(row.number("causal", 0), 1);
  EXPECT_EQ(row.text("layout"), "BNSD");
  EXPECT_EQ(row.launches("Cast"), 2);
  EXPECT_EQ(row.launches("TransData"), 1);
  EXPECT_EQ(row.launches("MemSet"), 0);
}

TEST(OperatorRow, ReportsARowThatLacksAField) {
  const Result<std::vector<OperatorRow>> rows =
      read_operator_rows(R"({"rows": [{"op": "relu"}]})", "rows.json");
  ASSERT_FALSE(rows.ok());
  EXPECT_TRUE(rows.error().what.starts_with("row 1 of the measured operators cannot be read: "))
      << rows.error().what;
  EXPECT_EQ(rows.error().where, "rows.json");
  EXPECT_EQ(rows.error().fix, "give it op, case, input_shape, dtype, attrs and measured_us");
}

TEST(PrecisionPair, TakesOperatorsAndProductsOfTheChip) {
  const char* text = R"({"pairs": [
    {"kind": "op", "op": "relu", "shape": "[[8]]", "attrs": "{}", "chip": "A", "us_a": 2,
     "dtype_a": "[\"float16\"]", "us_b": 3, "dtype_b": "[\"float32\"]", "ratio_b_over_a": 1.5},
    {"kind": "op", "op": "matmul", "shape": "64x32x16", "chip": "A", "ratio_fp32_over_fp16": 2},
    {"kind": "op", "op": "matmul", "shape": "64x32x16", "chip": "B", "ratio_fp32_over_fp16": 2},
    {"kind": "model", "chip": "A"}]})";
  const Result<std::vector<PrecisionPair>> pairs = read_precision_pairs(text, "pairs.json", "A");
  ASSERT_TRUE(pairs.ok()) << pairs.error().what;
  ASSERT_EQ(pairs->size(), 2U);
  EXPECT_EQ((*pairs)[0].measured_ratio, 1.5);
  EXPECT_EQ((*pairs)[0].first.dtypes[0], "f16");
  EXPECT_EQ((*pairs)[0].second.dtypes[0], "f32");
  EXPECT_EQ((*pairs)[1].first.op, "gemm");
  EXPECT_EQ((*pairs)[1].second.shape(0), (Shape{64, 32}));
  EXPECT_EQ((*pairs)[1].second.shape(1), (Shape{32, 16}));
}

TEST(PrecisionPair, ReportsAPairWithoutItsFields) {
  const Result<std::vector<PrecisionPair>> pairs =
      read_precision_pairs(R"({"pairs": [{"kind": "op"}]})", "pairs.json", "A");
  ASSERT_FALSE(pairs.ok());
  EXPECT_TRUE(pairs.error().what.starts_with("the precision pairs cannot be read: "));
  EXPECT_EQ(pairs.error().where, "pairs.json");
  EXPECT_EQ(pairs.error().fix, "give each pair kind, op, shape, chip and its ratio");
}

}  // namespace
}  // namespace keel::calibration
