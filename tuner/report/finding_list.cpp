#include "tuner/report/finding_list.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "tuner/report/csv.h"

namespace keel::report {
namespace {

using lint::Severity;
using Json = nlohmann::ordered_json;

std::string severity_of(const lint::Finding& finding) {
  return std::string(name(lint::info(finding.kind).severity));
}

std::string code_of(const lint::Finding& finding) {
  return std::string(lint::info(finding.kind).code);
}

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

}  // namespace

std::size_t FindingList::count(Severity severity) const {
  return static_cast<std::size_t>(std::ranges::count_if(findings, [&](const auto& finding) {
    return lint::info(finding.kind).severity == severity;
  }));
}

std::string findings_text(const FindingList& list) {
  std::string text;
  for (const lint::Finding& finding : list.findings) {
    text += where(finding) + ": " + severity_of(finding) + ": " + finding.what + " [" +
            code_of(finding) + "]\n";
    text += "  fix: " + finding.fix + "\n";
  }
  return text;
}

std::string findings_csv(const FindingList& list) {
  std::string text =
      csv_line(std::array<std::string, 6>{"file", "line", "severity", "code", "what", "fix"});
  for (const lint::Finding& finding : list.findings)
    text += csv_line(std::array<std::string, 6>{
        finding.file, finding.line == 0 ? "" : std::to_string(finding.line), severity_of(finding),
        code_of(finding), finding.what, finding.fix});
  return text;
}

std::string findings_json(const FindingList& list) {
  Json findings = Json::array();
  for (const lint::Finding& finding : list.findings)
    findings.push_back({{"file", finding.file},
                        {"line", finding.line == 0 ? Json() : Json(finding.line)},
                        {"severity", severity_of(finding)},
                        {"code", code_of(finding)},
                        {"what", finding.what},
                        {"fix", finding.fix}});
  const Json summary = {{"file", list.file},
                        {"errors", list.count(Severity::Error)},
                        {"warnings", list.count(Severity::Warning)},
                        {"notes", list.count(Severity::Note)},
                        {"entries", list.entries},
                        {"kept_nodes", list.kept_nodes},
                        {"nodes", list.nodes},
                        {"compiled_for", list.compiled_for}};
  // A line of the list need not be UTF-8.
  return Json({{"findings", findings}, {"summary", summary}})
             .dump(2, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

std::string findings_summary(const FindingList& list) {
  return list.file + ": " + counted(list.count(Severity::Error), "error", "errors") + ", " +
         counted(list.count(Severity::Warning), "warning", "warnings") + ", " +
         counted(list.count(Severity::Note), "note", "notes") + "; " +
         counted(list.entries, "entry keeps ", "entries keep ") + std::to_string(list.kept_nodes) +
         " of " + std::to_string(list.nodes) + " nodes (" + list.compiled_for + ")\n";
}

std::string explanation(const lint::FindingInfo& info) {
  constexpr std::size_t kWidth = 100;
  std::string text = std::string(info.code) + " (" + std::string(name(info.severity)) + ")\n";
  std::string_view rest = info.explanation;
  while (rest.size() > kWidth) {
    const std::size_t end = rest.rfind(' ', kWidth);
    text += std::string(rest.substr(0, end)) + "\n";
    rest.remove_prefix(end + 1);
  }
  return text + std::string(rest) + "\nSource: " + std::string(info.source) + ".\n";
}

}  // namespace keel::report
