#include "tuner/engine/inspect.h"

#include <fmt/format.h>

#include <cmath>

#include "compiler/base/error_text.h"
#include "tuner/engine/node_errors.h"
#include "tuner/engine/non_finite_outputs.h"
#include "tuner/engine/ports.h"
#include "tuner/engine/reference.h"
#include "tuner/engine/roundings.h"
#include "tuner/engine/target.h"

namespace keel::engine {
namespace {

std::string state_name(const UnitFacts& unit) {
  if (unit.owner_keeps) return "kept";
  return unit.state == search::UnitState::Free ? "free" : "fixed";
}

/// What the samples say of a model.
struct Findings {
  std::vector<accuracy::Range> ranges;
  NodeErrors errors;
  std::optional<Error> warning;  ///< of outputs that are not finite in fp32
};

// Over all samples: an empty split holds nothing out.
Result<Findings> examine(const Target& target, const std::filesystem::path& folder) {
  const ir::Graph& graph = target.prepared.graph();
  KEEL_TRY(const accuracy::Dataset data,
           accuracy::load_dataset(folder, input_ports(graph), std::nullopt));
  KEEL_TRY(const std::vector<Rounding> roundings, find_roundings(target));
  KEEL_TRY(Reference reference,
           run_reference(target, data, {}, lowered_dtypes(target, roundings), {}));
  KEEL_TRY(NodeErrors errors, find_node_errors(target, data, target.owners_variant()));
  return Findings{std::move(reference.ranges), std::move(errors),
                  non_finite_outputs(graph, data, reference.outputs)};
}

// "node 'Log_3' (Log): Inf or NaN in 31 of 48 samples".
std::string place_text(const Target& target, const NodeErrors& errors, ir::ValueId value) {
  const ir::Graph& graph = target.prepared.graph();
  const std::optional<ir::NodeId> producer = graph.producer(value);
  return (producer ? graph.describe(*producer) : graph[value].name) + ": Inf or NaN in " +
         std::to_string(errors.of_value[index(value)].non_finite) + " of " +
         std::to_string(errors.samples) + " samples";
}

std::vector<std::string> trouble_notes(const Target& target, const NodeErrors& errors) {
  if (!errors.first_non_finite)
    return {"note: what is finite in fp32 stays finite in every sample"};
  std::vector<std::string> notes;
  if (errors.first_trouble != errors.first_non_finite)
    notes.push_back("note: lowering it alone does no harm: " +
                    place_text(target, errors, *errors.first_non_finite));
  if (!errors.first_trouble) return notes;
  const std::string effect = std::isfinite(errors.trouble_error)
                                 ? "relative L2 " + fmt::format("{:.2g}", errors.trouble_error)
                                 : "Inf or NaN";
  notes.push_back("note: the first trouble is at " +
                  place_text(target, errors, *errors.first_trouble) +
                  "; lowering it alone gives results of " + effect);
  return notes;
}

}  // namespace

Result<Inspection> inspect(const ModelOptions& options,
                           const std::optional<std::filesystem::path>& data) {
  KEEL_TRY(const Target target, open_target(options, data));
  std::optional<Findings> findings;
  if (data) {
    KEEL_TRY(findings, examine(target, *data));
  }
  const ir::Graph& graph = target.prepared.graph();
  std::vector<report::NodeRow> rows;
  for (const ir::Origin& origin : graph.origins())
    rows.push_back({origin.name, origin.onnx_op, target.op_table.primary_type(origin.onnx_op), "-",
                    "-", "-", "folded", std::nullopt, std::nullopt});

  const std::vector<ascend::Precision> precisions = target.precisions(target.owners_variant());
  for (const ir::NodeId id : graph.nodes()) {
    const ir::Node& node = graph[id];
    for (const ir::OriginId origin : node.origins) {
      report::NodeRow& row = rows[index(origin)];
      row.dtype = std::string(name(graph[node.outputs[0]].type.dtype));
      row.state = "fixed";
      if (findings) row.range = findings->ranges[index(node.outputs[0])];
      if (!node.unit) continue;
      const std::size_t unit = index(*node.unit);
      row.unit = std::to_string(unit);
      if (findings) {
        const NodeError& error = findings->errors.of_value[index(node.outputs[0])];
        row.error = {error.alone, error.accumulated, error.non_finite};
      }
      row.unit_class = target.units[unit].unit_class;
      row.state = state_name(target.units[unit]);
      if (row.dtype == "f32") row.dtype = std::string(name(precisions[unit].output));
    }
  }
  std::vector<std::string> notes = target.notes;
  if (findings && findings->warning) notes.push_back(to_warning_text(*findings->warning));
  if (findings)
    for (std::string& note : trouble_notes(target, findings->errors))
      notes.push_back(std::move(note));
  return Inspection{std::move(rows), std::move(notes)};
}

}  // namespace keel::engine
