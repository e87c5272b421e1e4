#include "tuner/engine/unit_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "compiler/lint/kept_units.h"
#include "tuner/engine/demanded_units.h"

namespace keel::engine {
namespace {

using search::UnitState;

std::string class_name(const passes::Unit& unit) {
  if (unit.layout_only) return "layout";
  return ascend::is_cube(unit.op.op_class) ? "cube" : "vector";
}

UnitFacts named_facts(const passes::Unit& unit, const Target& target) {
  UnitFacts facts;
  const ir::Graph& graph = target.prepared.graph();
  for (const ir::OriginId origin : unit.origins) {
    facts.nodes.push_back(graph[origin].name);
    facts.positions.push_back(index(origin));
    facts.ascend_types.push_back(target.op_table.primary_type(graph[origin].onnx_op));
  }
  facts.name = facts.nodes.empty() ? "unit" : facts.nodes.front();
  facts.unit_class = class_name(unit);
  return facts;
}

// "keep.cfg:3 'OpType::Log'".
std::string line_text(const ascend::KeepEntry& entry, const std::string& file) {
  return file + ":" + std::to_string(entry.line) + " '" + entry.text + "'";
}

class Finder {
 public:
  Finder(Target& target, std::vector<ascend::Request> requests, const ModelOptions& options)
      : target_(target),
        units_(target.prepared.units()),
        requests_(std::move(requests)),
        keep_file_(options.keep_dtype ? options.keep_dtype->filename().string() : ""),
        owners_(lint::entries_naming(target.prepared.graph(), units_, target.keep_list)),
        kept_(units_.size()),
        lowered_(units_.size()),
        gang_(units_.size()) {
    std::iota(gang_.begin(), gang_.end(), std::size_t{0});
  }

  Result<std::vector<UnitFacts>> run(const ModelOptions& options) {
    const ir::Graph& graph = target_.prepared.graph();
    KEEL_TRY(const std::vector<UnitPattern> lowered,
             match_units("--lower", options.lower, graph, units_));
    KEEL_TRY(const std::vector<UnitPattern> gangs,
             match_units("--gang", options.gang, graph, units_));
    for (const UnitPattern& pattern : lowered)
      for (std::size_t i = 0; i < pattern.units.size(); ++i) {
        KEEL_TRY_STATUS(lower(pattern.units[i], "lowered by " + pattern.option, pattern.option,
                              pattern.nodes[i]));
      }
    for (const UnitPattern& pattern : gangs) join(pattern);
    bool has_changed = true;
    while (has_changed) {
      facts_ = facts();
      KEEL_TRY(has_changed, agree());
    }
    join_parts_of_nodes();
    name_gangs();
    warn();
    return std::move(facts_);
  }

 private:
  bool follows_predecessor(const passes::Unit& unit) const {
    return unit.predecessor && ascend::is_mixed(target_.rules.mode) &&
           unit.op.list == ascend::MixList::Gray;
  }

  // With what it cannot be lowered without.
  Status lower(std::size_t unit, const std::string& reason, const std::string& option,
               const std::string& node) {
    std::string why = reason;
    for (std::size_t u = unit; !lowered_[u]; u = index(*units_[u].predecessor)) {
      if (owners_[u] != nullptr)
        return Error{ErrorCode::InvalidConfig,
                     fmt::format("'{}' is lowered by {} and kept by {}{}", node, option,
                                 line_text(*owners_[u], keep_file_),
                                 u == unit ? "" : ", which keeps what it is lowered with"),
                     keep_file_ + ":" + std::to_string(owners_[u]->line),
                     "delete the line, or let the expression not match '" + node + "'"};
      lowered_[u] = why;
      if (!follows_predecessor(units_[u])) break;
      why = fmt::format("'{}' is lowered with it, and {}", node, reason);
    }
    return Done{};
  }

  std::size_t gang_with(std::size_t unit) {
    while (gang_[unit] != unit) unit = gang_[unit] = gang_[gang_[unit]];
    return unit;
  }

  void join(std::size_t a, std::size_t b) {
    const std::size_t of_a = gang_with(a), of_b = gang_with(b);
    gang_[std::max(of_a, of_b)] = std::min(of_a, of_b);
  }

  void join(const UnitPattern& pattern) {
    for (const std::size_t unit : pattern.units) join(pattern.units.front(), unit);
    for (const std::size_t unit : pattern.units) option_.try_emplace(unit, pattern.option);
    if (pattern.units.size() == 1)
      target_.warnings.push_back(
          {ErrorCode::InvalidConfig,
           "only the unit of '" + pattern.nodes.front() + "' matches: it agrees with itself",
           pattern.option, "let the expression match nodes of several units"});
  }

  std::vector<UnitFacts> facts() {
    std::vector<ascend::Request> requests = requests_;
    for (std::size_t u = 0; u < units_.size(); ++u)
      requests[u].kept = owners_[u] != nullptr || kept_[u].has_value();
    rules_ = passes::unit_rules(target_.rules, units_, requests);
    std::vector<UnitFacts> all;
    for (std::size_t u = 0; u < units_.size(); ++u) {
      const std::optional<ascend::NotFree>& rule = rules_[u].not_free;
      UnitFacts facts = named_facts(units_[u], target_);
      facts.request = requests_[u];
      facts.request.kept = false;
      facts.owner_keeps = owners_[u] != nullptr;
      facts.must_be_kept = rule && rule->must_be_kept;
      if (owners_[u] != nullptr) {
        facts.state = UnitState::Kept;
        facts.reason = "kept by the owner's list (" + line_text(*owners_[u], keep_file_) + ")";
      } else if (kept_[u]) {
        facts.state = UnitState::Kept;
        facts.reason = *kept_[u];
      } else if (rule) {
        facts.state = rule->must_be_kept                       ? UnitState::Kept
                      : rules_[u].lowered.output == DType::F32 ? UnitState::Original
                                                               : UnitState::Lowered;
        facts.reason = rule->reason;
      } else if (lowered_[u]) {
        facts.state = UnitState::Lowered;
        facts.reason = *lowered_[u];
      } else if (follows_predecessor(units_[u])) {
        const std::size_t leader = index(*units_[u].predecessor);
        if (all[leader].state == UnitState::Free)
          facts.follows = static_cast<search::UnitIndex>(leader);
      }
      all.push_back(std::move(facts));
    }
    return all;
  }

  // Fixes the free units of each gang that has a fixed one; whether any was.
  Result<bool> agree() {
    std::map<std::size_t, std::vector<std::size_t>> gangs;
    for (std::size_t u = 0; u < gang_.size(); ++u) gangs[gang_with(u)].push_back(u);
    bool has_changed = false;
    for (const auto& [first, members] : gangs) {
      const auto fixed = std::ranges::find_if(members, [&](std::size_t u) { return is_fixed(u); });
      if (members.size() == 1 || fixed == members.end()) continue;
      for (const std::size_t u : members) {
        if (is_fixed(u)) {
          if (is_lowered(u) != is_lowered(*fixed)) return disagreement(*fixed, u);
          continue;
        }
        const std::string reason =
            "must agree with '" + facts_[*fixed].name + "' (" + option_.at(u) + "), which is " +
            (is_lowered(*fixed) ? "lowered: " : "kept: ") + facts_[*fixed].reason;
        has_changed = true;
        if (is_lowered(*fixed)) {
          KEEL_TRY_STATUS(lower(u, reason, option_.at(u), facts_[u].name));
        } else {
          kept_[u] = reason;
        }
      }
    }
    return has_changed;
  }

  bool is_fixed(std::size_t unit) const { return facts_[unit].state != UnitState::Free; }
  bool is_lowered(std::size_t unit) const { return facts_[unit].state == UnitState::Lowered; }

  Error disagreement(std::size_t a, std::size_t b) const {
    const auto described = [&](std::size_t unit) {
      return "'" + facts_[unit].name + "' is " + (is_lowered(unit) ? "lowered" : "kept") + " (" +
             facts_[unit].reason + ")";
    };
    return {ErrorCode::InvalidConfig, described(a) + " and " + described(b) + ", but must agree",
            option_.at(b), "let the expression match only one of them"};
  }

  // A keep list cannot tell apart what one node of the file becomes: the iterations of a loop, the
  // parts of an operator. What is fixed is so whatever the list says.
  void join_parts_of_nodes() {
    std::map<ir::OriginId, std::size_t> first_with;
    for (std::size_t u = 0; u < units_.size(); ++u)
      if (!is_fixed(u))
        for (const ir::OriginId origin : units_[u].origins)
          join(first_with.try_emplace(origin, u).first->second, u);
  }

  void name_gangs() {
    for (std::size_t u = 0; u < facts_.size(); ++u)
      if (gang_with(u) != u && !is_fixed(u))
        facts_[u].gang = static_cast<search::UnitIndex>(gang_with(u));
  }

  void warn() {
    for (std::size_t u = 0; u < facts_.size(); ++u) {
      const std::optional<ascend::NotFree>& rule = rules_[u].not_free;
      // An owner's keep where it changes nothing deserves a word, for the owner pays for it or
      // expects it to help; but where the owner asks for fp32 in two ways, as --search_hf32 does.
      const bool is_asked_twice = requests_[u].execution == ascend::Execution::Fp32;
      if (owners_[u] != nullptr && rule && !rule->must_be_kept && !is_asked_twice)
        target_.warnings.push_back(
            {ErrorCode::InvalidConfig,
             "keeping '" + facts_[u].name + "' may not help: " + rule->reason, keep_file_,
             "remove it if it is there for accuracy"});
      if (lowered_[u] && !is_lowered(u))
        target_.warnings.push_back({ErrorCode::InvalidConfig,
                                    "'" + facts_[u].name + "' is not lowered: " + facts_[u].reason,
                                    *lowered_[u], "let the expression not match it"});
    }
  }

  Target& target_;
  std::span<const passes::Unit> units_;
  std::vector<ascend::Request> requests_;
  std::string keep_file_;
  std::vector<const ascend::KeepEntry*> owners_;
  std::vector<std::optional<std::string>> kept_;     ///< by a gang, with the reason
  std::vector<std::optional<std::string>> lowered_;  ///< by --lower or a gang, with the reason
  std::vector<std::size_t> gang_;              ///< of each unit: one before it in its gang, or it
  std::map<std::size_t, std::string> option_;  ///< that put a unit into a gang
  std::vector<passes::UnitRule> rules_;
  std::vector<UnitFacts> facts_;
};

}  // namespace

Result<std::vector<UnitFacts>> find_facts(Target& target, std::vector<ascend::Request> requests,
                                          const ModelOptions& options) {
  return Finder(target, std::move(requests), options).run(options);
}

}  // namespace keel::engine
