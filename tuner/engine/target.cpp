#include "tuner/engine/target.h"

#include <algorithm>

#include "compiler/base/file.h"
#include "compiler/lint/check.h"
#include "tuner/engine/load_options.h"

namespace keel::engine {
namespace {

// Of the vendor's ONNX parser plug-ins.
constexpr std::int64_t kLastVendorOpset = 18;

std::string class_name(const passes::Unit& unit) {
  if (unit.layout_only) return "layout";
  return ascend::is_cube(unit.op_class) ? "cube" : "vector";
}

// The owner's line that keeps one of the unit's nodes: "keep.cfg:3 'OpType::Log'".
std::optional<std::string> owner_line(const passes::Unit& unit, const ascend::KeepList& keep_list,
                                      const std::string& file) {
  for (const ascend::KeepEntry& entry : keep_list.entries)
    for (const ir::OriginId origin : unit.origins)
      if (std::ranges::binary_search(entry.nodes, origin))
        return file + ":" + std::to_string(entry.line) + " '" + entry.text + "'";
  return std::nullopt;
}

UnitFacts facts_of(const passes::Unit& unit, const Target& target, const std::string& keep_file) {
  UnitFacts facts;
  const ir::Graph& graph = target.prepared.graph();
  for (const ir::OriginId origin : unit.origins) {
    facts.nodes.push_back(graph[origin].name);
    facts.positions.push_back(index(origin));
    facts.ascend_types.push_back(target.op_table.primary_type(graph[origin].onnx_op));
  }
  facts.name = facts.nodes.empty() ? "unit" : facts.nodes.front();
  facts.unit_class = class_name(unit);

  const std::optional<std::string> owner = owner_line(unit, target.keep_list, keep_file);
  const std::optional<std::string> rule =
      ascend::why_not_free(target.rules, unit.op_class, unit.fp16_kernel, unit.fp32_kernel);
  facts.owner_keeps = owner.has_value();
  if (owner) {
    facts.state = search::UnitState::Kept;
    facts.reason = "kept by the owner's list (" + *owner + ")";
  } else if (rule) {
    facts.state = search::UnitState::Lowered;
    facts.reason = *rule;
  }
  return facts;
}

struct OwnersList {
  ascend::KeepList list;
  std::vector<Error> warnings;
};

/// \error what the vendor's compiler refuses in it
Result<OwnersList> read_owners_list(const std::filesystem::path& path, const onnx_io::Model& source,
                                    const ascend::OpTable& table) {
  KEEL_TRY(const std::string bytes, read_file(path));
  lint::ListSubject subject =
      lint::read(bytes, path.string(), {source.graph, source.file_nodes, table});
  std::vector<Error> warnings;
  for (const lint::Finding& finding : lint::check_list(subject)) {
    switch (lint::info(finding.kind).severity) {
      case lint::Severity::Error:
        return to_error(finding);
      case lint::Severity::Warning:
        warnings.push_back(to_error(finding));
        break;
      case lint::Severity::Note:
        break;
    }
  }
  return OwnersList{std::move(subject.list), std::move(warnings)};
}

// An owner's keep where it changes nothing deserves a word, for the owner pays for it or expects it
// to help.
void warn_of_useless_keeps(Target& target, const std::string& keep_file) {
  const std::span<const passes::Unit> units = target.prepared.units();
  for (std::size_t u = 0; u < units.size(); ++u) {
    if (!target.units[u].owner_keeps) continue;
    const std::optional<std::string> rule = ascend::why_not_free(
        target.rules, units[u].op_class, units[u].fp16_kernel, units[u].fp32_kernel);
    if (!rule) continue;
    target.warnings.push_back({ErrorCode::InvalidConfig,
                               "keeping '" + target.units[u].name + "' may not help: " + *rule,
                               keep_file, "remove it if it is there for accuracy"});
  }
}

}  // namespace

std::size_t Target::free_units() const {
  return static_cast<std::size_t>(
      std::ranges::count(units, search::UnitState::Free, &UnitFacts::state));
}

search::Assignment Target::owners_variant() const {
  search::Assignment assignment;
  for (const UnitFacts& unit : units) assignment.push_back(unit.owner_keeps ? 0 : 1);
  return assignment;
}

std::string Target::describe() const {
  std::size_t nodes = 0;
  std::size_t kept = 0;
  for (const UnitFacts& unit : units) {
    nodes += unit.nodes.size();
    kept += unit.owner_keeps ? unit.nodes.size() : 0;
  }
  return std::string(ascend::name(rules.mode)) + " on " + soc.name + ", " + std::to_string(kept) +
         " of " + std::to_string(nodes) + " nodes kept";
}

std::vector<ascend::Precision> Target::precisions(const search::Assignment& assignment) const {
  const std::span<const passes::Unit> of_unit = prepared.units();
  KEEL_CHECK(assignment.size() == of_unit.size());
  std::vector<ascend::Precision> result;
  for (std::size_t u = 0; u < of_unit.size(); ++u)
    result.push_back(ascend::decide(rules, of_unit[u].op_class, assignment[u] == 0,
                                    of_unit[u].fp16_kernel, of_unit[u].fp32_kernel));
  return result;
}

Result<Target> open_target(const ModelOptions& options,
                           const std::optional<std::filesystem::path>& data,
                           const passes::AfterPass& after) {
  KEEL_TRY(const std::filesystem::path configs, ascend::config_folder());
  KEEL_TRY(ascend::Soc soc, ascend::load_soc(configs, options.soc_version));
  KEEL_TRY(ascend::OpTable op_table, ascend::OpTable::load(configs));
  Status has_operators = op_table.check_family(soc.family);
  if (!has_operators.ok()) return std::move(has_operators).error().in(soc.file.string());
  KEEL_TRY(ChosenOptions chosen, choose_load_options(options, data));
  KEEL_TRY(onnx_io::Model source, onnx_io::load(options.model, chosen.load));

  OwnersList owners;
  if (options.keep_dtype) {
    KEEL_TRY(owners, read_owners_list(*options.keep_dtype, source, op_table));
  }
  Result<program::PreparedModel> prepared =
      program::PreparedModel::prepare(source.graph, op_table, soc, after);
  if (!prepared.ok()) return std::move(prepared).error().in(options.model.string());

  const ascend::PrecisionRules rules = ascend::rules_of(options.mode, options.hf32, soc);
  Target target{std::move(soc),
                std::move(op_table),
                rules,
                std::move(owners.list),
                std::move(source),
                *std::move(prepared),
                {},
                std::move(owners.warnings),
                {}};
  if (!target.soc.note.empty()) target.notes.push_back("note: " + target.soc.note);
  for (const std::string& input : target.source.fixed_inputs)
    target.notes.push_back("note: control flow depends on input '" + input +
                           "', which every sample gives alike: it is taken as a constant");
  if (target.source.opset > kLastVendorOpset)
    target.notes.push_back("note: the model is of opset " + std::to_string(target.source.opset) +
                           "; the vendor's parser stops at " + std::to_string(kLastVendorOpset));
  if (chosen.note) target.notes.push_back(*std::move(chosen.note));
  const std::string keep_file = options.keep_dtype ? options.keep_dtype->filename().string() : "";
  for (const passes::Unit& unit : target.prepared.units())
    target.units.push_back(facts_of(unit, target, keep_file));
  warn_of_useless_keeps(target, keep_file);
  return target;
}

}  // namespace keel::engine
