#include "tuner/report/modes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tuple>

#include "tuner/report/columns.h"
#include "tuner/report/csv.h"
#include "tuner/report/figures.h"
#include "tuner/report/json_number.h"
#include "tuner/search/strategy.h"

namespace keel::report {
namespace {

using Json = nlohmann::ordered_json;

const study::TrialRecord& recommended(const ModeResult& mode) {
  return trial(mode.result, *mode.result.recommended);
}

// What the goal makes small.
double value_of(const ModeResult& mode) {
  const search::Outcome& outcome = recommended(mode).trial.outcome;
  return mode.result.goal.aim == search::Aim::Latency ? outcome.latency_us
                                                      : std::sqrt(outcome.squared_error);
}

const study::TrialRecord& record_of(const std::vector<ModeResult>& modes, const ModeTrial& trial) {
  return report::trial(modes[trial.mode].result, trial.number);
}

Json trial_json(const ModeResult& mode, const study::TrialRecord& record) {
  Json json;
  json["trial"] = record.trial.number;
  json["latency_us"] = real(record.trial.outcome.latency_us);
  json["speed_up"] = real(speed_up(mode.result, record));
  for (const std::string& name : mode.result.figure_names)
    json["validation"][name] = real(figure(mode.result, record.validation, name));
  json["kept_units"] = record.kept_units;
  json["kept_nodes"] = record.kept_nodes;
  return json;
}

Json mode_json(const ModeResult& mode) {
  const TuneResult& result = mode.result;
  Json json;
  json["precision_mode"] = mode.mode;
  json["folder"] = mode.mode;
  json["trials"] = result.trials.size();
  json["finished"] = result.finished;
  json["recommendation"] = nullptr;
  if (!result.recommended) return json;
  json["recommendation"] = trial_json(mode, recommended(mode));
  json["requirements_met"] = result.requirements_met;
  json["hold_out_met"] = result.hold_out.empty() ? Json(nullptr) : Json(result.hold_out_met);
  return json;
}

std::string verdict(const TuneResult& result) {
  if (!result.requirements_met) return "missed";
  if (result.hold_out.empty()) return "met, not validated";
  return result.hold_out_met ? "met" : "met, missed on hold-out";
}

std::vector<std::string> row(const ModeResult& mode, bool is_best) {
  const TuneResult& result = mode.result;
  std::vector<std::string> cells{is_best ? "*" : "", mode.mode,
                                 std::to_string(result.trials.size())};
  if (!result.recommended) {
    cells.insert(cells.end(), {"-", "-", "-", "-", "-", "nothing to recommend"});
    return cells;
  }
  const study::TrialRecord& record = recommended(mode);
  const double error = figure(result, record.validation, "relative_l2");
  const double speed = speed_up(result, record);
  cells.push_back(std::to_string(record.trial.number));
  cells.push_back(fmt::format("{:.1f}", record.trial.outcome.latency_us));
  cells.push_back(std::isnan(speed) ? "-" : fmt::format("{:.2f}x", speed));
  cells.push_back(std::isnan(error) ? "-" : fmt::format("{:.4g}", error));
  cells.push_back(std::to_string(record.kept_nodes));
  cells.push_back(verdict(result));
  return cells;
}

}  // namespace

std::optional<std::size_t> best_mode(const std::vector<ModeResult>& modes) {
  std::vector<std::size_t> candidates;
  for (std::size_t i = 0; i < modes.size(); ++i)
    if (modes[i].result.recommended) candidates.push_back(i);
  const auto is_met = [&](std::size_t i) { return modes[i].result.requirements_met; };
  if (std::ranges::any_of(candidates, is_met))
    std::erase_if(candidates, [&](std::size_t i) { return !is_met(i); });
  if (candidates.empty()) return std::nullopt;
  double best = std::numeric_limits<double>::infinity();
  for (const std::size_t i : candidates) best = std::min(best, value_of(modes[i]));
  const auto rank = [&](std::size_t i) {
    const bool is_tie = value_of(modes[i]) <= best * (1 + search::kTie);
    return std::tuple(!is_tie, recommended(modes[i]).kept_nodes, i);
  };
  return std::ranges::min(candidates, {}, rank);
}

std::vector<ModeTrial> joint_front(const std::vector<ModeResult>& modes) {
  std::vector<ModeTrial> all, front;
  for (std::size_t i = 0; i < modes.size(); ++i)
    for (const std::uint64_t number : modes[i].result.front) all.push_back({i, number});
  const auto outcome = [&](const ModeTrial& trial) -> const search::Outcome& {
    return record_of(modes, trial).trial.outcome;
  };
  std::ranges::sort(all, {}, [&](const ModeTrial& trial) {
    return std::tuple(outcome(trial).latency_us, outcome(trial).squared_error, trial.mode,
                      trial.number);
  });
  double least = std::numeric_limits<double>::infinity();
  for (const ModeTrial& trial : all) {
    if (!(outcome(trial).squared_error < least)) continue;
    least = outcome(trial).squared_error;
    front.push_back(trial);
  }
  return front;
}

std::string modes_csv(const std::vector<ModeResult>& modes) {
  std::vector<std::string> heading{"precision_mode", "trial", "latency_us"};
  if (!modes.empty()) {
    const std::vector<std::string>& names = modes.front().result.figure_names;
    heading.insert(heading.end(), names.begin(), names.end());
  }
  heading.insert(heading.end(), {"kept_units", "kept_nodes"});
  std::string text = csv_line(heading);
  for (const ModeTrial& entry : joint_front(modes)) {
    const ModeResult& mode = modes[entry.mode];
    const study::TrialRecord& record = record_of(modes, entry);
    std::vector<std::string> cells{mode.mode, std::to_string(entry.number),
                                   shortest(record.trial.outcome.latency_us)};
    for (const std::string& name : mode.result.figure_names)
      cells.push_back(shortest(figure(mode.result, record.validation, name)));
    cells.push_back(std::to_string(record.kept_units));
    cells.push_back(std::to_string(record.kept_nodes));
    text += csv_line(cells);
  }
  return text;
}

std::string modes_json(const std::vector<ModeResult>& modes) {
  Json json;
  const std::optional<std::size_t> best = best_mode(modes);
  json["recommended_mode"] = best ? Json(modes[*best].mode) : Json(nullptr);
  json["modes"] = Json::array();
  for (const ModeResult& mode : modes) json["modes"].push_back(mode_json(mode));
  json["front"] = Json::array();
  for (const ModeTrial& entry : joint_front(modes)) {
    Json trial = trial_json(modes[entry.mode], record_of(modes, entry));
    trial["precision_mode"] = modes[entry.mode].mode;
    json["front"].push_back(std::move(trial));
  }
  return json.dump(2) + "\n";
}

std::string modes_table(const std::vector<ModeResult>& modes) {
  const std::optional<std::size_t> best = best_mode(modes);
  std::vector<std::vector<std::string>> rows{{"", "precision mode", "trials", "trial", "latency us",
                                              "speed-up", "relative_l2", "kept nodes",
                                              "requirements"}};
  for (std::size_t i = 0; i < modes.size(); ++i) rows.push_back(row(modes[i], i == best));
  constexpr std::array<std::size_t, 3> kLeft{0, 1, 8};
  std::string text = columns(rows, kLeft);
  if (modes.size() > 1)
    text += "modes after the first were searched only for what those before do not have\n";
  return text;
}

}  // namespace keel::report
