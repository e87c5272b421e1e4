#pragma once

#include <string>
#include <vector>

#include "compiler/ascend/op_table.h"
#include "compiler/ascend/precision_mode.h"
#include "compiler/ir/graph.h"

namespace keel::passes {

/// A unit of a prepared graph: the nodes that one precision bit decides.
struct Unit {
  std::vector<ir::NodeId> nodes;      ///< in topological order
  std::vector<ir::OriginId> origins;  ///< of all of them, sorted, each once
  ascend::OpClass op_class = ascend::OpClass::Vector;
  bool layout_only = false;  ///< moves elements and computes nothing
  bool fp16_kernel = true;   ///< every operator in it has an fp16 kernel on the SoC
  bool fp32_kernel = true;
};

/// Indexed by UnitId. \pre form_units ran on `graph`
std::vector<Unit> collect_units(const ir::Graph& graph, const ascend::OpTable& table,
                                const std::string& soc_family);

}  // namespace keel::passes
