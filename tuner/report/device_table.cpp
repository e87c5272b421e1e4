#include "tuner/report/device_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "tuner/report/columns.h"
#include "tuner/report/csv.h"
#include "tuner/report/figures.h"

namespace keel::report {
namespace {

using ascend::SheetValue;
using ascend::SocSheet;
using Cells = std::vector<std::string>;
using Json = nlohmann::ordered_json;

std::string count_or(const std::optional<int>& count, const char* if_unknown) {
  return count ? std::to_string(*count) : if_unknown;
}

std::string memory_cell(const ChipRow& chip) {
  if (!chip.memory_gbs) return "?";
  const bool is_assumed = chip.memory_confidence == ascend::Confidence::Low;
  return (is_assumed ? "~" : "") + shortest(*chip.memory_gbs);
}

// "no: memory_gbs is unknown", "extrapolated from Ascend910B2", "mean error 24.5 %".
std::string times_cell(const ChipRow& chip) {
  if (!chip.unknown.empty()) return "no: " + chip.unknown + " is unknown";
  if (!chip.extrapolated_from.empty()) return "extrapolated from " + chip.extrapolated_from;
  return chip.time_error ? fmt::format("mean error {:.1f} %", 100 * *chip.time_error) : "";
}

// "no", "extrapolated", "measured": how far predicted times are known.
std::string times_word(const ChipRow& chip) {
  if (!chip.unknown.empty()) return "no";
  return chip.extrapolated_from.empty() ? "measured" : "extrapolated";
}

std::string confidence_of(const ChipRow& chip) {
  return std::string(ascend::name(chip.memory_confidence));
}

Json or_null(const auto& value) { return value ? Json(*value) : Json(nullptr); }

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

// A value as people write it: texts without quotes, numbers in the fewest digits.
std::string value_text(const SheetValue& value) {
  if (const std::string* text = std::get_if<std::string>(&value.value)) return *text;
  if (const double* number = std::get_if<double>(&value.value)) return shortest(*number);
  return std::holds_alternative<bool>(value.value) ? value.text : "?";
}

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string devices_table(const DeviceListing& listing) {
  std::vector<Cells> devices = {{"device", "what it does"}};
  for (const DeviceRow& device : listing.devices) devices.push_back({device.name, device.summary});
  std::vector<Cells> chips = {{"SoC", "family", "cube", "vector", "cube multiplies in", "bf16",
                               "overflow", "GB/s", "predicted times"}};
  for (const ChipRow& chip : listing.chips)
    chips.push_back({chip.name, chip.family + (chip.is_family_borrowed ? "*" : ""),
                     count_or(chip.cube_cores, "?"), count_or(chip.vector_cores, "?"),
                     fmt::format("{}", fmt::join(chip.formats, " ")), chip.bf16 ? "yes" : "no",
                     chip.overflow, memory_cell(chip), times_cell(chip)});
  constexpr std::array<std::size_t, 2> kAllLeft = {0, 1};
  constexpr std::array<std::size_t, 6> kChipsLeft = {0, 1, 4, 5, 6, 8};
  return columns(devices, kAllLeft) + "\n" + columns(chips, kChipsLeft) +
         "\ncube, vector: cores. GB/s: to DDR or HBM. ?: unknown. ~: an assumption.\n"
         "*: the operator table of that family is used, for the chip's own was not found.\n"
         "'keel devices SOC' gives every value with its source.\n";
}

std::string devices_csv(const DeviceListing& listing) {
  const Cells header = {
      "soc",          "family",     "family_borrowed",   "cube_cores", "vector_cores",
      "cube_formats", "bf16",       "overflow",          "memory_gbs", "memory_confidence",
      "times",        "times_lack", "extrapolated_from", "time_error"};
  std::string text = csv_line(header);
  for (const ChipRow& chip : listing.chips) {
    const Cells cells = {chip.name,
                         chip.family,
                         chip.is_family_borrowed ? "true" : "false",
                         count_or(chip.cube_cores, ""),
                         count_or(chip.vector_cores, ""),
                         fmt::format("{}", fmt::join(chip.formats, " ")),
                         chip.bf16 ? "true" : "false",
                         chip.overflow,
                         chip.memory_gbs ? shortest(*chip.memory_gbs) : "",
                         confidence_of(chip),
                         times_word(chip),
                         chip.unknown,
                         chip.extrapolated_from,
                         chip.time_error ? shortest(*chip.time_error) : ""};
    text += csv_line(cells);
  }
  return text;
}

std::string devices_json(const DeviceListing& listing) {
  Json devices = Json::array();
  for (const DeviceRow& device : listing.devices)
    devices.push_back({{"name", device.name}, {"summary", device.summary}});
  Json socs = Json::array();
  for (const ChipRow& chip : listing.chips)
    socs.push_back({{"name", chip.name},
                    {"family", chip.family},
                    {"family_borrowed", chip.is_family_borrowed},
                    {"cube_cores", or_null(chip.cube_cores)},
                    {"vector_cores", or_null(chip.vector_cores)},
                    {"cube_formats", chip.formats},
                    {"bf16", chip.bf16},
                    {"overflow", chip.overflow},
                    {"memory_gbs", or_null(chip.memory_gbs)},
                    {"memory_confidence", confidence_of(chip)},
                    {"times", times_word(chip)},
                    {"times_lack", or_null(chip.unknown)},
                    {"extrapolated_from", or_null(chip.extrapolated_from)},
                    {"time_error", or_null(chip.time_error)}});
  return dump({{"devices", std::move(devices)}, {"socs", std::move(socs)}});
}

std::string chip_table(const SocSheet& sheet) {
  std::string text = sheet.name + ", family " + sheet.family + "\n";
  if (!sheet.family_note.empty()) text += "family: " + sheet.family_note + "\n";
  if (!sheet.note.empty()) text += "note: " + sheet.note + "\n";
  if (!sheet.extrapolated_from.empty())
    text += "times: extrapolated from " + sheet.extrapolated_from + "\n";
  std::vector<Cells> rows = {{"field", "value", "unit", "confidence", "source"}};
  for (const SheetValue& value : sheet.values)
    rows.push_back({value.field, value_text(value), value.unit,
                    std::string(ascend::name(value.confidence)), value.source});
  constexpr std::array<std::size_t, 4> kLeft = {0, 2, 3, 4};
  return text + "\n" + columns(rows, kLeft) + "\nfile: " + sheet.file.string() + "\n";
}

std::string chip_csv(const SocSheet& sheet) {
  const Cells header = {"field", "value", "unit", "confidence", "source"};
  std::string text = csv_line(header);
  for (const SheetValue& value : sheet.values) {
    const bool is_known = value.confidence != ascend::Confidence::Unknown;
    const Cells cells = {value.field, is_known ? value_text(value) : "", value.unit,
                         std::string(ascend::name(value.confidence)), value.source};
    text += csv_line(cells);
  }
  return text;
}

std::string chip_json(const SocSheet& sheet) {
  Json values = Json::array();
  for (const SheetValue& value : sheet.values)
    values.push_back({{"field", value.field},
                      {"value", Json::parse(value.text)},
                      {"unit", or_null(value.unit)},
                      {"confidence", ascend::name(value.confidence)},
                      {"source", value.source}});
  return dump({{"name", sheet.name},
               {"family", sheet.family},
               {"family_note", or_null(sheet.family_note)},
               {"note", or_null(sheet.note)},
               {"extrapolated_from", or_null(sheet.extrapolated_from)},
               {"values", std::move(values)},
               {"file", sheet.file.string()}});
}

}  // namespace keel::report
