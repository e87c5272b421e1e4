#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "tuner/report/figures.h"
#include "tuner/report/report.h"

namespace keel::report {

std::string keep_list_name(ascend::Cann cann) {
  return std::string(ascend::keep_list_stem(cann)) + ".cfg";
}

std::vector<std::string> kept_nodes(const TuneResult& result,
                                    const search::Assignment& assignment) {
  KEEL_CHECK(assignment.size() == result.units.size());
  std::vector<std::pair<std::uint64_t, std::string_view>> nodes;
  std::uint64_t count = 0;
  for (std::size_t unit = 0; unit < assignment.size(); ++unit) {
    const study::UnitRecord& record = result.units[unit].record;
    KEEL_CHECK(record.positions.empty() || record.positions.size() == record.nodes.size());
    const bool is_named = is_on_list(result, assignment, unit);
    for (std::size_t i = 0; i < record.nodes.size(); ++i, ++count) {
      if (!is_named) continue;
      nodes.emplace_back(record.positions.empty() ? count : record.positions[i], record.nodes[i]);
    }
  }
  std::ranges::stable_sort(nodes, {}, [](const auto& node) { return node.first; });

  std::vector<std::string> names;
  std::set<std::string_view> seen;
  for (const auto& [position, name] : nodes)
    if (seen.insert(name).second) names.emplace_back(name);
  for (const std::string& name : result.owners_layout)
    if (seen.insert(name).second) names.push_back(name);
  return names;
}

std::string keep_list(const TuneResult& result, std::uint64_t number) {
  std::string text;
  for (const std::string& name : kept_nodes(result, trial(result, number).trial.assignment))
    text += name + "\n";
  return text;
}

}  // namespace keel::report
