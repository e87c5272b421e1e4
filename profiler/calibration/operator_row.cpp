#include "profiler/calibration/operator_row.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace keel::calibration {
namespace {

using Json = nlohmann::json;

std::string spelled(const std::string& dtype) {
  static const std::map<std::string, std::string> kNames = {
      {"float16", "f16"}, {"bfloat16", "bf16"}, {"float32", "f32"}, {"int8", "i8"},
      {"uint8", "u8"},    {"int32", "i32"},     {"int64", "i64"},   {"bool", "bool"}};
  const auto found = kNames.find(dtype);
  return found != kNames.end() ? found->second : dtype;
}

std::vector<Shape> shapes_of(const Json& operand) {
  if (operand.is_null()) return {};
  if (operand.empty() || operand[0].is_number()) return {operand.get<Shape>()};
  return operand.get<std::vector<Shape>>();
}

// Numbers come as numbers, booleans, lists, and texts like "1e-06" or "inf".
void add_attribute(const std::string& name, const Json& value, OperatorRow& row) {
  if (value.is_number() || value.is_boolean()) {
    row.numbers[name] = {value.is_boolean() ? static_cast<double>(value.get<bool>())
                                            : value.get<double>()};
  } else if (value.is_array() && !value.empty() && value[0].is_number()) {
    row.numbers[name] = value.get<std::vector<double>>();
  } else if (value.is_string()) {
    const std::string text = value.get<std::string>();
    row.texts[name] = text;
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    if (end != text.c_str() && *end == 0) row.numbers[name] = {number};
  }
}

// "Cast×2 + ReduceMean×1".
std::map<std::string, int> launches_of(const std::string& text) {
  static const std::string kTimes = "\u00d7";
  std::map<std::string, int> launches;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t times = text.find(kTimes, at);
    if (times == std::string::npos) break;
    const std::size_t end = std::min(text.find(" + ", times), text.size());
    launches[text.substr(at, times - at)] += std::stoi(text.substr(times + kTimes.size()));
    at = end + 3;
  }
  return launches;
}

OperatorRow row_of(const Json& entry) {
  OperatorRow row;
  row.op = entry.at("op").get<std::string>();
  row.id = row.op + "/" + entry.at("case").get<std::string>();
  for (const Json& operand : Json::parse(entry.at("input_shape").get<std::string>()))
    row.operands.push_back(shapes_of(operand));
  for (const Json& dtype : Json::parse(entry.at("dtype").get<std::string>()))
    row.dtypes.push_back(dtype.is_string() ? spelled(dtype.get<std::string>()) : std::string());
  const Json attributes = Json::parse(entry.at("attrs").get<std::string>());
  for (const auto& [name, value] : attributes.items()) add_attribute(name, value, row);
  if (entry.contains("kernels") && entry["kernels"].is_string())
    row.kernels = launches_of(entry["kernels"].get<std::string>());
  row.measured_us = entry.at("measured_us").get<double>();
  return row;
}

}  // namespace

double OperatorRow::number(const std::string& attribute, double otherwise, std::size_t i) const {
  const auto found = numbers.find(attribute);
  return found != numbers.end() && i < found->second.size() ? found->second[i] : otherwise;
}

std::string OperatorRow::text(const std::string& attribute) const {
  const auto found = texts.find(attribute);
  return found != texts.end() ? found->second : std::string();
}

int OperatorRow::launches(const std::string& kernel) const {
  const auto found = kernels.find(kernel);
  return found != kernels.end() ? found->second : 0;
}

Result<std::vector<OperatorRow>> read_operator_rows(std::string_view text,
                                                    const std::string& file) {
  std::vector<OperatorRow> rows;
  std::size_t number = 0;
  try {
    const Json content = Json::parse(text);
    for (const Json& entry : content.at("rows")) {
      ++number;
      if (entry.value("usable", true)) rows.push_back(row_of(entry));
    }
  } catch (const std::exception& problem) {
    return Error{ErrorCode::InvalidConfig,
                 "row " + std::to_string(number) +
                     " of the measured operators cannot be read: " + problem.what(),
                 file, "give it op, case, input_shape, dtype, attrs and measured_us"};
  }
  return rows;
}

}  // namespace keel::calibration
