#include "tuner/report/figures.h"
#include "tuner/report/report.h"

namespace keel::report {

std::string execution_modes(const TuneResult& result, std::uint64_t number) {
  const search::Assignment& assignment = trial(result, number).trial.assignment;
  std::string lines;
  for (std::size_t unit = 0; unit < assignment.size(); ++unit) {
    const std::string_view format = kept_format(result, assignment, unit);
    if (format.empty()) continue;
    lines +=
        result.units[unit].record.nodes.front() +
        (format == "hf32" ? "=enable_hi_float_32_execution\n" : "=enable_float_32_execution\n");
  }
  return lines.empty() ? lines : "[ByNodeName]\n" + lines;
}

}  // namespace keel::report
