#include "tuner/report/program_table.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <span>

#include "tuner/report/columns.h"
#include "tuner/report/csv.h"
#include "tuner/report/figures.h"
#include "tuner/report/kernel_cells.h"
#include "tuner/report/wrapped.h"

namespace keel::report {
namespace {

using Cells = std::vector<std::string>;
using Json = nlohmann::ordered_json;

// Below the name of the kernel, so that a row is told from what belongs to it.
constexpr std::size_t kIndent = 4;

// Narrower than where there is no tile: 9 columns for it and its gap.
constexpr std::size_t kNameWidth = kKernelNameWidth - 6;
constexpr std::size_t kTypeWidth = kAscendTypeWidth - 3;

std::string bytes_cell(std::int64_t bytes) {
  constexpr std::array kUnits = {"kB", "MB", "GB", "TB"};
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double amount = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  for (; amount >= 999.95 && unit + 1 < kUnits.size(); ++unit) amount /= 1000;
  return fmt::format("{:.1f} {}", amount, kUnits[unit]);
}

std::string summary(const ProgramListing& program) {
  const ProgramCounts counts = count(program);
  return fmt::format(
      "{}\n{}{} kernels launched, {} casts inserted, {} of them kernels of their own\n",
      program.variant,
      program.latency_us ? fmt::format("latency {:.1f} us, ", *program.latency_us) : "",
      counts.launches, counts.casts, counts.cast_kernels);
}

Cells cells(const ProgramListing& program, const ProgramKernel& kernel) {
  const KernelRow& row = kernel.row;
  Cells cells = {first_of(row.nodes, row.name, kNameWidth),
                 first_of(row.ascend_types, "", kTypeWidth),
                 row.kernel_class,
                 fmt::format("{}", fmt::join(row.tile, "x")),
                 dtypes_cell(row.dtypes_in),
                 dtypes_cell(row.dtypes_out),
                 bytes_cell(kernel.bytes_read),
                 bytes_cell(kernel.bytes_written)};
  if (program.latency_us) cells.push_back(fmt::format("{:.2f}", row.us));
  return cells;
}

std::string quoted(const std::vector<std::string>& names) {
  return fmt::format("'{}'", fmt::join(names, "', '"));
}

// What belongs to a kernel and fits no column.
std::string details(const ProgramKernel& kernel) {
  std::string text;
  if (kernel.members.size() > 1) {
    std::string nodes = "nodes:";
    for (const ProgramMember& member : kernel.members)
      nodes += (&member == &kernel.members.front() ? " " : ", ") + member.node + " (" +
               member.ascend_type + ")";
    text += wrapped(nodes, kIndent);
  }
  for (const ProgramCast& cast : kernel.casts) text += wrapped(reason(cast), kIndent);
  if (!kernel.moved_by.empty())
    text += wrapped("layout: " + quoted(kernel.moved_by) +
                        (kernel.moved_by.size() > 1 ? " move elements" : " moves elements"),
                    kIndent);
  for (const ProgramRelayout& relayout : kernel.relayouts)
    text += wrapped(reason(relayout), kIndent);
  return text;
}

Json kernel_json(const ProgramListing& program, const ProgramKernel& kernel) {
  const KernelRow& row = kernel.row;
  Json members = Json::array();
  for (const ProgramMember& member : kernel.members) {
    members.push_back({{"node", member.node}, {"ascend_type", member.ascend_type}});
    if (member.dtype.empty()) continue;
    members.back()["dtype"] = member.dtype;
    members.back()["rule"] = member.rule;
  }
  Json casts = Json::array();
  for (const ProgramCast& cast : kernel.casts) casts.push_back(to_json(cast));
  Json json = {{"name", row.name}, {"members", std::move(members)}, {"class", row.kernel_class}};
  if (!row.compute.empty()) json["compute"] = row.compute;
  if (!row.tile.empty()) json["tile"] = row.tile;
  json["dtypes_in"] = row.dtypes_in;
  json["dtypes_out"] = row.dtypes_out;
  json["casts"] = std::move(casts);
  if (!kernel.moved_by.empty()) json["moved_by"] = kernel.moved_by;
  for (const ProgramRelayout& relayout : kernel.relayouts)
    json["relayouts"].push_back({{"tensor", relayout.tensor},
                                 {"extents", relayout.extents},
                                 {"blocks", relayout.blocks},
                                 {"after", relayout.is_result},
                                 {"reason", reason(relayout)}});
  json["bytes_read"] = kernel.bytes_read;
  json["bytes_written"] = kernel.bytes_written;
  if (program.latency_us) json["us"] = row.us;
  return json;
}

}  // namespace

std::string program_table(const ProgramListing& program) {
  std::vector<Cells> rows = {
      {"kernel", "ascend type", "class", "tile", "in", "out", "read", "written"}};
  if (program.latency_us) rows.front().emplace_back("us");
  for (const ProgramKernel& kernel : program.kernels) rows.push_back(cells(program, kernel));
  constexpr std::array<std::size_t, 6> kLeft = {0, 1, 2, 3, 4, 5};
  const std::vector<std::string> lines = column_lines(rows, kLeft);
  std::string text = summary(program) + "\n" + lines.front();
  for (std::size_t k = 0; k < program.kernels.size(); ++k)
    text += lines[k + 1] + details(program.kernels[k]);
  return text;
}

std::string program_csv(const ProgramListing& program) {
  Cells header = {"name",       "members", "class",    "compute",   "tile",       "dtypes_in",
                  "dtypes_out", "casts",   "moved_by", "relayouts", "bytes_read", "bytes_written"};
  if (program.latency_us) header.emplace_back("us");
  std::string text = csv_line(header);
  for (const ProgramKernel& kernel : program.kernels) {
    const KernelRow& row = kernel.row;
    Cells members;
    for (const ProgramMember& member : kernel.members)
      members.push_back(member.node + ":" + member.ascend_type);
    Cells reasons;
    for (const ProgramCast& cast : kernel.casts) reasons.push_back(reason(cast));
    Cells layouts;
    for (const ProgramRelayout& relayout : kernel.relayouts) layouts.push_back(reason(relayout));
    Cells cells = {row.name,
                   csv_list(members),
                   row.kernel_class,
                   row.compute,
                   fmt::format("{}", fmt::join(row.tile, "x")),
                   csv_list(row.dtypes_in),
                   csv_list(row.dtypes_out),
                   fmt::format("{}", fmt::join(reasons, "; ")),
                   csv_list(kernel.moved_by),
                   fmt::format("{}", fmt::join(layouts, "; ")),
                   std::to_string(kernel.bytes_read),
                   std::to_string(kernel.bytes_written)};
    if (program.latency_us) cells.push_back(shortest(row.us));
    text += csv_line(cells);
  }
  return text;
}

std::string program_json(const ProgramListing& program) {
  const ProgramCounts counts = count(program);
  Json kernels = Json::array();
  for (const ProgramKernel& kernel : program.kernels)
    kernels.push_back(kernel_json(program, kernel));
  Json json = Json::object();
  if (program.latency_us) json["latency_us"] = *program.latency_us;
  json["kernels"] = std::move(kernels);
  json["variant"] = program.variant;
  json["launches"] = counts.launches;
  json["casts"] = counts.casts;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

nlohmann::ordered_json to_json(const ProgramCast& cast) {
  const auto end_json = [](const CastEnd& end) {
    return Json{{"name", end.name}, {"state", end.state}};
  };
  Json consumers = Json::array();
  for (const CastEnd& consumer : cast.consumers) consumers.push_back(end_json(consumer));
  return {{"tensor", cast.tensor},
          {"from", cast.from},
          {"to", cast.to},
          {"producer", end_json(cast.producer)},
          {"consumers", std::move(consumers)},
          {"reason", reason(cast)}};
}

}  // namespace keel::report
