#include "tuner/engine/trial_forms.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "compiler/ascend/mix_list_text.h"
#include "compiler/ascend/operator_lines.h"
#include "compiler/ascend/shortest_list.h"

namespace keel::engine {
namespace {

using Operators = std::vector<ascend::Operator>;

Operators operators_of(const Target& target) {
  Operators operators;
  for (const passes::Unit& unit : target.prepared.units()) operators.push_back(unit.op);
  return operators;
}

std::vector<ascend::Request> requests_of(const Target& target) {
  std::vector<ascend::Request> requests;
  for (const UnitFacts& unit : target.units) requests.push_back(unit.request);
  return requests;
}

// The dtypes of every unit without a keep list.
std::vector<ascend::Precision> precisions(const Target& target, const Operators& operators,
                                          std::vector<ascend::Request> requests) {
  std::vector<ascend::Precision> result;
  for (std::size_t u = 0; u < operators.size(); ++u) {
    if (const auto& predecessor = target.prepared.units()[u].predecessor)
      requests[u].predecessor = result[index(*predecessor)].output;
    result.push_back(ascend::decide(target.rules, operators[u], requests[u]).precision);
  }
  return result;
}

// The first unit that would not compute as in the trial.
std::optional<std::size_t> first_changed(const Target& target, const KeptUnits& kept,
                                         const std::vector<ascend::Precision>& now) {
  const std::vector<ascend::Precision> then = target.precisions(kept.assignment);
  const auto at = std::ranges::mismatch(now, then).in1;
  if (at == now.end()) return std::nullopt;
  return static_cast<std::size_t>(at - now.begin());
}

// The node that gives the unit its type, or its first.
std::string node_of(const Target& target, std::size_t unit) {
  const UnitFacts& facts = target.units[unit];
  const auto decides = std::ranges::find(facts.ascend_types, target.prepared.units()[unit].op.type);
  return decides == facts.ascend_types.end()
             ? facts.name
             : facts.nodes[static_cast<std::size_t>(decides - facts.ascend_types.begin())];
}

Error computes_otherwise(const Target& target, std::size_t unit, const std::string& option) {
  return {ErrorCode::Unsupported,
          target.prepared.units()[unit].op.type + " of '" + node_of(target, unit) +
              "' would not compute with --" + option + " as in the trial on " + target.soc.name,
          "", "use the keep list"};
}

// The list each type is on for this chip, before any file of the owner's.
Result<ascend::OpTable> unmodified_table() {
  KEEL_TRY(const std::filesystem::path configs, ascend::config_folder());
  return ascend::OpTable::load(configs);
}

// By type: a unit that is kept.
std::map<std::string, std::size_t> kept_types(const Target& target, const KeptUnits& kept) {
  std::map<std::string, std::size_t> types;
  for (std::size_t u = 0; u < target.units.size(); ++u)
    if (kept.listed[u]) types.try_emplace(target.prepared.units()[u].op.type, u);
  return types;
}

Error split(const Target& target, const std::string& type, std::size_t kept, std::size_t lowered) {
  return {ErrorCode::InvalidConfig,
          "the trial keeps no union of whole types, which is all --modify_mixlist can name: of " +
              type + " it keeps '" + node_of(target, kept) + "' and not '" +
              node_of(target, lowered) + "'",
          "", "use the keep list, or choose a trial that keeps all of " + type + " or none"};
}

}  // namespace

Result<std::string> shortest_list(const Target& target, const KeptUnits& kept) {
  const std::span<const ir::Origin> origins = target.source.graph.origins();
  const std::set<std::string_view> names(kept.nodes.begin(), kept.nodes.end());
  std::vector<ir::OriginId> nodes;
  for (std::size_t i = 0; i < origins.size(); ++i)
    if (names.contains(origins[i].name))
      nodes.push_back(ir::OriginId{static_cast<std::uint32_t>(i)});
  KEEL_CHECK(nodes.size() == names.size());
  return ascend::shortest_keep_list(nodes, origins, target.op_table);
}

Result<std::string> customize_dtypes_text(const Target& target, const KeptUnits& kept) {
  const std::string option = "customize_dtypes";
  for (const OwnerFile& file : target.files)
    if (file.option == option)
      return Error{ErrorCode::InvalidConfig,
                   "the study was made with a file of --customize_dtypes, and the vendor's "
                   "compiler takes one only",
                   file.path.string(), "use the keep list beside that file"};

  std::string text;
  std::set<std::string> written;
  for (std::size_t u = 0; u < target.units.size(); ++u) {
    const bool is_bf16 = target.format == Format::Bf16 && target.is_in_format(kept.assignment, u);
    const std::string dtype = is_bf16 ? "bfloat16" : "float32";
    if (const std::string& name = target.units[u].name;
        (kept.listed[u] || is_bf16) && written.insert(name).second)
      text += name + "::InputDtype:" + dtype + ",OutputDtype:" + dtype + "\n";
  }

  KEEL_TRY(const ascend::CustomLines read, ascend::parse_custom_dtypes(text, option));
  std::vector<ascend::Request> requests = requests_of(target);
  for (const ascend::CustomLine& line : read.lines)
    for (std::size_t u = 0; u < requests.size(); ++u)
      if (!line.by_type && line.name == target.units[u].name) requests[u].custom = line.dtypes;
  if (const std::optional<std::size_t> changed = first_changed(
          target, kept, precisions(target, operators_of(target), std::move(requests))))
    return computes_otherwise(target, *changed, option);
  return text;
}

Result<std::string> modify_mixlist_text(const Target& target, const KeptUnits& kept) {
  const std::string option = "modify_mixlist";
  if (!ascend::is_mixed(target.rules.mode))
    return Error{
        ErrorCode::InvalidConfig,
        "--modify_mixlist has no effect under " + std::string(ascend::name(target.rules.mode)), "",
        "leave out --mixlist: the keep list is what this mode reads"};
  KEEL_TRY(const ascend::OpTable table, unmodified_table());
  const std::string& family = target.soc.family;
  const std::map<std::string, std::size_t> types = kept_types(target, kept);
  std::map<std::string, ascend::MixList> wanted;
  for (const std::string& type : target.moved_types)
    wanted[type] = target.op_table.mix_list(type, family);
  for (const auto& [type, unit] : types) wanted[type] = ascend::MixList::Black;
  std::vector<ascend::MixListChange> changes;
  for (const auto& [type, list] : wanted)
    if (table.mix_list(type, family) != list) changes.push_back({type, list});

  const std::string text = ascend::mix_list_text(changes, table, family);
  KEEL_TRY(const ascend::MixListChanges read,
           ascend::parse_mix_list_changes(text, option, table, family));
  if (!read.warnings.empty()) return read.warnings.front();
  ascend::OpTable changed_table = table;
  for (const ascend::MixListChange& change : read.changes)
    changed_table.set_mix_list(change.type, family, change.list);
  Operators operators = operators_of(target);
  for (ascend::Operator& op : operators) op.list = changed_table.mix_list(op.type, family);
  const std::optional<std::size_t> changed =
      first_changed(target, kept, precisions(target, operators, requests_of(target)));
  if (!changed) return text;
  const auto type = types.find(operators[*changed].type);
  if (type != types.end() && !kept.listed[*changed])
    return split(target, type->first, type->second, *changed);
  return computes_otherwise(target, *changed, option);
}

}  // namespace keel::engine
