#include <map>
#include <nlohmann/json.hpp>
#include <string_view>

#include "tuner/report/evidence.h"
#include "tuner/report/figures.h"
#include "tuner/report/json_number.h"
#include "tuner/report/report.h"

namespace keel::report {
namespace {

using Json = nlohmann::ordered_json;

struct NodePlace {
  std::size_t unit;
  std::size_t node;  ///< in the unit
};

std::map<std::string_view, NodePlace> places(const TuneResult& result,
                                             const search::Assignment& assignment) {
  std::map<std::string_view, NodePlace> found;
  for (std::size_t unit = 0; unit < result.units.size(); ++unit) {
    const study::UnitRecord& record = result.units[unit].record;
    if (assignment[unit] != 0 || !search::is_listed(record.state)) continue;
    for (std::size_t node = 0; node < record.nodes.size(); ++node)
      found.try_emplace(record.nodes[node], NodePlace{unit, node});
  }
  return found;
}

// The tensor behind the reason; null where no range explains it.
Json range_json(const RangeFinding* finding) {
  if (finding == nullptr) return nullptr;
  Json json;
  json["tensor"] = finding->tensor;
  json["node"] = finding->node;
  json["role"] = name(finding->role);
  json["dtype"] = name(finding->dtype);
  for_each_figure(finding->range, [&](const char* figure, auto value) { json[figure] = value; });
  return json;
}

}  // namespace

std::string reasons_json(const TuneResult& result, std::uint64_t number) {
  const std::vector<Evidence> why = evidence(result, number);
  const search::Assignment& chosen = trial(result, number).trial.assignment;
  const auto place = places(result, chosen);

  Json lines = Json::array();
  for (const std::string& name : kept_nodes(result, chosen)) {
    if (!place.contains(name)) {
      lines.push_back({{"node", name},
                       {"reason",
                        "kept by the owner's list; it moves elements only, and what makes "
                        "its data is lowered"}});
      continue;
    }
    const NodePlace at = place.at(name);
    const UnitRow& row = result.units[at.unit];
    Json line;
    line["node"] = name;
    line["type"] = row.record.ascend_types[at.node];
    line["unit"] = row.record.name;
    if (const std::string_view format = kept_format(result, chosen, at.unit); !format.empty())
      line["format"] = format;
    line["reason"] = why[at.unit].reason;
    if (why[at.unit].trial) line["trial"] = *why[at.unit].trial;
    const search::UnitFinding finding =
        at.unit < result.findings.size() ? result.findings[at.unit] : search::UnitFinding{};
    line["pinned"] = finding.pinned;
    line["lone_error"] = finding.probed ? real(finding.lone_error) : Json(nullptr);
    line["range"] = range_json(worst(row.suspicions));
    line["suspicions"] = Json::array();
    for (const RangeFinding& suspicion : row.suspicions)
      line["suspicions"].push_back(sentence(suspicion));
    lines.push_back(std::move(line));
  }
  Json json;
  json[number == result.recommended ? "recommended_trial" : "trial"] = number;
  json["kept"] = std::move(lines);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace keel::report
