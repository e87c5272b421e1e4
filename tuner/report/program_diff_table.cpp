#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "compiler/base/check.h"
#include "tuner/report/columns.h"
#include "tuner/report/kernel_cells.h"
#include "tuner/report/program_diff.h"
#include "tuner/report/program_table.h"
#include "tuner/report/wrapped.h"

namespace keel::report {
namespace {

using Cells = std::vector<std::string>;
using Json = nlohmann::ordered_json;

constexpr std::size_t kIndent = 4;

std::string joined(const std::vector<std::string>& list) {
  return fmt::format("{}", fmt::join(list, ","));
}

// Names that `list` has and `other` has not, each after `sign`.
std::string only_in(const std::vector<std::string>& list, const std::vector<std::string>& other,
                    const char* sign) {
  std::string text;
  for (const std::string& name : list)
    if (std::ranges::find(other, name) == other.end()) text += sign + name;
  return text;
}

std::string plural(std::size_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string time_line(const ProgramDiff& diff) {
  if (!diff.before_us || !diff.after_us) return "";
  const double more_us = *diff.after_us - *diff.before_us;
  const std::string share =
      *diff.before_us > 0 ? fmt::format(", {:+.1f}%", 100 * more_us / *diff.before_us) : "";
  return fmt::format("latency {:.1f} -> {:.1f} us ({:+.1f} us{})\n", *diff.before_us,
                     *diff.after_us, more_us, share);
}

std::string node_section(const ProgramDiff& diff) {
  if (diff.nodes.empty()) return "";
  std::string text =
      "\n" + plural(diff.nodes.size(), "node has another dtype", "nodes have another dtype") + "\n";
  std::vector<Cells> rows = {{"node", "ascend type", "before", "after"}};
  for (const NodeChange& change : diff.nodes)
    rows.push_back({shortened(change.after.node, kKernelNameWidth),
                    shortened(change.after.ascend_type, kAscendTypeWidth), change.before.dtype,
                    change.after.dtype});
  const std::vector<std::string> lines = column_lines(rows, std::array<std::size_t, 4>{0, 1, 2, 3});
  text += lines.front();
  for (std::size_t i = 0; i < diff.nodes.size(); ++i)
    text += lines[i + 1] +
            wrapped("by " + diff.nodes[i].before.rule + ", then by " + diff.nodes[i].after.rule,
                    kIndent);
  return text;
}

std::string us_cell(const std::optional<KernelRow>& row) {
  return row ? fmt::format("{:.2f}", row->us) : "";
}

std::size_t count_fate(const ProgramDiff& diff, KernelFate fate) {
  return static_cast<std::size_t>(std::ranges::count(diff.kernels, fate, &KernelChange::fate));
}

std::string kernel_section(const ProgramDiff& diff) {
  if (diff.kernels.empty()) return "";
  const bool has_times = diff.before_us && diff.after_us;
  std::vector<Cells> rows = {{"kernel", "", "class"}};
  if (has_times) rows.front().insert(rows.front().end(), {"us before", "us after"});
  for (const KernelChange& change : diff.kernels) {
    const KernelRow& row = change.after ? *change.after : *change.before;
    rows.push_back({first_of(row.nodes, row.name, kKernelNameWidth), std::string(name(change.fate)),
                    row.kernel_class});
    if (has_times)
      rows.back().insert(rows.back().end(), {us_cell(change.before), us_cell(change.after)});
  }
  const std::vector<std::string> lines = column_lines(rows, std::array<std::size_t, 3>{0, 1, 2});
  std::string text = fmt::format(
      "\nkernels: {} change, {} appear, {} vanish\n{}", count_fate(diff, KernelFate::Changes),
      count_fate(diff, KernelFate::Appears), count_fate(diff, KernelFate::Vanishes), lines.front());
  for (std::size_t i = 0; i < diff.kernels.size(); ++i) {
    text += lines[i + 1];
    if (diff.kernels[i].fate == KernelFate::Changes)
      text += wrapped(what_changes(diff.kernels[i]), kIndent);
  }
  return text;
}

std::string cast_section(const std::vector<ProgramCast>& casts, const char* what) {
  if (casts.empty()) return "";
  std::string text = "\n" + plural(casts.size(), "cast", "casts") + " " + what + "\n";
  for (const ProgramCast& cast : casts) text += wrapped(reason(cast), kIndent);
  return text;
}

Json kernel_json(const KernelRow& row, bool has_times) {
  Json json = {{"name", row.name}, {"nodes", row.nodes}, {"class", row.kernel_class}};
  if (!row.compute.empty()) json["compute"] = row.compute;
  json["dtypes_in"] = row.dtypes_in;
  json["dtypes_out"] = row.dtypes_out;
  if (has_times) json["us"] = row.us;
  return json;
}

Json side_json(const std::string& variant, const std::optional<double>& us) {
  Json json = {{"variant", variant}};
  if (us) json["latency_us"] = *us;
  return json;
}

Json casts_json(const std::vector<ProgramCast>& casts) {
  Json json = Json::array();
  for (const ProgramCast& cast : casts) json.push_back(to_json(cast));
  return json;
}

}  // namespace

std::string what_changes(const KernelChange& change) {
  KEEL_CHECK(change.before && change.after);
  const KernelRow& before = *change.before;
  const KernelRow& after = *change.after;
  Cells parts;
  const auto compare = [&](const char* what, const std::string& a, const std::string& b) {
    if (a != b) parts.push_back(fmt::format("{} {} -> {}", what, a, b));
  };
  compare("class", before.kernel_class, after.kernel_class);
  compare("in", joined(before.dtypes_in), joined(after.dtypes_in));
  compare("out", joined(before.dtypes_out), joined(after.dtypes_out));
  compare("multiplied in", before.compute, after.compute);
  const std::string nodes =
      only_in(before.nodes, after.nodes, " -") + only_in(after.nodes, before.nodes, " +");
  if (!nodes.empty()) parts.push_back("nodes" + nodes);
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string diff_table(const ProgramDiff& diff) {
  const std::string head =
      wrapped("before: " + diff.before, 0) + wrapped("after: " + diff.after, 0);
  if (diff.is_empty()) return head + "no difference: both lists give the same program\n";
  return head + time_line(diff) + node_section(diff) + kernel_section(diff) +
         cast_section(diff.casts_added, "added") + cast_section(diff.casts_removed, "removed");
}

std::string diff_json(const ProgramDiff& diff) {
  Json nodes = Json::array();
  for (const NodeChange& change : diff.nodes)
    nodes.push_back({{"node", change.after.node},
                     {"ascend_type", change.after.ascend_type},
                     {"before", {{"dtype", change.before.dtype}, {"rule", change.before.rule}}},
                     {"after", {{"dtype", change.after.dtype}, {"rule", change.after.rule}}}});
  const bool has_times = diff.before_us && diff.after_us;
  Json kernels = Json::array();
  for (const KernelChange& change : diff.kernels) {
    Json json = {{"change", name(change.fate)}};
    if (change.before) json["before"] = kernel_json(*change.before, has_times);
    if (change.after) json["after"] = kernel_json(*change.after, has_times);
    kernels.push_back(std::move(json));
  }
  const Json json = {{"differs", !diff.is_empty()},
                     {"before", side_json(diff.before, diff.before_us)},
                     {"after", side_json(diff.after, diff.after_us)},
                     {"nodes", std::move(nodes)},
                     {"kernels", std::move(kernels)},
                     {"casts_added", casts_json(diff.casts_added)},
                     {"casts_removed", casts_json(diff.casts_removed)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace keel::report
