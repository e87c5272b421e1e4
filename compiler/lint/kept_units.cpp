#include "compiler/lint/kept_units.h"

#include <algorithm>

namespace keel::lint {

namespace {

/// Whether a list names a node.
class Listed {
 public:
  explicit Listed(const ascend::KeepList& list) : origins_(list.nodes()) {}

  bool names(const ir::Node& node) const {
    return std::ranges::any_of(node.origins, [&](ir::OriginId origin) {
      return std::ranges::binary_search(origins_, origin);
    });
  }

 private:
  std::vector<ir::OriginId> origins_;
};

}  // namespace

std::vector<bool> units_named(const ir::Graph& prepared, std::span<const passes::Unit> units,
                              const ascend::KeepList& list) {
  const Listed listed(list);
  std::vector<bool> named(units.size(), false);
  for (std::size_t i = 0; i < units.size(); ++i)
    named[i] = std::ranges::any_of(units[i].nodes, [&](ir::NodeId id) {
      const ir::Node& node = prepared[id];
      return (units[i].layout_only || !ir::is_layout(node.op)) && listed.names(node);
    });
  return named;
}

KeptUnits::KeptUnits(const Subject& subject)
    : units_of_(subject.prepared.origins().size()),
      named_(units_named(subject.prepared, subject.units, subject.list.list)),
      node_kept_(subject.prepared.node_bound(), false) {
  const ir::Graph& graph = subject.prepared;
  for (const passes::Unit& unit : subject.units)
    why_idle_.push_back(
        ascend::why_not_free(subject.rules, unit.op_class, unit.fp16_kernel, unit.fp32_kernel));
  const Listed listed(subject.list.list);
  for (const ir::NodeId id : graph.nodes()) {
    const ir::Node& node = graph[id];
    if (!node.unit) continue;
    for (const ir::OriginId origin : node.origins) {
      std::vector<ir::UnitId>& units = units_of_[index(origin)];
      if (std::ranges::find(units, *node.unit) == units.end()) units.push_back(*node.unit);
    }
    node_kept_[index(id)] =
        !why_idle_[index(*node.unit)] &&
        (ir::is_layout(node.op) ? listed.names(node) : bool{named_[index(*node.unit)]});
  }
}

}  // namespace keel::lint
