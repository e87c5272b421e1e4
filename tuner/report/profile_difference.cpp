#include "tuner/report/profile_difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "tuner/report/columns.h"
#include "tuner/report/csv.h"
#include "tuner/report/figures.h"
#include "tuner/report/kernel_cells.h"
#include "tuner/report/kernel_json.h"
#include "tuner/report/kernel_matching.h"
#include "tuner/report/wrapped.h"

namespace keel::report {
namespace {

using Cells = std::vector<std::string>;
using Json = nlohmann::ordered_json;

constexpr std::size_t kIndent = 4;

KernelRows pointers(const std::vector<KernelRow>& rows) {
  KernelRows all;
  for (const KernelRow& row : rows) all.push_back(&row);
  return all;
}

const KernelRow& row_of(const KernelChange& change) {
  return change.after ? *change.after : *change.before;
}

std::string us_cell(const std::optional<KernelRow>& row) {
  return row ? fmt::format("{:.2f}", row->us) : "-";
}

std::string kernel_lines(const ProfileDifference& difference) {
  std::vector<Cells> rows = {{"kernel", "", "class", "us before", "us after", "difference"}};
  for (const KernelChange& change : difference.kernels) {
    const KernelRow& row = row_of(change);
    rows.push_back({first_of(row.nodes, row.name, kKernelNameWidth), std::string(name(change.fate)),
                    row.kernel_class, us_cell(change.before), us_cell(change.after),
                    fmt::format("{:+.2f}", more_us(change))});
  }
  const std::vector<std::string> lines = column_lines(rows, std::array<std::size_t, 3>{0, 1, 2});
  std::string text = "\n" + lines.front();
  for (std::size_t i = 0; i < difference.kernels.size(); ++i) {
    text += lines[i + 1];
    const KernelChange& change = difference.kernels[i];
    if (change.fate != KernelFate::Changes) continue;
    const std::string what = what_changes(change);
    if (!what.empty()) text += wrapped(what, kIndent);
  }
  return text;
}

Json side_json(const ProfileSide& side) {
  return {{"variant", side.variant}, {"latency_us", side.latency_us}};
}

Json kernel_json(const KernelRow& row) {
  Json json = kernel_facts_json(row);
  json["us"] = row.us;
  json["bound"] = row.bound;
  return json;
}

}  // namespace

double more_us(const KernelChange& change) {
  return (change.after ? change.after->us : 0) - (change.before ? change.before->us : 0);
}

ProfileDifference profile_difference(ProfileSide before, ProfileSide after, double us,
                                     TimeInterval interval,
                                     const std::vector<KernelRow>& only_before,
                                     const std::vector<KernelRow>& only_after) {
  ProfileDifference result{std::move(before), std::move(after), us, interval, {}};
  const KernelMatching matching(pointers(only_before), pointers(only_after));
  for (std::size_t k = 0; k < only_before.size(); ++k) {
    const std::optional<std::size_t> place = matching.place_of(k);
    if (place) {
      result.kernels.push_back({KernelFate::Changes, only_before[k], only_after[*place]});
    } else {
      result.kernels.push_back({KernelFate::Vanishes, only_before[k], std::nullopt});
    }
  }
  for (std::size_t k = 0; k < only_after.size(); ++k)
    if (!matching.is_taken(k))
      result.kernels.push_back({KernelFate::Appears, std::nullopt, only_after[k]});
  std::ranges::stable_sort(result.kernels, std::ranges::greater{},
                           [](const KernelChange& change) { return std::abs(more_us(change)); });
  return result;
}

std::string verdict(const ProfileDifference& difference) {
  if (difference.is_empty()) return "no difference: both lists give the same program";
  const std::string range = fmt::format("in nine of ten cases {:+.1f} to {:+.1f} us",
                                        difference.interval.lo_us, difference.interval.hi_us);
  if (!difference.is_told_apart())
    return fmt::format(
        "the two cannot be told apart: the second list takes {:+.1f} us, {}, which contains 0",
        difference.us, range);
  return fmt::format("the second list takes {:.1f} us {}, {}, which does not contain 0",
                     std::abs(difference.us), difference.us > 0 ? "longer" : "less", range);
}

std::string difference_table(const ProfileDifference& difference) {
  const auto line = [](const char* what, const ProfileSide& side) {
    return wrapped(fmt::format("{}: {}, {:.1f} us", what, side.variant, side.latency_us), 0);
  };
  return line("before", difference.before) + line("after", difference.after) +
         wrapped(verdict(difference), 0) + (difference.is_empty() ? "" : kernel_lines(difference));
}

std::string difference_csv(const ProfileDifference& difference) {
  std::string text = csv_line(Cells{"change", "name", "nodes", "ascend_types", "class", "before_us",
                                    "after_us", "difference_us", "lo_us", "hi_us"});
  text += csv_line(Cells{"total", "", "", "", "", shortest(difference.before.latency_us),
                         shortest(difference.after.latency_us), shortest(difference.us),
                         shortest(difference.interval.lo_us), shortest(difference.interval.hi_us)});
  const auto us = [](const std::optional<KernelRow>& row) { return row ? shortest(row->us) : ""; };
  for (const KernelChange& change : difference.kernels) {
    const KernelRow& row = row_of(change);
    text += csv_line(Cells{std::string(name(change.fate)), row.name, csv_list(row.nodes),
                           csv_list(row.ascend_types), row.kernel_class, us(change.before),
                           us(change.after), shortest(more_us(change)), "", ""});
  }
  return text;
}

std::string difference_json(const ProfileDifference& difference) {
  Json kernels = Json::array();
  for (const KernelChange& change : difference.kernels) {
    Json json = {{"change", name(change.fate)}, {"difference_us", more_us(change)}};
    if (change.before) json["before"] = kernel_json(*change.before);
    if (change.after) json["after"] = kernel_json(*change.after);
    kernels.push_back(std::move(json));
  }
  const Json json = {{"difference_us", difference.us},
                     {"interval_us", {difference.interval.lo_us, difference.interval.hi_us}},
                     {"told_apart", difference.is_told_apart()},
                     {"before", side_json(difference.before)},
                     {"after", side_json(difference.after)},
                     {"kernels", std::move(kernels)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace keel::report
