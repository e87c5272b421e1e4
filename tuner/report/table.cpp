#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "tuner/report/columns.h"
#include "tuner/report/demands.h"
#include "tuner/report/evidence.h"
#include "tuner/report/figures.h"
#include "tuner/report/report.h"
#include "tuner/report/wrapped.h"

namespace keel::report {
namespace {

using Cells = std::vector<std::string>;

// A terminal of 24 lines holds them with the anchors, the requirements and a prompt.
constexpr std::size_t kFrontRows = 12;

std::string cell(double value) { return std::isnan(value) ? "-" : fmt::format("{:.4g}", value); }

/// Required figures in the order of the requirements, then relative_l2.
std::vector<std::string> shown_figures(const TuneResult& result) {
  std::vector<std::string> shown;
  const auto add = [&](const std::string& name) {
    if (std::ranges::find(shown, name) == shown.end()) shown.push_back(name);
  };
  for (const accuracy::Requirement& requirement : result.requirements)
    add(figure_name(requirement));
  add("relative_l2");
  return shown;
}

/// The front without anchors and with the recommendation, by latency.
std::vector<std::uint64_t> front_rows(const TuneResult& result) {
  const auto is_anchor = [&](std::uint64_t number) {
    return number == result.all_kept || number == result.all_lowered;
  };
  const auto latency = [&](std::uint64_t number) {
    return trial(result, number).trial.outcome.latency_us;
  };
  std::vector<std::uint64_t> rows = result.front;
  std::erase_if(rows, is_anchor);
  if (result.recommended && !is_anchor(*result.recommended) &&
      std::ranges::find(rows, *result.recommended) == rows.end())
    rows.insert(std::ranges::upper_bound(rows, latency(*result.recommended), {}, latency),
                *result.recommended);
  return rows;
}

/// At most kFrontRows of them, evenly spread, the recommendation among them.
std::vector<std::uint64_t> picked(const std::vector<std::uint64_t>& rows,
                                  const std::optional<std::uint64_t>& recommended) {
  if (rows.size() <= kFrontRows) return rows;
  const auto place = [&](std::size_t i) { return i * (rows.size() - 1) / (kFrontRows - 1); };
  std::vector<std::uint64_t> few;
  for (std::size_t i = 0; i < kFrontRows; ++i) few.push_back(rows[place(i)]);
  const auto wanted = std::ranges::find(rows, recommended);
  if (wanted == rows.end() || std::ranges::find(few, recommended) != few.end()) return few;
  // It replaces the last pick before it: picks stay in order.
  std::size_t i = 0;
  while (place(i + 1) < static_cast<std::size_t>(wanted - rows.begin())) ++i;
  few[i] = *recommended;
  return few;
}

Cells heading(const TuneResult& result) {
  Cells cells{"", "trial", "", "latency us", "speed-up"};
  for (const std::string& name : shown_figures(result)) cells.push_back(name);
  cells.insert(cells.end(), {"kept units", "kept nodes"});
  return cells;
}

Cells row(const TuneResult& result, std::uint64_t number, const char* note) {
  const study::TrialRecord& record = trial(result, number);
  const bool failed = record.trial.outcome.state == search::TrialState::Failed;
  const double speed = speed_up(result, record);
  Cells cells{number == result.recommended ? "*" : "", std::to_string(number), note,
              failed ? "failed" : fmt::format("{:.1f}", record.trial.outcome.latency_us),
              std::isnan(speed) ? "-" : fmt::format("{:.2f}x", speed)};
  for (const std::string& name : shown_figures(result))
    cells.push_back(cell(figure(result, record.validation, name)));
  cells.push_back(std::to_string(record.kept_units));
  cells.push_back(std::to_string(record.kept_nodes));
  return cells;
}

std::string trials_text(const TuneResult& result) {
  std::vector<Cells> rows{heading(result)};
  if (result.all_lowered) rows.push_back(row(result, *result.all_lowered, "all lowered"));
  if (result.all_kept) rows.push_back(row(result, *result.all_kept, "all kept"));
  const std::vector<std::uint64_t> front = front_rows(result);
  const std::vector<std::uint64_t> shown = picked(front, result.recommended);
  for (const std::uint64_t number : shown) rows.push_back(row(result, number, ""));
  constexpr std::array<std::size_t, 2> kLeft{0, 2};
  std::string text = columns(rows, kLeft);
  if (shown.size() < front.size())
    text += fmt::format("   {} more in front.csv\n", front.size() - shown.size());
  return text;
}

std::string spread(double lo, double hi) {
  return std::isnan(lo) ? "" : " (" + cell(lo) + " to " + cell(hi) + ")";
}

std::string verdict(std::optional<bool> met) { return !met ? "-" : *met ? "pass" : "fail"; }

std::string requirements_text(const TuneResult& result) {
  if (!result.recommended) return "";
  const std::vector<Demand> list = demands(result, trial(result, *result.recommended));
  if (list.empty()) return "";
  const bool has_ranking = result.split.ranking != result.split.validation;
  std::vector<Cells> rows{{"requirement", "validation", "", "hold-out", ""}};
  if (has_ranking) rows.front().insert(rows.front().begin() + 1, "ranking");
  for (const Demand& demand : list) {
    rows.push_back({demand.text, cell(demand.value) + spread(demand.lo, demand.hi),
                    verdict(demand.met),
                    cell(demand.hold_out) + spread(demand.hold_out_lo, demand.hold_out_hi),
                    verdict(demand.hold_out_met)});
    if (has_ranking) rows.back().insert(rows.back().begin() + 1, cell(demand.ranking));
  }
  const std::vector<std::size_t> left =
      has_ranking ? std::vector<std::size_t>{0, 3, 5} : std::vector<std::size_t>{0, 2, 4};
  return "\n" + columns(rows, left);
}

// "5 ~ 2 ~ 1, 7 ~ 8": chains of neighbours on the front that predicted times do not tell apart.
std::string alike(const TuneResult& result) {
  std::string chains;
  const FrontStep* last = nullptr;  // that was written
  for (const FrontStep& step : result.front_steps) {
    if (step.is_told_apart()) continue;
    const bool goes_on = last != nullptr && last->to == step.from;
    if (!goes_on) chains += (chains.empty() ? "" : ", ") + std::to_string(step.from);
    chains += " ~ " + std::to_string(step.to);
    last = &step;
  }
  if (chains.empty()) return "";
  return wrapped("predicted times do not tell apart neighbours on the front: " + chains, 0);
}

// The error of the model itself is no part of the bound: so it is said beside it.
std::string certificate_text(const TuneResult& result) {
  std::string text;
  for (std::size_t i = 0; i < result.certificates.size(); ++i) {
    if (!result.certificates[i]) continue;
    const search::Certificate& shown = *result.certificates[i];
    text += wrapped(
        fmt::format("{}: within {:.2g} % of the optimum of the error model, which lets nothing "
                    "faster than {:.1f} us meet it, even if it is off as far as it was: true over "
                    "predicted squared error in [{:.2g}, {:.2g}] on {} verified variants",
                    to_text(result.requirements[i]), 100 * shown.gap(), shown.bound_us,
                    shown.least_ratio / shown.ratio, shown.largest_ratio / shown.ratio,
                    shown.verified),
        0);
  }
  return text;
}

std::string remarks(const TuneResult& result) {
  std::string text;
  if (!result.recommended) {
    text += "nothing to recommend: no variant ran to the end with finite outputs\n";
  } else {
    if (!result.requirements_met)
      text += fmt::format("requirements not met: best found is trial {}\n", *result.recommended);
    if (result.hold_out.empty())
      text += "not validated: too few samples to hold some out\n";
    else if (!result.hold_out_met)
      text += "hold-out missed: the recommendation may miss a requirement on new samples\n";
    const bool by_latency = result.goal.aim == search::Aim::Latency;
    if (by_latency && !lowering_pays(result))
      text += fmt::format(
          "lowering is not worth it: all kept takes {:.2f} times as long, within the {:.0f} % by "
          "which predicted times are off\n",
          speed_up(result, trial(result, *result.recommended)), 100 * result.time_error);
    text += certificate_text(result);
    if (!by_latency && result.time_error > 0)
      text += fmt::format(
          "the bound on latency is met or missed by predicted times, which are off by {:.0f} %\n",
          100 * result.time_error);
    text += alike(result);
    const Proof shown = proof(result);
    if (result.finished && shown.tried < shown.units)
      text += fmt::format(
          "not proved: {} of {} {}; {}\n", shown.units - shown.tried, shown.units,
          by_latency ? "kept units were not tried without" : "lowered units were not tried kept",
          result.goal.whole_front ? "that takes trials without --whole_front"
                                  : "give more --max_trials");
  }
  if (!result.finished)
    text += fmt::format("interrupted after {} trials: the same command goes on from here\n",
                        result.trials.size());
  return text.empty() ? "" : "\n" + text;
}

}  // namespace

std::string table(const TuneResult& result) {
  return trials_text(result) + requirements_text(result) + remarks(result);
}

}  // namespace keel::report
