#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "profiler/calibration/network_calibration.h"

namespace keel::calibration {
namespace {

struct Columns {
  std::vector<double> measured, by_case, by_group, roofline;
};

Columns columns(const NetworkCalibration& calibration, const std::string& family) {
  Columns result;
  for (std::size_t i = 0; i < calibration.networks.size(); ++i) {
    const MeasuredNetwork& one = calibration.networks[i];
    if (!family.empty() && one.family != family) continue;
    result.measured.push_back(one.measured.measured_us);
    result.by_case.push_back(calibration.validation.by_case[i]);
    result.by_group.push_back(calibration.validation.by_group[i]);
    result.roofline.push_back(roofline_us(calibration.soc, one.measured));
  }
  return result;
}

std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

std::string row(const char* name, const std::vector<double>& predicted,
                const std::vector<double>& measured) {
  const Accuracy a = accuracy(predicted, measured);
  return fmt::format("| {} | {} | {} | {:.4f} |\n", name, percent(a.mean), percent(a.median),
                     a.spearman);
}

std::string family_row(const std::string& family, const Columns& c) {
  const Accuracy a = accuracy(c.by_group, c.measured);
  return fmt::format("| {} | {} | {} | {} | {} |\n", family, c.measured.size(), percent(a.mean),
                     percent(a.median), percent(accuracy(c.roofline, c.measured).mean));
}

// Rows of one network with one reason are one line, in the order of the list.
std::string left_out_lines(const std::vector<LeftOutRow>& rows) {
  std::string text;
  for (std::size_t i = 0; i < rows.size();) {
    std::string batches;
    std::size_t end = i;
    for (; end < rows.size() && rows[end].network == rows[i].network &&
           rows[end].reason == rows[i].reason;
         ++end)
      batches += (batches.empty() ? "" : ", ") + std::to_string(rows[end].batch);
    text += fmt::format("| {} | {} | {} |\n", rows[i].network, batches, rows[i].reason);
    i = end;
  }
  return text;
}

}  // namespace

std::string network_report(const NetworkCalibration& calibration) {
  std::set<std::string> names, models, families;
  for (const MeasuredNetwork& one : calibration.networks) {
    names.insert(one.network);
    models.insert(one.measured.group);
    families.insert(one.family);
  }
  const Columns all = columns(calibration, "");
  std::string text = fmt::format(
      "\n# Whole networks on {}\n\n"
      "{} published latencies (ModelZoo-PyTorch 6a2804a3, ATC, force_fp16) of {} networks of {} "
      "models; graphs by `scripts/networks`.\n\n"
      "| left out of the fit | mean error | median | Spearman |\n|---|---|---|---|\n",
      calibration.soc.name, calibration.networks.size(), names.size(), models.size());
  text += row("each row (tenths, by hash)", all.by_case, all.measured) +
          row("each model, all its batches", all.by_group, all.measured) +
          row("plain roofline, nothing fitted", all.roofline, all.measured);
  text += fmt::format(
      "\nIntervals of nominally 90 % hold {} of the rows, their model left out.\n\n"
      "| family | rows | mean error, model left out | median | roofline |\n|---|---|---|---|---|\n",
      percent(calibration.coverage));
  for (const std::string& family : families)
    text += family_row(family, columns(calibration, family));
  text +=
      "\n| network | batch | measured us | predicted us, model left out | ratio |\n"
      "|---|---|---|---|---|\n";
  for (std::size_t i = 0; i < calibration.networks.size(); ++i) {
    const MeasuredCase& one = calibration.networks[i].measured;
    const double predicted = calibration.validation.by_group[i];
    text += fmt::format("| {} | {} | {:.0f} | {:.0f} | {:.2f} |\n", calibration.networks[i].network,
                        one.id.substr(one.id.rfind(' ') + 1), one.measured_us, predicted,
                        predicted / one.measured_us);
  }
  return text +
         "\n## Published rows that do not count\n\n| network | batch | why |\n|---|---|---|\n" +
         left_out_lines(calibration.left_out);
}

}  // namespace keel::calibration
