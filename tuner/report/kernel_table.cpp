#include "tuner/report/kernel_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <numeric>

#include "tuner/report/columns.h"
#include "tuner/report/csv.h"
#include "tuner/report/figures.h"
#include "tuner/report/kernel_cells.h"
#include "tuner/report/kernel_json.h"
#include "tuner/report/wrapped.h"

namespace keel::report {
namespace {

using Cells = std::vector<std::string>;
using Json = nlohmann::ordered_json;

// The least a kernel's name gets where the other columns are as wide as they can be.
constexpr std::size_t kLeastNameWidth = 20;
constexpr std::size_t kTypeWidth = 12;

constexpr std::size_t kGap = 2;  // of columns()

double share(double part_us, double whole_us) { return whole_us > 0 ? part_us / whole_us : 0; }

struct Part {
  const char* name;     // in CSV and JSON, before "_us" and "_share"
  const char* heading;  // in the table
  double KernelRow::*us;
};
constexpr std::array kParts = {
    Part{"launch", "launch", &KernelRow::launch_us}, Part{"cube", "cube", &KernelRow::cube_us},
    Part{"vector", "vec", &KernelRow::vector_us}, Part{"memory", "mem", &KernelRow::memory_us},
    Part{"relayout", "pad", &KernelRow::relayout_us}};

std::string execution_line(const Profile& profile) {
  if (profile.execution_us <= 0) return "";
  return fmt::format("of it the execution itself, whatever it runs: {:.1f} us\n",
                     profile.execution_us);
}

std::string summary(const Profile& profile) {
  return fmt::format(
      "{}\nlatency {:.1f} us, in nine of ten cases {:.1f} to {:.1f} us\n"
      "{}{} kernels launched, {} casts inserted, {} of them kernels of their own\n",
      profile.variant, profile.latency_us, profile.interval.lo_us, profile.interval.hi_us,
      execution_line(profile), std::ranges::count_if(profile.kernels, &ProfiledKernel::is_launched),
      profile.casts, std::ranges::count_if(profile.kernels, [](const ProfiledKernel& kernel) {
        return kernel.row.kernel_class == "cast" && kernel.row.nodes.empty();
      }));
}

std::string us_cell(double us) { return fmt::format("{:.{}f}", us, us < 1e6 ? 2 : 0); }

std::string percent(double share) { return fmt::format("{:.0f}%", 100 * share); }

Cells cells(const Profile& profile, const KernelRow& row) {
  Cells cells = {"",
                 first_of(row.ascend_types, "", kTypeWidth),
                 row.kernel_class,
                 dtypes_cell(row.dtypes_in),
                 dtypes_cell(row.dtypes_out),
                 us_cell(row.us),
                 fmt::format("{:.1f}%", 100 * share(row.us, profile.latency_us))};
  for (const Part& part : kParts) cells.push_back(percent(share(row.*part.us, row.us)));
  cells.push_back(row.bound);
  return cells;
}

// What the other columns leave of a line.
std::size_t name_width(const std::vector<Cells>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const Cells& row : rows)
    for (std::size_t i = 1; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  const std::size_t others =
      std::accumulate(widths.begin() + 1, widths.end(), kGap * (widths.size() - 1));
  const std::size_t left = kTableWidth - std::min(kTableWidth, others);
  return std::clamp(left, kLeastNameWidth, kKernelNameWidth);
}

Json interval_json(const TimeInterval& interval) { return {interval.lo_us, interval.hi_us}; }

Json kernel_json(const Profile& profile, const ProfiledKernel& kernel) {
  const KernelRow& row = kernel.row;
  Json json = kernel_facts_json(row);
  json["us"] = row.us;
  json["interval_us"] = interval_json(kernel.interval);
  json["share"] = share(row.us, profile.latency_us);
  for (const Part& part : kParts) json[std::string(part.name) + "_us"] = row.*part.us;
  for (const Part& part : kParts)
    json[std::string(part.name) + "_share"] = share(row.*part.us, row.us);
  json["bound"] = row.bound;
  return json;
}

}  // namespace

std::string profile_table(const Profile& profile) {
  Cells heading = {"kernel", "ascend type", "class", "in", "out", "us", "share"};
  for (const Part& part : kParts) heading.emplace_back(part.heading);
  heading.emplace_back("bound");
  std::vector<Cells> rows = {std::move(heading)};
  for (const ProfiledKernel& kernel : profile.kernels) rows.push_back(cells(profile, kernel.row));
  const std::size_t width = name_width(rows);
  for (std::size_t k = 0; k < profile.kernels.size(); ++k) {
    const KernelRow& row = profile.kernels[k].row;
    rows[k + 1][0] = first_of(row.nodes, row.name, width);
  }
  constexpr std::array<std::size_t, 6> kLeft = {0, 1, 2, 3, 4, 12};
  return summary(profile) + "\n" + columns(rows, kLeft);
}

std::string profile_csv(const Profile& profile) {
  Cells header = {"name",       "nodes", "ascend_types", "class", "compute", "dtypes_in",
                  "dtypes_out", "us",    "lo_us",        "hi_us", "share"};
  for (const char* suffix : {"_us", "_share"})
    for (const Part& part : kParts) header.push_back(std::string(part.name) + suffix);
  header.emplace_back("bound");
  std::string text = csv_line(header);
  for (const ProfiledKernel& kernel : profile.kernels) {
    const KernelRow& row = kernel.row;
    Cells cells = {row.name,
                   csv_list(row.nodes),
                   csv_list(row.ascend_types),
                   row.kernel_class,
                   row.compute,
                   csv_list(row.dtypes_in),
                   csv_list(row.dtypes_out),
                   shortest(row.us),
                   shortest(kernel.interval.lo_us),
                   shortest(kernel.interval.hi_us),
                   shortest(share(row.us, profile.latency_us))};
    for (const Part& part : kParts) cells.push_back(shortest(row.*part.us));
    for (const Part& part : kParts) cells.push_back(shortest(share(row.*part.us, row.us)));
    cells.push_back(row.bound);
    text += csv_line(cells);
  }
  return text;
}

std::string profile_json(const Profile& profile) {
  Json kernels = Json::array();
  for (const ProfiledKernel& kernel : profile.kernels)
    kernels.push_back(kernel_json(profile, kernel));
  const Json json = {{"latency_us", profile.latency_us},
                     {"execution_us", profile.execution_us},
                     {"interval_us", interval_json(profile.interval)},
                     {"kernels", std::move(kernels)},
                     {"variant", profile.variant},
                     {"casts", profile.casts}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace keel::report
