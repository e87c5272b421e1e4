#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "compiler/ascend/precision_mode.h"
#include "compiler/passes/pipeline.h"
#include "compiler/program/program.h"
#include "tests/support/graph_text.h"

namespace keel::passes {

inline constexpr ascend::Precision kKept{DType::F32, DType::F32, FloatFormat::F32};
inline constexpr ascend::Precision kLowered{DType::F16, DType::F16, FloatFormat::F16};

/// Units of a prepared graph.
inline std::size_t count_units(const ir::Graph& graph) {
  std::size_t units = 0;
  for (const ir::NodeId id : graph.nodes())
    if (graph[id].unit) units = std::max(units, index(*graph[id].unit) + 1);
  return units;
}

/// Whatever units are kept, the graph computes what it computes unfused, bit for bit, and lowers.
inline void expect_fusing_changes_no_number(std::string_view text, bool unified_cores) {
  ir::Graph prepared = test::parse(text);
  ASSERT_TRUE(run(prepare_pipeline(), prepared, {}).ok());
  const std::size_t units = count_units(prepared);
  ASSERT_GT(units, 0u);
  const std::vector<Tensor> inputs = test::random_inputs(prepared, 7);
  for (std::size_t bits = 0; bits < (std::size_t{1} << units); ++bits) {
    std::vector<ascend::Precision> of_unit;
    for (std::size_t u = 0; u < units; ++u) of_unit.push_back((bits >> u) & 1 ? kLowered : kKept);
    ConstantCasts casts;
    Context context;
    context.of_unit = of_unit;
    context.constant_casts = &casts;
    context.unified_cores = unified_cores;
    const auto first_fusion =
        std::ranges::find(variant_pipeline(), "fuse-elementwise", &Pass::name);
    ASSERT_NE(first_fusion, variant_pipeline().end());
    ir::Graph unfused = prepared;
    ASSERT_TRUE(run({variant_pipeline().begin(), first_fusion}, unfused, context).ok());
    ir::Graph fused = unfused;
    ASSERT_TRUE(run({first_fusion, variant_pipeline().end()}, fused, context).ok());
    EXPECT_EQ(test::run(fused, inputs), test::run(unfused, inputs));
    EXPECT_TRUE(program::lower(fused).ok());
  }
}

}  // namespace keel::passes
