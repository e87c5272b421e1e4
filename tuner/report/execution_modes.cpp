#include "tuner/report/figures.h"
#include "tuner/report/report.h"

namespace keel::report {

std::string execution_modes(const TuneResult& result, std::uint64_t number) {
  const search::Assignment& assignment = trial(result, number).trial.assignment;
  std::string lines;
  for (std::size_t unit = 0; unit < assignment.size(); ++unit) {
    const study::UnitRecord& record = result.units[unit].record;
    const bool has_choice = record.follows && is_format(result.units[*record.follows].record);
    if (!has_choice || assignment[unit] != 0) continue;
    const bool in_hf32 = assignment[*record.follows] != 0;
    lines += record.nodes.front() +
             (in_hf32 ? "=enable_hi_float_32_execution\n" : "=enable_float_32_execution\n");
  }
  return lines.empty() ? lines : "[ByNodeName]\n" + lines;
}

}  // namespace keel::report
