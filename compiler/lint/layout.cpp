#include <map>
#include <set>

#include "compiler/lint/families.h"
#include "compiler/lint/kept_units.h"

namespace keel::lint {
namespace {

using ir::NodeId;
using ir::ValueId;

/// What stands before and after each layout operator that moves floats, other layout operators
/// between them left out.
class LayoutNeighbours {
 public:
  LayoutNeighbours(const ir::Graph& graph, const KeptUnits& kept)
      : graph_(graph),
        kept_before_(graph.node_bound(), false),
        input_before_(graph.node_bound(), false),
        kept_after_(graph.node_bound(), false) {
    const std::vector<NodeId> order = ir::topological_order(graph);
    for (const NodeId id : order) {
      if (!is_layout(id)) continue;
      const ValueId data = moved(id);
      const std::optional<NodeId> producer = graph.producer(data);
      const bool passes_on = producer && is_layout(*producer);
      kept_before_[index(id)] =
          passes_on ? kept_before_[index(*producer)] : producer && kept.is_kept(*producer);
      input_before_[index(id)] = passes_on ? input_before_[index(*producer)] : !producer;
    }
    const ir::Readers readers(graph);
    for (auto id = order.rbegin(); id != order.rend(); ++id) {
      if (!is_layout(*id)) continue;
      for (const ValueId output : graph[*id].outputs)
        for (const NodeId reader : readers[output])
          if (is_layout(reader) ? kept_after_[index(reader)] : kept.is_kept(reader))
            kept_after_[index(*id)] = true;
    }
  }

  bool is_layout(NodeId id) const {
    return graph_[id].unit && ir::is_layout(graph_[id].op) && moved(id) != ir::kNoValue;
  }
  bool kept_before(NodeId id) const { return kept_before_[index(id)]; }
  bool input_before(NodeId id) const { return input_before_[index(id)]; }
  bool kept_after(NodeId id) const { return kept_after_[index(id)]; }

 private:
  // The tensor whose elements the operator moves: its first float that is not a constant.
  ValueId moved(NodeId id) const {
    for (const ValueId input : graph_[id].inputs)
      if (input != ir::kNoValue && graph_[input].type.dtype == DType::F32 &&
          !graph_[input].constant)
        return input;
    return ir::kNoValue;
  }

  const ir::Graph& graph_;
  std::vector<bool> kept_before_, input_before_, kept_after_;  ///< indexed by NodeId
};

// For each node that the list names by itself, the first line that does.
std::map<ir::OriginId, int> lines_naming(const ascend::KeepList& list) {
  std::map<ir::OriginId, int> lines;
  for (const ascend::KeepEntry& entry : list.entries)
    if (entry.form == ascend::EntryForm::Name)
      for (const ir::OriginId origin : entry.nodes) lines.emplace(origin, entry.line);
  return lines;
}

}  // namespace

std::vector<Finding> check_layout(const Subject& subject) {
  const ir::Graph& graph = subject.prepared;
  const KeptUnits kept(subject);
  const LayoutNeighbours neighbours(graph, kept);
  const std::map<ir::OriginId, int> lines = lines_naming(subject.list.list);
  const std::string& file = subject.list.file;
  std::vector<Finding> findings;
  std::set<std::string_view> reported;  // an unrolled loop has a node many times
  for (const NodeId id : graph.nodes()) {
    const ir::Node& node = graph[id];
    if (!neighbours.is_layout(id) || node.origins.empty() || kept.why_idle(*node.unit)) continue;
    const std::string& name = graph[node.origins.front()].name;
    if (reported.contains(name)) continue;
    const std::size_t before = findings.size();
    if (kept.is_kept(id)) {
      const auto line = lines.find(node.origins.front());
      if (line == lines.end() || neighbours.kept_before(id) || neighbours.kept_after(id)) continue;
      findings.push_back({FindingKind::IdleLayout, file, line->second,
                          graph.describe(id) + " moves elements only, and no operator beside it "
                                               "is kept",
                          "delete the line", Edit{Edit::Action::Remove}});
    } else if (neighbours.kept_after(id) && neighbours.kept_before(id)) {
      findings.push_back({FindingKind::LayoutLeftOut, file, 0,
                          graph.describe(id) + " stands between kept operators and is lowered: "
                                               "the tensor is cast down and up again",
                          "add the line '" + name + "'", Edit{Edit::Action::Append, name}});
    } else if (neighbours.kept_after(id) && neighbours.input_before(id)) {
      findings.push_back({FindingKind::LayoutAtInput, file, 0,
                          graph.describe(id) + " stands between an input of the model and a kept "
                                               "operator and is lowered",
                          "add the line '" + name + "'", Edit{Edit::Action::Append, name}});
    }
    if (findings.size() > before) reported.insert(name);
  }
  return findings;
}

}  // namespace keel::lint
