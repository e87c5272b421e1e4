#include "profiler/calibration/accuracy_report.h"

#include <fmt/format.h>

#include <cmath>
#include <set>

namespace keel::calibration {
namespace {

using simulator::TimingClass;

// Predictions of the cases that a condition chooses.
struct Columns {
  std::vector<double> measured, by_case, by_group, roofline;
};

template <class Condition>
Columns columns(const Calibration& calibration, const Condition& condition) {
  Columns result;
  for (std::size_t i = 0; i < calibration.cases.size(); ++i) {
    if (!condition(i)) continue;
    result.measured.push_back(calibration.cases[i].measured_us);
    result.by_case.push_back(calibration.validation.by_case[i]);
    result.by_group.push_back(calibration.validation.by_group[i]);
    result.roofline.push_back(roofline_us(calibration.soc, calibration.cases[i]));
  }
  return result;
}

std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

std::string error_cells(const Columns& c) {
  return fmt::format("{} | {} | {} | {}", c.measured.size(),
                     percent(accuracy(c.by_case, c.measured).mean),
                     percent(accuracy(c.by_group, c.measured).mean),
                     percent(accuracy(c.roofline, c.measured).mean));
}

std::string summary_row(const char* name, const std::vector<double>& predicted,
                        const std::vector<double>& measured) {
  const Accuracy a = accuracy(predicted, measured);
  return fmt::format("| {} | {} | {} | {:.4f} |\n", name, percent(a.mean), percent(a.median),
                     a.spearman);
}

bool is_kernelbench(const MeasuredCase& one) { return one.id.starts_with("level1/"); }

std::string summary(const char* title, const Columns& c) {
  if (c.measured.empty()) return "";
  return fmt::format(
             "\n{} ({} cases)\n\n| left out of the fit | mean error | median | Spearman |\n"
             "|---|---|---|---|\n",
             title, c.measured.size()) +
         summary_row("each case (tenths, by hash)", c.by_case, c.measured) +
         summary_row("each operator, all its cases", c.by_group, c.measured) +
         summary_row("plain roofline, nothing fitted", c.roofline, c.measured);
}

std::string class_table(const Calibration& calibration) {
  std::string text =
      "\n## By class of the kernel that takes longest\n\n"
      "| class | cases | case left out | operator left out | roofline | interval, measured kind | "
      "interval, other kinds | in common | inside, case | inside, operator |\n"
      "|---|---|---|---|---|---|---|---|---|---|\n";
  for (const ascend::TimingError& error : calibration.soc.timing.errors) {
    const auto place = &error - calibration.soc.timing.errors.data();
    const auto timing_class = static_cast<TimingClass>(place);
    const Columns c = columns(calibration, [&](std::size_t i) {
      return calibration.residuals[i].timing_class == timing_class;
    });
    const auto factors = [](const std::array<double, 2>& logs) {
      return fmt::format("{:.2f} to {:.2f}", std::exp(logs[0]), std::exp(logs[1]));
    };
    const Coverage coverage = coverage_of(calibration.residuals, timing_class);
    const bool none = c.measured.empty();
    text +=
        fmt::format("| {} | {} | {} | {} | {:.2f} | {} | {} |\n", error.kernel_class,
                    none ? "0 | | |" : error_cells(c), factors(error.measured),
                    factors(error.unmeasured), error.shared, none ? "" : percent(coverage.by_case),
                    none ? "" : percent(coverage.by_group));
  }
  return text;
}

std::string group_table(const Calibration& calibration) {
  std::set<std::string> groups;
  for (const MeasuredCase& one : calibration.cases) groups.insert(one.group);
  std::string text =
      "\n## By operator\n\n| operator | cases | case left out | operator left out | roofline |\n"
      "|---|---|---|---|---|\n";
  for (const std::string& group : groups)
    text +=
        fmt::format("| {} | {} |\n", group, error_cells(columns(calibration, [&](std::size_t i) {
                      return calibration.cases[i].group == group;
                    })));
  return text;
}

std::string sign(double ratio) {
  return ratio > 1.1 ? "slower" : ratio < 0.9 ? "faster" : "as fast";
}

std::string pair_table(const Calibration& calibration) {
  std::string text =
      "\n## Pairs of dtypes\nTime in the first dtype over time in the second, predicted by a fit "
      "without any case of the operator. Where the measured ratio is above 1.1 or below 0.9 the "
      "sign of the gain must be right.\n\n| pair | measured | predicted | sign "
      "|\n|---|---|---|---|\n";
  for (const PredictedPair& pair : calibration.pairs) {
    const bool judged = pair.measured_ratio > 1.1 || pair.measured_ratio < 0.9;
    const bool right = (pair.measured_ratio > 1) == (pair.predicted_ratio > 1);
    text += fmt::format("| {} | {:.3f} | {:.3f} | {} |\n", pair.name, pair.measured_ratio,
                        pair.predicted_ratio,
                        !judged ? "not judged, " + sign(pair.measured_ratio)
                        : right ? "right"
                                : "wrong");
  }
  return text;
}

constexpr const char* kLimits = R"(
## How intervals are made
A kernel's interval is its predicted time times two factors: the 5 % and 95 % conformal quantiles of measured / predicted in its
class, of cases left out where its kind (signature) was measured, of operators left out where it was not. Classes with fewer than
19 cases take the quantiles of all. `in common` is the share of the variance that lies between operators: kernels of a class have
that part of their error in common, so in a program it adds up and does not average out; the rest of each kernel, and different
classes, are taken as independent. In the difference of two programs, kernels that both have cancel, and errors in common cancel
as far as the rest of both is of the same class. `inside` counts cases in the interval that the other cases (other operators) give.

## Limits
- One chip was measured. Its family shares the values in cycles and shares of peaks; intervals of other chips are not wider for it.
- Kernels were measured alone and repeatedly: weights were in the L2 where they fit, neighbours did not overlap.
- int8 products count as fp16, in-place updates write a tensor of their own, groups of experts have equal size.
- Fused kernels of the vendor are written as graphs of ONNX operators in one kernel (`profiler/calibration/vendor_*.cpp`): what
  they compute is known, how is not.
- Recurrent kernels and the AI CPU were not measured. A class without cases has the intervals of all classes together.
)";

}  // namespace

std::string accuracy_report(const Calibration& calibration) {
  const auto all = [](std::size_t) { return true; };
  std::string text =
      "# How far predicted times are known\n\n"
      "Written by `scripts/calibrate.sh`; do not edit. Device kernel times on " +
      calibration.soc.name +
      " (cann-bench d59d44ca, CANN 8.3.RC2), fitted with the parameters of `configs/timing`. An "
      "error is |predicted / measured - 1| of cases that the fit did not see.\n";
  text += summary("## Operators of the vendor's library", columns(calibration, [&](std::size_t i) {
                    return !is_kernelbench(calibration.cases[i]);
                  }));
  text += summary(
      "## ONNX operators in fp32 (KernelBench level 1)",
      columns(calibration, [&](std::size_t i) { return is_kernelbench(calibration.cases[i]); }));
  text += summary("## All", columns(calibration, all));
  const Coverage coverage = coverage_of(calibration.residuals);
  text += fmt::format(
      "\nIntervals of nominally 90 % hold {} of the cases left out, and {} where the "
      "operator was.\n\n![predicted over measured](accuracy.svg)\n",
      percent(coverage.by_case), percent(coverage.by_group));
  text += class_table(calibration) + pair_table(calibration) + group_table(calibration);
  if (!calibration.left_out.empty()) {
    text += "\nNo kernels are known for:";
    for (const std::string& op : calibration.left_out) text += " " + op;
    text += ".\n";
  }
  return text + kLimits;
}

std::string scatter_plot(const Calibration& calibration) {
  constexpr double kDecades = 5;  // 1 us to 0.1 s
  constexpr double kSize = 500;
  constexpr double kMargin = 40;
  const auto place = [&](double us) {
    return kMargin + std::min(std::max(std::log10(us), 0.0), kDecades) / kDecades * kSize;
  };
  const double whole = kSize + 2 * kMargin;
  std::string text = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {0}\" "
      "font-family=\"sans-serif\" "
      "font-size=\"11\">\n<rect width=\"{0}\" height=\"{0}\" fill=\"white\"/>\n",
      whole);
  for (int decade = 0; decade <= kDecades; ++decade) {
    const double at = place(std::pow(10, decade));
    text += fmt::format(
        "<path d=\"M{0:.1f} {1}V{2}M{1} {3:.1f}H{2}\" stroke=\"#ddd\"/>\n"
        "<text x=\"{0:.1f}\" y=\"{4}\" text-anchor=\"middle\">1e{5}</text>\n"
        "<text x=\"{6}\" y=\"{3:.1f}\" text-anchor=\"end\">1e{5}</text>\n",
        at, kMargin, kMargin + kSize, whole - at, whole - kMargin / 2, decade, kMargin - 4);
  }
  text += fmt::format("<path d=\"M{0} {1}L{1} {0}\" stroke=\"#888\"/>\n", kMargin, kMargin + kSize);
  for (std::size_t i = 0; i < calibration.cases.size(); ++i)
    text += fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.5\" fill=\"{}\" fill-opacity=\"0.6\">"
        "<title>{}</title></circle>\n",
        place(calibration.cases[i].measured_us), whole - place(calibration.validation.by_group[i]),
        is_kernelbench(calibration.cases[i]) ? "#c50" : "#06c", calibration.cases[i].id);
  return text + fmt::format(
                    "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">measured us; up: "
                    "predicted us with the operator left out</text>\n</svg>\n",
                    whole / 2, 20);
}

}  // namespace keel::calibration
