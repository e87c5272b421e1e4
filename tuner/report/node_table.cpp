#include "tuner/report/node_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>

#include "tuner/report/csv.h"
#include "tuner/report/range_finding.h"

namespace keel::report {
namespace {

constexpr std::array kColumns = std::to_array<const char*>(
    {"name", "onnx_op", "ascend_type", "unit", "class", "state", "dtype", "largest",
     "smallest_nonzero", "overflow_percent", "underflow_percent", "alone_error",
     "accumulated_error", "non_finite_samples"});
constexpr std::size_t kColumnsWithoutData = 7;

using Cells = std::vector<std::string>;

// Cells of one row; the range columns are empty without data.
Cells cells(const NodeRow& row) {
  Cells result = {row.name,       row.onnx_op, row.ascend_type, row.unit,
                  row.unit_class, row.state,   row.dtype};
  if (row.range && row.range->samples > 0) {
    const bool has_nonzero = row.range->largest > 0;
    result.push_back(fmt::format("{:.4g}", row.range->largest));
    result.push_back(has_nonzero ? fmt::format("{:.4g}", row.range->smallest_nonzero) : "");
    result.push_back(fmt::format("{:.3g}", 100 * row.range->overflow_share()));
    result.push_back(fmt::format("{:.3g}", 100 * row.range->underflow_share()));
  }
  result.resize(kColumns.size() - 3);
  if (row.error) {
    result.push_back(fmt::format("{:.3g}", row.error->alone));
    result.push_back(fmt::format("{:.3g}", row.error->accumulated));
    result.push_back(std::to_string(row.error->non_finite));
  }
  result.resize(kColumns.size());
  return result;
}

std::size_t shown_columns(const std::vector<NodeRow>& rows) {
  const bool with_range =
      std::ranges::any_of(rows, [](const NodeRow& row) { return row.range.has_value(); });
  return with_range ? kColumns.size() : kColumnsWithoutData;
}

// What `order` sorts by; negative where the row has no such figure.
double figure(const NodeRow& row, std::string_view order) {
  if (order == "overflow" || order == "underflow") {
    if (!row.range || row.range->samples == 0) return -1;
    return order == "overflow" ? row.range->overflow_share() : row.range->underflow_share();
  }
  if (!row.error) return -1;
  if (order == "alone") return row.error->alone;
  if (order == "accumulated") return row.error->accumulated;
  return static_cast<double>(row.error->non_finite);
}

}  // namespace

void sort_nodes(std::vector<NodeRow>& rows, std::string_view order) {
  if (order == "file") return;
  std::ranges::stable_sort(rows, std::ranges::greater{},
                           [&](const NodeRow& row) { return figure(row, order); });
}

std::vector<NodeRow> filter_nodes(const std::vector<NodeRow>& rows, std::string_view text) {
  std::vector<NodeRow> kept;
  std::ranges::copy_if(rows, std::back_inserter(kept), [&](const NodeRow& row) {
    return std::ranges::any_of(
        std::array{&row.name, &row.onnx_op, &row.ascend_type},
        [&](const std::string* field) { return field->find(text) != std::string::npos; });
  });
  return kept;
}

std::string nodes_table(const std::vector<NodeRow>& rows) {
  const std::size_t columns = shown_columns(rows);
  std::vector<Cells> lines = {Cells(kColumns.begin(), kColumns.end())};
  for (const NodeRow& row : rows) lines.push_back(cells(row));
  std::vector<std::size_t> widths(columns, 0);
  for (const Cells& line : lines)
    for (std::size_t c = 0; c < columns; ++c) widths[c] = std::max(widths[c], line[c].size());
  std::string text;
  for (const Cells& line : lines) {
    std::string out;
    for (std::size_t c = 0; c < columns; ++c) out += fmt::format("{:<{}}  ", line[c], widths[c]);
    text += out.substr(0, out.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string nodes_csv(const std::vector<NodeRow>& rows) {
  const std::size_t columns = shown_columns(rows);
  std::string text;
  const auto add = [&](const Cells& line) { text += csv_line(std::span(line).first(columns)); };
  add(Cells(kColumns.begin(), kColumns.end()));
  for (const NodeRow& row : rows) add(cells(row));
  return text;
}

namespace {

// JSON has no infinity.
nlohmann::ordered_json finite_or_null(double value) {
  if (std::isfinite(value)) return value;
  return nullptr;
}

}  // namespace

std::string nodes_json(const std::vector<NodeRow>& rows) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const NodeRow& row : rows) {
    nlohmann::ordered_json node = {
        {"name", row.name},  {"onnx_op", row.onnx_op},  {"ascend_type", row.ascend_type},
        {"unit", row.unit},  {"class", row.unit_class}, {"state", row.state},
        {"dtype", row.dtype}};
    if (row.range && row.range->samples > 0) {
      nlohmann::ordered_json& range = node["range"];
      for_each_figure(*row.range, [&](const char* name, auto value) { range[name] = value; });
    }
    if (row.error)
      node["error"] = {{"alone", finite_or_null(row.error->alone)},
                       {"accumulated", finite_or_null(row.error->accumulated)},
                       {"non_finite_samples", row.error->non_finite}};
    list.push_back(std::move(node));
  }
  return list.dump(2) + "\n";
}

}  // namespace keel::report
