#include <algorithm>

#include "tuner/report/csv.h"
#include "tuner/report/figures.h"
#include "tuner/report/report.h"

namespace keel::report {
namespace {

std::string line(const TuneResult& result, const study::TrialRecord& record,
                 const FrontStep* to_next) {
  const bool ran = record.trial.outcome.state != search::TrialState::Failed;
  std::string text = std::to_string(record.trial.number) + ",";
  if (ran) text += shortest(record.trial.outcome.latency_us);
  for (const std::string& name : result.figure_names) {
    text += ",";
    if (!record.validation.empty()) text += shortest(figure(result, record.validation, name));
  }
  return text + "," + std::to_string(record.kept_units) + "," + std::to_string(record.kept_nodes) +
         "," + (to_next ? shortest(to_next->lo_us) : "") + "," +
         (to_next ? shortest(to_next->hi_us) : "") + "\n";
}

}  // namespace

std::string front_csv(const TuneResult& result) {
  std::vector<std::string> heading{"trial", "latency_us"};
  heading.insert(heading.end(), result.figure_names.begin(), result.figure_names.end());
  heading.insert(heading.end(), {"kept_units", "kept_nodes", "to_next_lo_us", "to_next_hi_us"});
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
