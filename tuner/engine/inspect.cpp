#include "tuner/engine/inspect.h"

#include "tuner/engine/reference.h"
#include "tuner/engine/roundings.h"
#include "tuner/engine/target.h"

namespace keel::engine {
namespace {

std::string state_name(const UnitFacts& unit) {
  if (unit.owner_keeps) return "kept";
  return unit.state == search::UnitState::Free ? "free" : "fixed";
}

// Ranges over all samples: an empty split holds nothing out.
Result<std::vector<accuracy::Range>> run_ranges(const Target& target,
                                                const std::filesystem::path& folder) {
  const ir::Graph& graph = target.prepared.graph();
  std::vector<accuracy::Port> ports;
  for (const ir::ValueId input : graph.inputs())
    ports.push_back({graph[input].name, graph[input].type});
  KEEL_TRY(const accuracy::Dataset data, accuracy::load_dataset(folder, ports, std::nullopt));
  KEEL_TRY(const std::vector<Rounding> roundings, find_roundings(target));
  KEEL_TRY(Reference reference,
           run_reference(target, data, {}, lowered_dtypes(target, roundings), nullptr, {}));
  return std::move(reference.ranges);
}

}  // namespace

Result<Inspection> inspect(const ModelOptions& options,
                           const std::optional<std::filesystem::path>& data) {
  KEEL_TRY(const Target target, open_target(options, data));
  std::vector<accuracy::Range> ranges;
  if (data) {
    KEEL_TRY(ranges, run_ranges(target, *data));
  }
  const ir::Graph& graph = target.prepared.graph();
  std::vector<report::NodeRow> rows;
  for (const ir::Origin& origin : graph.origins())
    rows.push_back({origin.name, origin.onnx_op, target.op_table.primary_type(origin.onnx_op), "-",
                    "-", "-", "folded", std::nullopt});

  const std::vector<ascend::Precision> precisions = target.precisions(target.owners_variant());
  for (const ir::NodeId id : graph.nodes()) {
    const ir::Node& node = graph[id];
    for (const ir::OriginId origin : node.origins) {
      report::NodeRow& row = rows[index(origin)];
      row.dtype = std::string(name(graph[node.outputs[0]].type.dtype));
      row.state = "fixed";
      if (!ranges.empty()) row.range = ranges[index(node.outputs[0])];
      if (!node.unit) continue;
      const std::size_t unit = index(*node.unit);
      row.unit = std::to_string(unit);
      row.unit_class = target.units[unit].unit_class;
      row.state = state_name(target.units[unit]);
      if (row.dtype == "f32") row.dtype = std::string(name(precisions[unit].output));
    }
  }
  return Inspection{std::move(rows), target.notes};
}

}  // namespace keel::engine
