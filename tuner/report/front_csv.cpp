#include <algorithm>

#include "tuner/report/csv.h"
#include "tuner/report/figures.h"
#include "tuner/report/report.h"

namespace keel::report {
namespace {

// That compute in neither fp32 nor what the mode lowers to.
std::size_t units_in_format(const TuneResult& result, const search::Assignment& assignment) {
  const std::string_view format = format_choice(result);
  std::size_t count = 0;
  for (std::size_t unit = 0; unit < assignment.size(); ++unit)
    count += kept_format(result, assignment, unit) == format ? 1 : 0;
  return count;
}

std::string line(const TuneResult& result, const study::TrialRecord& record,
                 const FrontStep* to_next) {
  const bool ran = record.trial.outcome.state != search::TrialState::Failed;
  std::string text = std::to_string(record.trial.number) + ",";
  if (ran) text += shortest(record.trial.outcome.latency_us);
  for (const std::string& name : result.figure_names) {
    text += ",";
    if (!record.validation.empty()) text += shortest(figure(result, record.validation, name));
  }
  text += "," + std::to_string(record.kept_units) + "," + std::to_string(record.kept_nodes);
  if (!format_choice(result).empty())
    text += "," + std::to_string(units_in_format(result, record.trial.assignment));
  return text + "," + (to_next ? shortest(to_next->lo_us) : "") + "," +
         (to_next ? shortest(to_next->hi_us) : "") + "\n";
}

}  // namespace

std::string front_csv(const TuneResult& result) {
  std::vector<std::string> heading{"trial", "latency_us"};
  heading.insert(heading.end(), result.figure_names.begin(), result.figure_names.end());
  heading.insert(heading.end(), {"kept_units", "kept_nodes"});
  if (const std::string_view format = format_choice(result); !format.empty())
    heading.push_back(std::string(format) + "_units");
  heading.insert(heading.end(), {"to_next_lo_us", "to_next_hi_us"});
  std::string text = csv_line(heading);

  std::vector<std::uint64_t> rows = result.front;
  for (const auto& extra : {result.recommended, result.all_lowered, result.all_kept})
    if (extra && std::ranges::find(rows, *extra) == rows.end()) rows.push_back(*extra);
  for (std::size_t i = 0; i < rows.size(); ++i)
    text += line(result, trial(result, rows[i]),
                 i < result.front_steps.size() ? &result.front_steps[i] : nullptr);
  return text;
}

}  // namespace keel::report
