#include "profiler/calibration/network_cases.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "compiler/base/file.h"
#include "compiler/onnx/load.h"
#include "compiler/program/compile.h"

namespace keel::calibration {
namespace {

namespace fs = std::filesystem;

Error wrong_row(const fs::path& list, const nlohmann::json& row) {
  return {ErrorCode::InvalidConfig, "a network is not described: " + row.dump(), list.string(),
          "give file, network, family, model, batch and us"};
}

bool is_described(const nlohmann::json& row) {
  if (!row.is_object()) return false;
  for (const char* text : {"file", "network", "family", "model"})
    if (!row.contains(text) || !row[text].is_string()) return false;
  return row.contains("batch") && row["batch"].is_number_integer() && row.contains("us") &&
         row["us"].is_number() && row["us"].get<double>() > 0;
}

Result<program::Program> compiled(const ascend::Soc& soc, const ascend::OpTable& table,
                                  const fs::path& file) {
  KEEL_TRY(onnx_io::Model model, onnx_io::load(file, {}));
  KEEL_TRY(const program::PreparedModel prepared,
           program::PreparedModel::prepare(std::move(model.graph), table, soc));
  const ascend::Precision half{DType::F16, DType::F16, FloatFormat::F16};
  return prepared.compile(std::vector<ascend::Precision>(prepared.units().size(), half));
}

}  // namespace

Result<std::vector<MeasuredNetwork>> network_cases(const ascend::Soc& soc,
                                                   const ascend::OpTable& table,
                                                   const fs::path& folder) {
  const fs::path list = folder / "networks.json";
  Result<std::string> text = read_file(list);
  if (!text.ok())
    return Error{ErrorCode::NotReadable, "there is no list of networks", list.string(),
                 "write the networks first: scripts/save_networks.py FOLDER"};
  const nlohmann::json rows = nlohmann::json::parse(*text, nullptr, false);
  if (!rows.is_array()) return wrong_row(list, rows);
  std::vector<MeasuredNetwork> networks;
  std::map<std::string, MeasuredCase> by_file;
  for (const nlohmann::json& row : rows) {
    if (!is_described(row)) return wrong_row(list, row);
    const auto file = row["file"].get<std::string>();
    auto known = by_file.find(file);
    if (known == by_file.end()) {
      KEEL_TRY(const program::Program program, compiled(soc, table, folder / file));
      known = by_file.emplace(file, case_of(soc, "", "", 0, program)).first;
    }
    MeasuredCase one = known->second;
    one.group = row["model"].get<std::string>();
    one.id = one.group + " " + row["network"].get<std::string>() + " " +
             std::to_string(row["batch"].get<int>());
    one.measured_us = row["us"].get<double>();
    networks.push_back(
        {row["network"].get<std::string>(), row["family"].get<std::string>(), std::move(one)});
  }
  return networks;
}

Result<std::vector<LeftOutRow>> left_out_rows(const fs::path& folder) {
  const fs::path list = folder / "left_out.json";
  Result<std::string> text = read_file(list);
  if (!text.ok())
    return Error{ErrorCode::NotReadable, "there is no list of rows that do not count",
                 list.string(), "write the networks first: scripts/save_networks.py FOLDER"};
  const nlohmann::json rows = nlohmann::json::parse(*text, nullptr, false);
  const auto is_described_row = [](const nlohmann::json& row) {
    return row.is_object() && row.contains("network") && row["network"].is_string() &&
           row.contains("batch") && row["batch"].is_number_integer() && row.contains("reason") &&
           row["reason"].is_string() && row["reason"] != "";
  };
  if (!rows.is_array() || !std::ranges::all_of(rows, is_described_row))
    return Error{ErrorCode::InvalidConfig, "a row that does not count is not described",
                 list.string(), "give network, batch and reason"};
  std::vector<LeftOutRow> result;
  for (const nlohmann::json& row : rows)
    result.push_back({row["network"].get<std::string>(), row["batch"].get<int>(),
                      row["reason"].get<std::string>()});
  return result;
}

}  // namespace keel::calibration
