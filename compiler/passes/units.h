#pragma once

#include <optional>
#include <span>
#include <vector>

#include "compiler/ascend/decision.h"
#include "compiler/ascend/op_table.h"
#include "compiler/ascend/operator_lines.h"
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

/// What the vendor's rules say of a unit before a search has chosen anything.
struct UnitRule {
  std::optional<ascend::NotFree> not_free;  ///< why its bit may not be chosen; empty where it may
  ascend::Precision lowered;                ///< as far as the mode and what is asked let it be
};

/// By UnitId. A unit that must be kept, or is asked to be, is not lowered; the others meet what
/// their predecessors then hand out.
/// \param requests  what is asked of each unit; predecessors are not read
std::vector<UnitRule> unit_rules(const ascend::PrecisionRules& rules, std::span<const Unit> units,
                                 std::span<const ascend::Request> requests);

/// Whether a line of a file that is matched after fusion is about the unit: one by type names the
/// type that decides for it, one by name its first node.
bool is_about(const ascend::OperatorLine& line, const Unit& unit, const ir::Graph& graph);

}  // namespace keel::passes
