#include <gtest/gtest.h>

#include <cmath>

#include "tests/tuner/report/example_result.h"
#include "tuner/report/node_table.h"

namespace keel::report {
namespace {

// One node without a range, one with losses, one of zeros.
std::vector<NodeRow> rows() {
  accuracy::Range zeros;
  zeros.elements = 8;
  zeros.samples = 2;
  return {{"first", "Slice", "StridedSliceV2", "-", "-", "-", "folded", std::nullopt, std::nullopt},
          {"square, 1", "Pow", "Pow", "0", "vector", "f16", "free", overflowing_range(),
           NodeRow::Error{0.03, INFINITY, 2}},
          {"relu", "Relu", "Relu", "1", "vector", "f32", "kept", zeros, NodeRow::Error{}}};
}

TEST(NodeTable, ShowsRangesAndThePercentOfElementsLost) {
  EXPECT_EQ(
      nodes_table(rows()),
      "name       onnx_op  ascend_type     unit  class   state   dtype  largest  "
      "smallest_nonzero  overflow_percent  underflow_percent  alone_error  accumulated_error  "
      "non_finite_samples\n"
      "first      Slice    StridedSliceV2  -     -       folded  -\n"
      "square, 1  Pow      Pow             0     vector  free    f16    1e+06    1e-10         "
      "    0.25              10                 0.03         inf                2\n"
      "relu       Relu     Relu            1     vector  kept    f32    0                      "
      "    0                 0                  0            0                  0\n");
}

TEST(NodeTable, IsSortedByTheLargestAndFiltered) {
  std::vector<NodeRow> sorted = rows();
  sort_nodes(sorted, "alone");
  EXPECT_EQ(sorted[0].name, "square, 1");
  EXPECT_EQ(sorted[2].name, "first") << "rows without the figure come last";
  sort_nodes(sorted, "file");
  EXPECT_EQ(sorted[0].name, "square, 1") << "which is no order";
  ASSERT_EQ(filter_nodes(rows(), "Strided").size(), 1u);
  EXPECT_EQ(filter_nodes(rows(), "").size(), 3u);
}

TEST(NodeTable, HasNoRangeColumnsWithoutData) {
  EXPECT_EQ(nodes_csv({rows()[0]}),
            "name,onnx_op,ascend_type,unit,class,state,dtype\n"
            "first,Slice,StridedSliceV2,-,-,folded,-\n");
}

TEST(NodeTable, IsCsvWithQuotedCells) {
  EXPECT_EQ(nodes_csv(rows()),
            "name,onnx_op,ascend_type,unit,class,state,dtype,largest,smallest_nonzero,"
            "overflow_percent,underflow_percent,alone_error,accumulated_error,non_finite_samples\n"
            "first,Slice,StridedSliceV2,-,-,folded,-,,,,,,,\n"
            "\"square, 1\",Pow,Pow,0,vector,free,f16,1e+06,1e-10,0.25,10,0.03,inf,2\n"
            "relu,Relu,Relu,1,vector,kept,f32,0,,0,0,0,0,0\n");
}

TEST(NodeTable, IsJsonWithTheFiguresOfTheReasons) {
  EXPECT_EQ(nodes_json({rows()[1], rows()[2]}), R"json([
  {
    "name": "square, 1",
    "onnx_op": "Pow",
    "ascend_type": "Pow",
    "unit": "0",
    "class": "vector",
    "state": "free",
    "dtype": "f16",
    "range": {
      "largest": 1000000.0,
      "smallest_nonzero": 1e-10,
      "overflow_share": 0.0025,
      "underflow_share": 0.1,
      "elements": 4800,
      "non_finite": 0,
      "samples": 48,
      "samples_overflowing": 3,
      "samples_underflowing": 20
    },
    "error": {
      "alone": 0.03,
      "accumulated": null,
      "non_finite_samples": 2
    }
  },
  {
    "name": "relu",
    "onnx_op": "Relu",
    "ascend_type": "Relu",
    "unit": "1",
    "class": "vector",
    "state": "kept",
    "dtype": "f32",
    "range": {
      "largest": 0.0,
      "overflow_share": 0.0,
      "underflow_share": 0.0,
      "elements": 8,
      "non_finite": 0,
      "samples": 2,
      "samples_overflowing": 0,
      "samples_underflowing": 0
    },
    "error": {
      "alone": 0.0,
      "accumulated": 0.0,
      "non_finite_samples": 0
    }
  }
]
)json");
}

}  // namespace
}  // namespace keel::report
