#include "tuner/report/kernel_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "tuner/report/columns.h"
#include "tuner/report/csv.h"
#include "tuner/report/figures.h"
#include "tuner/report/kernel_cells.h"

namespace keel::report {
namespace {

using Cells = std::vector<std::string>;

double share(const Profile& profile, const KernelRow& row) {
  return profile.latency_us > 0 ? row.us / profile.latency_us : 0;
}

std::size_t count_class(const Profile& profile, const char* kernel_class) {
  return static_cast<std::size_t>(
      std::ranges::count(profile.kernels, kernel_class, &KernelRow::kernel_class));
}

std::string summary(const Profile& profile) {
  const std::size_t silent = count_class(profile, "none");
  return fmt::format(
      "{}\nlatency {:.1f} us, {} kernels launched, {} casts inserted, {} of them kernels of their "
      "own\n",
      profile.variant, profile.latency_us, profile.kernels.size() - silent, profile.casts,
      std::ranges::count_if(profile.kernels, [](const KernelRow& row) {
        return row.kernel_class == "cast" && row.nodes.empty();
      }));
}

}  // namespace

std::string profile_table(const Profile& profile) {
  std::vector<Cells> rows = {
      {"kernel", "ascend type", "class", "in", "out", "us", "share", "bound"}};
  for (const KernelRow& row : profile.kernels)
    rows.push_back({first_of(row.nodes, row.name, kKernelNameWidth),
                    first_of(row.ascend_types, "", kAscendTypeWidth), row.kernel_class,
                    dtypes_cell(row.dtypes_in), dtypes_cell(row.dtypes_out),
                    fmt::format("{:.2f}", row.us),
                    fmt::format("{:.1f}%", 100 * share(profile, row)), row.bound});
  constexpr std::array<std::size_t, 6> kLeft = {0, 1, 2, 3, 4, 7};
  return summary(profile) + "\n" + columns(rows, kLeft);
}

std::string profile_csv(const Profile& profile) {
  const Cells header = {"name",      "nodes",      "ascend_types", "class", "compute",
                        "dtypes_in", "dtypes_out", "us",           "share", "launch_us",
                        "cube_us",   "vector_us",  "memory_us",    "bound"};
  const auto joined = [](const std::vector<std::string>& list) {
    return fmt::format("{}", fmt::join(list, " "));
  };
  std::string text = csv_line(header);
  for (const KernelRow& row : profile.kernels) {
    const Cells cells = {row.name,
                         joined(row.nodes),
                         joined(row.ascend_types),
                         row.kernel_class,
                         row.compute,
                         joined(row.dtypes_in),
                         joined(row.dtypes_out),
                         shortest(row.us),
                         shortest(share(profile, row)),
                         shortest(row.launch_us),
                         shortest(row.cube_us),
                         shortest(row.vector_us),
                         shortest(row.memory_us),
                         row.bound};
    text += csv_line(cells);
  }
  return text;
}

std::string profile_json(const Profile& profile) {
  using Json = nlohmann::ordered_json;
  Json kernels = Json::array();
  for (const KernelRow& row : profile.kernels) {
    Json kernel = {{"name", row.name},
                   {"nodes", row.nodes},
                   {"ascend_types", row.ascend_types},
                   {"class", row.kernel_class}};
    if (!row.compute.empty()) kernel["compute"] = row.compute;
    kernel["dtypes_in"] = row.dtypes_in;
    kernel["dtypes_out"] = row.dtypes_out;
    kernel["us"] = row.us;
    kernel["share"] = share(profile, row);
    kernel["launch_us"] = row.launch_us;
    kernel["cube_us"] = row.cube_us;
    kernel["vector_us"] = row.vector_us;
    kernel["memory_us"] = row.memory_us;
    kernel["bound"] = row.bound;
    kernels.push_back(std::move(kernel));
  }
  const Json json = {{"latency_us", profile.latency_us},
                     {"kernels", std::move(kernels)},
                     {"variant", profile.variant},
                     {"casts", profile.casts}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace keel::report
