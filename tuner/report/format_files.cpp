#include <set>

#include "tuner/report/figures.h"
#include "tuner/report/report.h"

namespace keel::report {
namespace {

// `line` makes one of a node's name and its format. A file cannot tell apart units of one node: the
// iterations of a loop, which agree.
template <class Line>
std::string lines_of(const TuneResult& result, std::uint64_t number, const Line& line) {
  const search::Assignment& assignment = trial(result, number).trial.assignment;
  std::string lines;
  std::set<std::string> written;
  for (std::size_t unit = 0; unit < assignment.size(); ++unit) {
    const std::string_view format = kept_format(result, assignment, unit);
    if (format.empty()) continue;
    const std::string& node = result.units[unit].record.nodes.front();
    if (written.insert(node).second) lines += line(node, format);
  }
  return lines;
}

}  // namespace

std::string execution_modes(const TuneResult& result, std::uint64_t number) {
  if (format_choice(result) != "hf32") return "";
  const std::string lines =
      lines_of(result, number, [](const std::string& node, std::string_view format) {
        const char* mode =
            format == "hf32" ? "enable_hi_float_32_execution" : "enable_float_32_execution";
        return node + "=" + mode + "\n";
      });
  return lines.empty() ? lines : "[ByNodeName]\n" + lines;
}

std::string bf16_dtypes(const TuneResult& result, std::uint64_t number) {
  return lines_of(result, number, [](const std::string& node, std::string_view format) {
    return format == "bf16" ? node + "::InputDtype:bfloat16,OutputDtype:bfloat16\n" : "";
  });
}

}  // namespace keel::report
