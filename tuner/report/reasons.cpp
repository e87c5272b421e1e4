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

/// A line for each node, by name.
class Reasons {
 public:
  Reasons(const TuneResult& result, std::uint64_t number)
      : result_(result),
        chosen_(trial(result, number).trial.assignment),
        why_(evidence(result, number)),
        place_(places(result, chosen_)) {}

  Json of_list() const {
    Json lines = Json::array();
    for (const std::string& name : kept_nodes(result_, chosen_)) lines.push_back(line(name));
    return lines;
  }

  Json of_bf16() const {
    Json lines = Json::array();
    for (std::size_t unit = 0; unit < chosen_.size(); ++unit)
      if (kept_format(result_, chosen_, unit) == "bf16")
        for (const std::string& name : result_.units[unit].record.nodes)
          lines.push_back(line(name));
    return lines;
  }

 private:
  Json line(const std::string& name) const {
    if (!place_.contains(name))
      return {{"node", name},
              {"reason",
               "kept by the owner's list; it moves elements only, and what makes "
               "its data is lowered"}};
    const NodePlace at = place_.at(name);
    const UnitRow& row = result_.units[at.unit];
    Json line;
    line["node"] = name;
    line["type"] = row.record.ascend_types[at.node];
    line["unit"] = row.record.name;
    if (const std::string_view format = kept_format(result_, chosen_, at.unit); !format.empty())
      line["format"] = format;
    line["reason"] = why_[at.unit].reason;
    if (why_[at.unit].trial) line["trial"] = *why_[at.unit].trial;
    const search::UnitFinding finding =
        at.unit < result_.findings.size() ? result_.findings[at.unit] : search::UnitFinding{};
    line["pinned"] = finding.pinned;
    line["lone_error"] = finding.probed ? real(finding.lone_error) : Json(nullptr);
    line["range"] = range_json(worst(row.suspicions));
    line["suspicions"] = Json::array();
    for (const RangeFinding& suspicion : row.suspicions)
      line["suspicions"].push_back(sentence(suspicion));
    return line;
  }

  const TuneResult& result_;
  const search::Assignment& chosen_;
  std::vector<Evidence> why_;
  std::map<std::string_view, NodePlace> place_;
};

}  // namespace

std::string reasons_json(const TuneResult& result, std::uint64_t number) {
  const Reasons reasons(result, number);
  Json json;
  json[number == result.recommended ? "recommended_trial" : "trial"] = number;
  json["kept"] = reasons.of_list();
  if (format_choice(result) == "bf16") json["in_bf16"] = reasons.of_bf16();
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace keel::report
