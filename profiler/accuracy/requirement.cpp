#include <array>
#include <charconv>
#include <cmath>
#include <limits>
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
  const std::size_t sign = text.find_first_of("<>");
  if (sign == std::string_view::npos || text.substr(sign + 1, 1) != "=")
    return bad_requirement(text, "a requirement without '<=' or '>='",
                           "write METRIC<=NUMBER or METRIC>=NUMBER, such as relative_l2<=0.01");
  Requirement requirement;
  requirement.at_most = text[sign] == '<';
  const std::string_view name = trimmed(text.substr(0, sign));
  const std::string_view bound = trimmed(text.substr(sign + 2));

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

  const char* end = bound.data() + bound.size();
  const auto [parsed, code] = std::from_chars(bound.data(), end, requirement.bound);
  if (code != std::errc() || parsed != end || !std::isfinite(requirement.bound))
    return bad_requirement(text, "bound '" + std::string(bound) + "' is not a finite number",
                           "write a number, such as 0.01 or 1e-2");
  if (metric.higher_is_better ? requirement.bound > metric.best : requirement.bound < metric.best)
    return bad_requirement(
        text,
        "bound " + number_text(requirement.bound) + " is beyond " + number_text(metric.best) +
            ", the best " + std::string(name) + " there is",
        "write a bound that can be met, such as " + std::string(name) +
            std::string(sense(requirement.at_most)) + (metric.higher_is_better ? "0.99" : "0.01"));
  return requirement;
}

std::string to_text(const Requirement& requirement) {
  return std::string(requirement.metric->name) + std::string(sense(requirement.at_most)) +
         number_text(requirement.bound);
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
