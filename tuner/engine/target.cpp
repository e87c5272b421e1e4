#include "tuner/engine/target.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/base/file.h"
#include "compiler/lint/check.h"
#include "tuner/engine/formats.h"
#include "tuner/engine/load_options.h"
#include "tuner/engine/unit_facts.h"

namespace keel::engine {
namespace {

// Of the vendor's ONNX parser plug-ins.
constexpr std::int64_t kLastVendorOpset = 18;

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

// A layout operator that the owner's list names and whose unit it does not: the vendor's compiler
// keeps it alone, which changes no value, and keel computes it with the operator that makes its
// data.
void find_lone_layout(Target& target, const std::string& keep_file) {
  const ir::Graph& graph = target.prepared.graph();
  std::map<ir::OriginId, const UnitFacts*> unit_of;
  for (std::size_t u = 0; u < target.units.size(); ++u)
    for (const ir::OriginId origin : target.prepared.units()[u].origins)
      if (const auto [at, is_new] = unit_of.emplace(origin, &target.units[u]);
          !is_new && target.units[u].owner_keeps)
        at->second = &target.units[u];
  std::set<ir::OriginId> seen;
  for (const ascend::KeepEntry& entry : target.keep_list.entries) {
    std::vector<ir::OriginId> lone;
    for (const ir::OriginId origin : entry.nodes) {
      const auto unit = unit_of.find(origin);
      if (unit != unit_of.end() && !unit->second->owner_keeps && seen.insert(origin).second)
        lone.push_back(origin);
    }
    if (lone.empty()) continue;
    for (const ir::OriginId origin : lone) target.lone_layout.push_back(graph[origin].name);
    const std::string& maker = unit_of.at(lone.front())->name;
    const bool several = lone.size() > 1;
    target.warnings.push_back(
        {ErrorCode::InvalidConfig,
         "'" + graph[lone.front()].name + "'" +
             (several ? " and " + std::to_string(lone.size() - 1) + " more move" : " moves") +
             " elements only and " + (several ? "are" : "is") + " kept alone: keel shows " +
             (several ? "the first" : "it") + " in the dtype of '" + maker +
             "', which makes its data and is not kept",
         keep_file + ":" + std::to_string(entry.line),
         "keep '" + maker + "' too, or delete the line"});
  }
}

// What the vendor's compiler may do with the owner's variant that no figure of keel shows.
void warn_of_placements(Target& target) {
  const std::vector<ascend::Decision> decisions = target.decisions(target.owners_variant());
  const auto warn = [&](const auto& concerns, const std::string& what, const std::string& fix) {
    std::size_t count = 0;
    std::string first;
    for (std::size_t u = 0; u < decisions.size(); ++u) {
      if (!concerns(decisions[u])) continue;
      if (count++ == 0)
        first = "'" + target.units[u].name + "' (" + target.prepared.units()[u].op.type + ")";
    }
    if (count == 0) return;
    target.warnings.push_back(
        {ErrorCode::Unsupported,
         what + ": " + first + (count > 1 ? " and " + std::to_string(count - 1) + " more" : ""),
         std::string(ascend::name(target.rules.mode)), fix});
  };
  const auto on_ai_cpu = [](const ascend::Decision& decision) {
    return decision.precision.placement == ascend::Placement::AiCpu;
  };
  const auto may_fail = [](const ascend::Decision& decision) {
    return std::ranges::find(decision.chain, ascend::Rule::KeptConvMayFail) != decision.chain.end();
  };
  warn(on_ai_cpu, "computed by the AI CPU, whose time is not modelled (?)",
       "choose a mode whose dtype it has a kernel of; keel explain says why");
  warn(may_fail,
       "users report that convolutions in fp32 do not compile on " + target.soc.name + " (U)",
       "let convolutions be lowered");
}

std::string note_of_opset(std::int64_t opset) {
  std::string note = "note: the model is of opset " + std::to_string(opset);
  if (opset > onnx_io::kLastKnownOpset)
    note += ", keel knows operators up to " + std::to_string(onnx_io::kLastKnownOpset);
  return note + "; the vendor's parser stops at " + std::to_string(kLastVendorOpset);
}

// Says which loops have as many iterations as a flag says, and no more.
std::optional<std::string> note_of_loops(const ir::Graph& graph) {
  std::vector<std::string> names;
  std::int64_t iterations = 0;
  for (const ir::NodeId id : graph.nodes()) {
    const auto* end = std::get_if<ir::LoopEnd>(&graph[id].op);
    if (end == nullptr) continue;
    iterations = end->iterations;
    const std::string name = graph.describe(id);
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  if (names.empty()) return std::nullopt;
  return "note: the data ends " +
         (names.size() == 1 ? names[0] : std::to_string(names.size()) + " loops") + ": " +
         std::to_string(iterations) +
         " iterations are in the graph and count in predicted times (--loop_iterations)";
}

// Says from where on shapes are those of one sample, and whether they tell anything of time.
std::optional<std::string> note_of_varying(const ir::Graph& graph) {
  std::optional<ir::NodeId> first;
  for (const ir::NodeId id : ir::topological_order(graph)) {
    if (!graph.varies(id)) continue;
    if (!first) first = id;
    const bool is_empty = std::ranges::any_of(graph[id].outputs, [&](ir::ValueId output) {
      return element_count(graph[output].type.shape) == 0;
    });
    if (is_empty)
      return "note: times are for the shapes of the first sample, in which " + graph.describe(id) +
             " gives no element: they are too short; put a typical sample first";
  }
  if (!first) return std::nullopt;
  return "note: shapes follow from the data from " + graph.describe(*first) +
         " on: times are for those of the first sample, results have their own";
}

}  // namespace

std::size_t Target::free_units() const {
  return static_cast<std::size_t>(
      std::ranges::count(units, search::UnitState::Free, &UnitFacts::state));
}

bool Target::is_in_format(const search::Assignment& assignment, std::size_t unit) const {
  const std::optional<search::UnitIndex>& leader = units[unit].follows;
  return leader && units[*leader].format_of == unit && assignment[unit] == 0 &&
         assignment[*leader] != 0;
}

search::Assignment Target::owners_variant() const {
  search::Assignment assignment;
  for (const UnitFacts& unit : units)
    assignment.push_back(unit.owner_keeps || unit.state == search::UnitState::Original ? 0 : 1);
  return assignment;
}

search::Assignment Target::uniform(std::uint8_t bit) const {
  search::Assignment assignment;
  for (const UnitFacts& unit : units) switch (unit.state) {
      case search::UnitState::Free:
        assignment.push_back(bit);
        break;
      case search::UnitState::Lowered:
        assignment.push_back(1);
        break;
      case search::UnitState::Kept:
      case search::UnitState::Original:
        assignment.push_back(0);
        break;
    }
  return assignment;
}

search::Assignment Target::everything_lowered() const {
  search::Assignment assignment;
  for (const UnitFacts& unit : units)
    assignment.push_back(unit.must_be_kept || unit.state == search::UnitState::Original ? 0 : 1);
  return assignment;
}

void Target::lower(search::Assignment& assignment, search::UnitIndex unit) const {
  for (std::optional<search::UnitIndex> u = unit; u; u = units[*u].follows) assignment[*u] = 1;
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

std::vector<ascend::Decision> Target::decisions(const search::Assignment& assignment) const {
  const std::span<const passes::Unit> of_unit = prepared.units();
  KEEL_CHECK(assignment.size() == units.size());
  std::vector<ascend::Decision> result;
  for (std::size_t u = 0; u < of_unit.size(); ++u) {
    ascend::Request request = units[u].request;
    request.kept = assignment[u] == 0 && units[u].state != search::UnitState::Original;
    const std::optional<search::UnitIndex>& leader = units[u].follows;
    if (request.kept && leader && units[*leader].format_of == u)
      request = in_format(request, *format, assignment[*leader] == 0);
    if (of_unit[u].predecessor)
      request.predecessor = result[index(*of_unit[u].predecessor)].precision.output;
    result.push_back(ascend::decide(rules, of_unit[u].op, request));
  }
  return result;
}

std::vector<ascend::Precision> Target::precisions(const search::Assignment& assignment) const {
  std::vector<ascend::Precision> result;
  for (const ascend::Decision& decision : decisions(assignment))
    result.push_back(decision.precision);
  return result;
}

Result<Target> open_target(const ModelOptions& options,
                           const std::optional<std::filesystem::path>& data,
                           const passes::AfterPass& after) {
  KEEL_TRY(const std::filesystem::path configs, ascend::config_folder());
  KEEL_TRY(ascend::Soc soc, ascend::load_soc(configs, options.soc_version));
  KEEL_TRY_STATUS(ascend::check_mode(options.mode, soc));
  KEEL_TRY(ascend::OpTable op_table, ascend::OpTable::load(configs));
  Status has_operators = op_table.check_family(soc.family);
  if (!has_operators.ok()) return std::move(has_operators).error().in(soc.file.string());
  KEEL_TRY_STATUS(check_format(options, soc));
  KEEL_TRY(ascend::MixListChanges moved, apply_mix_list(options, soc, op_table));
  KEEL_TRY(ChosenOptions chosen, choose_load_options(options, data));
  KEEL_TRY(onnx_io::Model source, onnx_io::load(options.model, chosen.load));

  OwnersList owners;
  if (options.keep_dtype) {
    KEEL_TRY(owners, read_owners_list(*options.keep_dtype, source, op_table));
  }
  Result<program::PreparedModel> prepared = program::PreparedModel::prepare(
      source.graph, op_table, soc, after, [&] { return example_inputs(source.graph, data); });
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
                {},
                options.format};
  if (!target.soc.note.empty()) target.notes.push_back("note: " + target.soc.note);
  for (const std::string& input : target.source.fixed_inputs)
    target.notes.push_back("note: control flow depends on input '" + input +
                           "', which every sample gives alike: it is taken as a constant");
  if (target.source.opset > kLastVendorOpset)
    target.notes.push_back(note_of_opset(target.source.opset));
  if (std::optional<std::string> note = note_of_loops(target.prepared.graph()))
    target.notes.push_back(*std::move(note));
  if (std::optional<std::string> note = note_of_varying(target.prepared.graph()))
    target.notes.push_back(*std::move(note));
  if (chosen.note) target.notes.push_back(*std::move(chosen.note));
  const std::string keep_file = options.keep_dtype ? options.keep_dtype->filename().string() : "";
  KEEL_TRY(target.files, owner_files(options));
  KEEL_TRY(
      OwnerRequests requests,
      read_owner_requests(options, target.rules, target.prepared.graph(), target.prepared.units()));
  for (std::vector<Error>* more : {&moved.warnings, &requests.warnings})
    std::ranges::move(*more, std::back_inserter(target.warnings));
  for (ascend::MixListChange& change : moved.changes)
    target.moved_types.push_back(std::move(change.type));
  KEEL_TRY(target.units, find_facts(target, std::move(requests.of_unit), options));
  find_lone_layout(target, keep_file);
  warn_of_placements(target);
  if (options.format == Format::Hf32) add_hf32(target);
  return target;
}

}  // namespace keel::engine
