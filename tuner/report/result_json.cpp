#include <cmath>
#include <nlohmann/json.hpp>

#include "tuner/report/demands.h"
#include "tuner/report/evidence.h"
#include "tuner/report/figures.h"
#include "tuner/report/json_number.h"
#include "tuner/report/report.h"
#include "tuner/study/head.h"

namespace keel::report {
namespace {

using Json = nlohmann::ordered_json;
Json metrics_json(const TuneResult& result, const study::MetricValues& values) {
  if (values.empty()) return nullptr;
  Json json = Json::object();
  for (const std::string& name : result.figure_names)
    json[name] = real(figure(result, values, name));
  return json;
}

Json trial_json(const TuneResult& result, const study::TrialRecord& record) {
  const search::Outcome& outcome = record.trial.outcome;
  Json json;
  json["trial"] = record.trial.number;
  json["phase"] = name(record.trial.phase);
  json["state"] = study::name(outcome.state);
  if (outcome.state == search::TrialState::Failed) {
    json["error"] = record.error;
  } else {
    json["latency_us"] = real(outcome.latency_us);
    json["speed_up"] = real(speed_up(result, record));
    json["squared_error"] = real(outcome.squared_error);
    if (!std::isnan(outcome.probing_squared_error))
      json["probing_squared_error"] = real(outcome.probing_squared_error);
    json["violation"] = real(outcome.violation);
    json["ranking"] = metrics_json(result, record.ranking);
    json["validation"] = metrics_json(result, record.validation);
  }
  json["casts"] = outcome.casts;
  json["kept_units"] = record.kept_units;
  json["kept_nodes"] = record.kept_nodes;
  return json;
}

Json optional_trial(const TuneResult& result, const std::optional<std::uint64_t>& number) {
  return number ? trial_json(result, trial(result, *number)) : Json(nullptr);
}

Json question_json(const TuneResult& result) {
  Json json = Json::object();
  for (const auto& [name, value] : result.question) json[name] = value;
  return json;
}

Json certificate_json(const std::optional<search::Certificate>& certificate) {
  if (!certificate) return nullptr;
  const search::Certificate& shown = *certificate;
  return {{"gap", real(shown.gap())},
          {"bound_us", real(shown.bound_us)},
          {"bound_is_closed", shown.is_closed},
          {"measured_over_predicted", real(shown.ratio)},
          {"least", real(shown.least_ratio)},
          {"largest", real(shown.largest_ratio)},
          {"verified_variants", shown.verified},
          {"latency_residual_us", real(shown.latency_residual_us)}};
}

Json requirements_json(const TuneResult& result) {
  Json list = Json::array();
  const study::TrialRecord nothing;
  std::size_t i = 0;  // requirements come first
  for (const Demand& demand :
       demands(result, result.recommended ? trial(result, *result.recommended) : nothing)) {
    Json json;
    json["requirement"] = demand.text;
    if (result.recommended) {
      if (!std::isnan(demand.ranking)) json["ranking"] = real(demand.ranking);
      json["validation"] = real(demand.value);
      if (!std::isnan(demand.lo)) json["validation_interval"] = {demand.lo, demand.hi};
      json["met"] = demand.met ? Json(*demand.met) : Json(nullptr);
    }
    if (demand.hold_out_met) {
      json["hold_out"] = real(demand.hold_out);
      if (!std::isnan(demand.hold_out_lo))
        json["hold_out_interval"] = {demand.hold_out_lo, demand.hold_out_hi};
      json["hold_out_met"] = *demand.hold_out_met;
    }
    if (i < result.certificates.size())
      json["certificate"] = certificate_json(result.certificates[i]);
    ++i;
    list.push_back(std::move(json));
  }
  return list;
}

Json recommendation_json(const TuneResult& result) {
  Json json = optional_trial(result, result.recommended);
  if (json.is_null()) return json;
  json["requirements_met"] = result.requirements_met;
  json["validated"] = !result.hold_out.empty();
  json["hold_out_met"] = result.hold_out.empty() ? Json(nullptr) : Json(result.hold_out_met);
  json["hold_out"] = metrics_json(result, result.hold_out);
  json["lowering_pays"] = lowering_pays(result);
  json["time_error"] = result.time_error;
  const Proof shown = proof(result);
  const bool by_latency = result.goal.aim == search::Aim::Latency;
  json["proof"][by_latency ? "kept_units" : "lowered_units"] = shown.units;
  json["proof"][by_latency ? "tried_without" : "tried_kept"] = shown.tried;
  json["kept"] = kept_nodes(result, trial(result, *result.recommended).trial.assignment);
  return json;
}

// With predicted times, each trial but the last says how far the next is away.
Json front_json(const TuneResult& result) {
  Json list = Json::array();
  for (std::size_t i = 0; i < result.front.size(); ++i) {
    Json json = trial_json(result, trial(result, result.front[i]));
    if (i < result.front_steps.size()) {
      const FrontStep& step = result.front_steps[i];
      json["to_next"] = {{"difference_us", step.us},
                         {"interval_us", {step.lo_us, step.hi_us}},
                         {"told_apart", step.is_told_apart()}};
    }
    list.push_back(std::move(json));
  }
  return list;
}

Json finding_json(const search::UnitFinding& finding) {
  Json json;
  json["probed"] = finding.probed;
  json["pinned"] = finding.pinned;
  if (finding.probed) {
    json["lone_non_finite"] = finding.lone_non_finite;
    json["lone_error"] = real(finding.lone_error);
    json["lone_violation"] = real(finding.lone_violation);
  }
  if (finding.group)
    json["probed_with_others"] = {{"trial", finding.group->trial},
                                  {"units", finding.group->units},
                                  {"error", real(finding.group->error)}};
  return json;
}

Json unit_json(const TuneResult& result, std::size_t unit) {
  const UnitRow& row = result.units[unit];
  Json json;
  json["name"] = row.record.name;
  json["class"] = row.unit_class;
  json["nodes"] = row.record.nodes;
  json["ascend_types"] = row.record.ascend_types;
  json["state"] = study::name(row.record.state);
  if (!row.record.reason.empty()) json["reason"] = row.record.reason;
  json["suspicions"] = Json::array();
  for (const RangeFinding& finding : row.suspicions)
    json["suspicions"].push_back(sentence(finding));
  if (unit < result.findings.size() && row.record.state == search::UnitState::Free)
    json["finding"] = finding_json(result.findings[unit]);
  if (!result.recommended) return json;
  const search::Assignment& chosen = trial(result, *result.recommended).trial.assignment;
  const bool is_kept = chosen[unit] == 0;
  if (is_format(row.record))
    json["format"] = is_kept ? "fp32" : format_choice(result);
  else
    json["kept"] = is_kept && kept_format(result, chosen, unit) != "bf16";
  return json;
}

// The units a trial keeps and the list can name.
Json kept_units_json(const TuneResult& result, const search::Assignment& assignment) {
  Json list = Json::array();
  for (std::size_t unit = 0; unit < assignment.size(); ++unit) {
    const study::UnitRecord& record = result.units[unit].record;
    if (!is_on_list(result, assignment, unit)) continue;
    list.push_back({{"name", record.name},
                    {"state", study::name(record.state)},
                    {"nodes", record.nodes},
                    {"ascend_types", record.ascend_types}});
  }
  return list;
}

}  // namespace

std::string trial_json(const TuneResult& result, std::uint64_t number) {
  const study::TrialRecord& record = trial(result, number);
  Json json = trial_json(result, record);
  json["recommended"] = number == result.recommended;
  json["units"] = kept_units_json(result, record.trial.assignment);
  json["nodes"] = kept_nodes(result, record.trial.assignment);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string result_json(const TuneResult& result) {
  Json json;
  json["format"] = 1;
  json["question"] = question_json(result);
  json["finished"] = result.finished;
  json["trials"] = result.trials.size();
  json["split"]["ranking"] = result.split.ranking;
  json["split"]["validation"] = result.split.validation;
  json["split"]["hold_out"] = result.split.hold_out;
  json["goal"] = to_text(result.goal);
  if (result.confidence) json["confidence"] = *result.confidence;
  json["requirements"] = requirements_json(result);
  json["all_lowered"] = optional_trial(result, result.all_lowered);
  json["all_kept"] = optional_trial(result, result.all_kept);
  json["front"] = front_json(result);
  json["recommendation"] = recommendation_json(result);
  json["units"] = Json::array();
  for (std::size_t unit = 0; unit < result.units.size(); ++unit)
    json["units"].push_back(unit_json(result, unit));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace keel::report
