#include "profiler/calibration/timing_file.h"

#include <fmt/format.h>

#include <cstdlib>

namespace keel::calibration {
namespace {

std::string number(double value) { return fmt::format("{:.4g}", value); }

double rounded(double value) { return std::strtod(number(value).c_str(), nullptr); }

std::string entry(std::string_view name, double value, std::string_view unit,
                  std::string_view source, const char* confidence) {
  return fmt::format(R"(  "{}": {{"value": {}, "unit": "{}", "source": "{}", "confidence": "{}"}})",
                     name, number(value), unit, source, confidence);
}

std::string pair(const std::array<double, 2>& values) {
  return fmt::format("[{}, {}]", number(values[0]), number(values[1]));
}

}  // namespace

std::string timing_file(const FitDescription& description, const ascend::TimingParameters& timing) {
  std::string text = fmt::format(
      "{{\n \"$schema\": \"../schema/timing.schema.json\",\n \"name\": \"{}\",\n"
      " \"measured_on\": \"{}\",\n \"parameters\": {{\n",
      description.name, description.measured_on);
  for (const FittedParameter& parameter : fitted_parameters()) {
    const Prior& prior = parameter.prior(description.fitted);
    const bool fixed = prior.width == 0;
    text += entry(parameter.name, timing.*parameter.field, parameter.unit,
                  fixed ? prior.why_fixed : description.source, fixed ? "low" : "medium") +
            ",\n";
  }
  text += entry("relative_error", timing.relative_error, "share of the measured time",
                description.error_source, "medium") +
          "\n },\n \"corrections\": {";
  const char* separator = "\n";
  for (const ascend::TimingCorrection& correction : timing.corrections) {
    text += fmt::format("{}  \"{}\": {}", separator, correction.signature,
                        number(correction.log_factor));
    separator = ",\n";
  }
  text += "\n },\n \"errors\": {";
  separator = "\n";
  for (const ascend::TimingError& error : timing.errors) {
    text += fmt::format("{}  \"{}\": {{\"measured\": {}, \"unmeasured\": {}, \"shared\": {}}}",
                        separator, error.kernel_class, pair(error.measured), pair(error.unmeasured),
                        number(error.shared));
    separator = ",\n";
  }
  return text + "\n }\n}\n";
}

ascend::TimingParameters rounded(ascend::TimingParameters timing) {
  for (const FittedParameter& parameter : fitted_parameters())
    timing.*parameter.field = rounded(timing.*parameter.field);
  for (ascend::TimingCorrection& correction : timing.corrections)
    correction.log_factor = rounded(correction.log_factor);
  return timing;
}

}  // namespace keel::calibration
