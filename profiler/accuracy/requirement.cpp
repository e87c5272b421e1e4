#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "compiler/base/nearest.h"
#include "profiler/accuracy/metrics.h"

namespace keel::accuracy {
namespace {

std::string number_text(double value) {
  std::array<char, 32> text;  // the shortest double takes 24
  char* const end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view sense(bool at_most) { return at_most ? "<=" : ">="; }

Error bad_requirement(std::string_view text, std::string what, std::string fix) {
  return {ErrorCode::InvalidConfig, std::move(what), "--require '" + std::string(text) + "'",
          std::move(fix)};
}

// All, or the one that is named.
Result<std::span<const Port>> judged_outputs(const Requirement& requirement,
                                             std::span<const Port> outputs) {
  if (requirement.output.empty()) return outputs;
  const auto output = std::ranges::find(outputs, requirement.output, &Port::name);
  if (output != outputs.end())
    return outputs.subspan(static_cast<std::size_t>(output - outputs.begin()), 1);
  std::string listed;
  for (const Port& port : outputs) listed += (listed.empty() ? "" : ", ") + port.name;
  return bad_requirement(to_text(requirement),
                         "the model has no output '" + requirement.output + "'",
                         "use one of its outputs: " + listed);
}

bool has_floats(const Port& port) {
  return is_tunable_float(port.type.dtype) || port.type.dtype == DType::F64;
}

std::string any_number_metrics() {
  std::string listed;
  for (const Metric& metric : metrics())
    if (!metric.needs_floats) listed += (listed.empty() ? "" : ", ") + std::string(metric.name);
  return listed;
}

std::optional<double> finite_number(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [parsed, code] = std::from_chars(text.data(), end, value);
  if (code != std::errc() || parsed != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

Error unknown_metric(std::string_view text, std::string_view name) {
  std::vector<std::string> names;
  std::string listed;
  for (const Metric& metric : metrics()) {
    names.emplace_back(metric.name);
    listed += (listed.empty() ? "" : ", ") + names.back();
  }
  const std::vector<std::string> closest = nearest(name, names, 1);
  return bad_requirement(text, "'" + std::string(name) + "' is no metric",
                         closest.empty()
                             ? "use one of: " + listed
                             : "use '" + closest[0] + "' (nearest name), or one of: " + listed);
}

}  // namespace

Result<Requirement> parse_requirement(std::string_view text) {
  const std::size_t sign = text.find_last_of("<>");
  if (sign == std::string_view::npos || text.substr(sign + 1, 1) != "=")
    return bad_requirement(text, "a requirement without '<=' or '>='",
                           "write METRIC<=NUMBER or METRIC>=NUMBER, such as relative_l2<=0.01");
  Requirement requirement;
  requirement.at_most = text[sign] == '<';
  std::string_view name = trimmed(text.substr(0, sign));
  const std::string_view bound = trimmed(text.substr(sign + 2));

  // The metric is what follows the last colon: names of outputs may hold some, such as "add:0".
  if (const std::size_t colon = name.rfind(':'); colon != std::string_view::npos) {
    requirement.output = trimmed(name.substr(0, colon));
    name = trimmed(name.substr(colon + 1));
  }
  requirement.metric = find_metric(name);
  if (requirement.metric == nullptr) return unknown_metric(text, name);
  const Metric& metric = *requirement.metric;
  if (requirement.at_most == metric.higher_is_better)
    return bad_requirement(text,
                           "'" + std::string(name) + std::string(sense(requirement.at_most)) +
                               "' bounds a metric of which " +
                               (metric.higher_is_better ? "more is better" : "less is better"),
                           "write '" + std::string(name) +
                               std::string(sense(!requirement.at_most)) + std::string(bound) + "'");

  const std::optional<double> value = finite_number(bound);
  if (!value)
    return bad_requirement(text, "bound '" + std::string(bound) + "' is not a finite number",
                           "write a number, such as 0.01 or 1e-2");
  requirement.bound = *value;
  if (metric.higher_is_better ? requirement.bound > metric.best : requirement.bound < metric.best)
    return bad_requirement(
        text,
        "bound " + number_text(requirement.bound) + " is beyond " + number_text(metric.best) +
            ", the best " + std::string(name) + " there is",
        "write a bound that can be met, such as " + std::string(name) +
            std::string(sense(requirement.at_most)) + (metric.higher_is_better ? "0.99" : "0.01"));
  return requirement;
}

Result<Bound> parse_bound(std::string_view text, const std::string& where) {
  const std::string_view bound = trimmed(text);
  const bool at_most = bound.starts_with("<=");
  const std::optional<double> value =
      at_most || bound.starts_with(">=") ? finite_number(trimmed(bound.substr(2))) : std::nullopt;
  if (!value)
    return Error{ErrorCode::InvalidConfig, "'" + std::string(text) + "' is no bound", where,
                 "write '<=NUMBER' or '>=NUMBER', such as '<=0.02'"};
  return Bound{at_most, *value};
}

std::string to_text(const Bound& bound) {
  return std::string(sense(bound.at_most)) + number_text(bound.value);
}

std::string to_text(const Requirement& requirement) {
  return figure_name(requirement) + to_text(Bound{requirement.at_most, requirement.bound});
}

std::string figure_name(const Requirement& requirement) {
  const std::string metric(requirement.metric->name);
  return requirement.output.empty() ? metric : requirement.output + ":" + metric;
}

std::vector<std::string> figure_names(std::span<const Requirement> requirements) {
  std::vector<std::string> names;
  for (const Metric& metric : metrics()) names.emplace_back(metric.name);
  const auto add = [&](const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  for (const Requirement& requirement : requirements)
    if (!requirement.output.empty()) add(figure_name(requirement));
  for (const Requirement& requirement : requirements) add(figure_name(requirement));
  return names;
}

Result<std::vector<OutputMetric>> output_metrics(std::span<const Requirement> requirements,
                                                 std::span<const Port> outputs) {
  std::vector<OutputMetric> list;
  std::vector<std::string> seen;
  for (const Requirement& requirement : requirements) {
    KEEL_TRY(const std::span<const Port> judged, judged_outputs(requirement, outputs));
    if (requirement.metric->needs_floats && std::ranges::none_of(judged, has_floats))
      return bad_requirement(to_text(requirement), "there are no floats to judge by it",
                             "use a metric of any numbers (" + any_number_metrics() +
                                 "), or --check with a command of yours");
    if (requirement.output.empty()) continue;
    if (std::ranges::find(seen, figure_name(requirement)) != seen.end()) continue;
    seen.push_back(figure_name(requirement));
    list.push_back({requirement.metric, static_cast<std::size_t>(judged.data() - outputs.data())});
  }
  return list;
}

double violation(const Requirement& requirement, double value) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double bound = requirement.bound;
  if (std::isnan(value)) return kInfinity;
  if (requirement.at_most) {
    if (bound <= 0) return value <= bound ? 0 : kInfinity;
    return value / bound - 1;
  }
  const double scale = requirement.metric->best == 1 && bound < 1 ? 1 - bound : std::fabs(bound);
  if (scale == 0) return value >= bound ? 0 : kInfinity;
  return (bound - value) / scale;
}

}  // namespace keel::accuracy
