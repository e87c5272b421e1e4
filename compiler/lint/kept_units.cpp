#include "compiler/lint/kept_units.h"

#include <algorithm>

namespace keel::lint {
namespace {

/// The first entry of a list that names a node.
class Listed {
 public:
  Listed(const ascend::KeepList& list, const ir::Graph& graph)
      : first_(graph.origins().size(), nullptr) {
    for (const ascend::KeepEntry& entry : list.entries)
      for (const ir::OriginId origin : entry.nodes)
        if (first_[index(origin)] == nullptr) first_[index(origin)] = &entry;
  }

  const ascend::KeepEntry* of(const ir::Node& node) const {
    const ascend::KeepEntry* first = nullptr;
    for (const ir::OriginId origin : node.origins) first = earlier(first, first_[index(origin)]);
    return first;
  }

  static const ascend::KeepEntry* earlier(const ascend::KeepEntry* a, const ascend::KeepEntry* b) {
    return a == nullptr || (b != nullptr && b->line < a->line) ? b : a;
  }

 private:
  std::vector<const ascend::KeepEntry*> first_;  ///< indexed by OriginId
};

// By UnitId. Lines by name count before those by type, and of either the last.
std::vector<const ascend::CustomLine*> overriding_lines(const Subject& subject) {
  std::vector<const ascend::CustomLine*> lines(subject.units.size(), nullptr);
  if (!subject.customize_dtypes) return lines;
  for (const bool by_type : {true, false})
    for (const ascend::CustomLine& line : subject.customize_dtypes->lines) {
      if (line.by_type != by_type) continue;
      for (std::size_t u = 0; u < lines.size(); ++u)
        if (passes::is_about(line, subject.units[u], subject.prepared)) lines[u] = &line;
    }
  return lines;
}

// Why the list cannot change what a unit computes in, were every other one lowered as far as the
// mode lowers it; by UnitId. Of a unit that must be kept the list does what is needed.
std::vector<std::optional<std::string>> idle_reasons(
    const Subject& subject, const std::vector<const ascend::CustomLine*>& overriding) {
  std::vector<ascend::Request> requests(subject.units.size());
  for (std::size_t u = 0; u < requests.size(); ++u)
    if (overriding[u] != nullptr) requests[u].custom = overriding[u]->dtypes;
  std::vector<std::optional<std::string>> reasons;
  for (const passes::UnitRule& rule : passes::unit_rules(subject.rules, subject.units, requests))
    reasons.push_back(rule.not_free && !rule.not_free->must_be_kept
                          ? std::optional(rule.not_free->reason)
                          : std::nullopt);
  return reasons;
}

}  // namespace

std::vector<const ascend::KeepEntry*> entries_naming(const ir::Graph& prepared,
                                                     std::span<const passes::Unit> units,
                                                     const ascend::KeepList& list) {
  const Listed listed(list, prepared);
  std::vector<const ascend::KeepEntry*> entries;
  for (const passes::Unit& unit : units) {
    const ascend::KeepEntry* first = nullptr;
    for (const ir::NodeId id : unit.nodes)
      if (unit.layout_only || !ir::is_layout(prepared[id].op))
        first = Listed::earlier(first, listed.of(prepared[id]));
    entries.push_back(first);
  }
  return entries;
}

std::vector<bool> units_named(const ir::Graph& prepared, std::span<const passes::Unit> units,
                              const ascend::KeepList& list) {
  std::vector<bool> named;
  for (const ascend::KeepEntry* entry : entries_naming(prepared, units, list))
    named.push_back(entry != nullptr);
  return named;
}

KeptUnits::KeptUnits(const Subject& subject)
    : units_of_(subject.prepared.origins().size()),
      overriding_(overriding_lines(subject)),
      named_(units_named(subject.prepared, subject.units, subject.list.list)),
      why_idle_(idle_reasons(subject, overriding_)),
      node_kept_(subject.prepared.node_bound(), false) {
  const ir::Graph& graph = subject.prepared;
  const Listed listed(subject.list.list, graph);
  for (const ir::NodeId id : graph.nodes()) {
    const ir::Node& node = graph[id];
    if (!node.unit) continue;
    for (const ir::OriginId origin : node.origins) {
      std::vector<ir::UnitId>& units = units_of_[index(origin)];
      if (std::ranges::find(units, *node.unit) == units.end()) units.push_back(*node.unit);
    }
    node_kept_[index(id)] =
        !why_idle_[index(*node.unit)] &&
        (ir::is_layout(node.op) ? listed.of(node) != nullptr : bool{named_[index(*node.unit)]});
  }
}

const ascend::CustomLine* KeptUnits::overriding(const ascend::KeepEntry& entry) const {
  const ascend::CustomLine* first = nullptr;
  for (const ir::OriginId origin : entry.nodes)
    for (const ir::UnitId unit : units_of(origin)) {
      const ascend::CustomLine* line = overriding_[index(unit)];
      if (line == nullptr) return nullptr;
      if (first == nullptr) first = line;
    }
  return first;
}

}  // namespace keel::lint
