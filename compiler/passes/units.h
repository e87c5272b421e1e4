#pragma once

#include <optional>
#include <vector>

#include "compiler/ascend/decision.h"
#include "compiler/ascend/op_table.h"
#include "compiler/ascend/soc.h"
#include "compiler/ir/graph.h"

namespace keel::passes {

/// A unit of a prepared graph: the nodes that one precision bit decides.
struct Unit {
  std::vector<ir::NodeId> nodes;      ///< in topological order
  std::vector<ir::OriginId> origins;  ///< of all of them, sorted, each once
  /// What the vendor's rules see: the type and list of the operator that decides, the kernels that
  /// every operator in it has on the SoC.
  ascend::Operator op;
  bool layout_only = false;  ///< moves elements and computes nothing
  /// The unit of the first data predecessor, Casts skipped; of a smaller number.
  std::optional<ir::UnitId> predecessor;
};

/// Indexed by UnitId. \pre form_units ran on `graph`
std::vector<Unit> collect_units(const ir::Graph& graph, const ascend::OpTable& table,
                                const ascend::Soc& soc);

}  // namespace keel::passes
