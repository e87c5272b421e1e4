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

namespace {

// Why the list cannot change what a unit computes in, were every other one lowered as far as the
// mode lowers it; by UnitId. Of a unit that must be kept the list does what is needed.
std::vector<std::optional<std::string>> idle_reasons(const ascend::PrecisionRules& rules,
                                                     std::span<const passes::Unit> units) {
  std::vector<std::optional<std::string>> reasons;
  std::vector<DType> lowered;
  for (const passes::Unit& unit : units) {
    ascend::Request request;
    if (unit.predecessor) request.predecessor = lowered[index(*unit.predecessor)];
    const std::optional<ascend::NotFree> rule = ascend::why_not_free(rules, unit.op, request);
    request.kept = rule && rule->must_be_kept;
    lowered.push_back(ascend::decide(rules, unit.op, request).precision.output);
    reasons.push_back(rule && !rule->must_be_kept ? std::optional(rule->reason) : std::nullopt);
  }
  return reasons;
}

}  // namespace

KeptUnits::KeptUnits(const Subject& subject)
    : units_of_(subject.prepared.origins().size()),
      named_(units_named(subject.prepared, subject.units, subject.list.list)),
      why_idle_(idle_reasons(subject.rules, subject.units)),
      node_kept_(subject.prepared.node_bound(), false) {
  const ir::Graph& graph = subject.prepared;
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
