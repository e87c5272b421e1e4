#include "tuner/report/range_finding.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "compiler/base/check.h"

namespace keel::report {
namespace {

// "overflows on 3 of 48 samples (0.1 % of its elements in f16)".
std::string loss(const RangeFinding& finding, std::string_view verb, int samples, double share) {
  std::string text(verb);
  if (finding.role != TensorRole::Constant)
    text += fmt::format(" on {} of {} samples", samples, finding.range.samples);
  return text + fmt::format(" ({:.3g} % of its elements in {})", 100 * share, name(finding.dtype));
}

// Larger explains more.
auto weight(const RangeFinding& finding) {
  const accuracy::Range& range = finding.range;
  const bool overflows = range.overflows > 0;
  const int samples = overflows ? range.samples_overflowing : range.samples_underflowing;
  return std::tuple(overflows, static_cast<double>(samples) / std::max(range.samples, 1),
                    overflows ? range.overflow_share() : range.underflow_share());
}

}  // namespace

std::string sentence(const RangeFinding& finding) {
  const accuracy::Range& range = finding.range;
  std::string text = finding.ascend_type + " " + std::string(name(finding.role)) + " ";
  if (range.overflows > 0)
    text += loss(finding, "overflows", range.samples_overflowing, range.overflow_share());
  if (range.overflows > 0 && range.underflows > 0) text += " and ";
  if (range.underflows > 0)
    text += loss(finding, "underflows to 0", range.samples_underflowing, range.underflow_share());
  return text;
}

const RangeFinding* worst(std::span<const RangeFinding> findings) {
  const auto found = std::ranges::max_element(findings, {}, weight);
  return found == findings.end() ? nullptr : &*found;
}

std::string_view name(TensorRole role) {
  switch (role) {
    case TensorRole::Input:
      return "input";
    case TensorRole::Result:
      return "result";
    case TensorRole::Constant:
      return "constant";
  }
  KEEL_CHECK(false);
}

}  // namespace keel::report
