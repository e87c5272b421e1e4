#include "compiler/ascend/soc_sheet.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "compiler/base/file.h"
#include "compiler/base/nearest.h"

namespace keel::ascend {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;  // keeps the order of the file

constexpr std::array kConfidences = {Confidence::Good, Confidence::Medium, Confidence::Low};

Error wrong(const fs::path& file, const std::string& field, const Json& value,
            const std::string& wanted) {
  return {ErrorCode::InvalidConfig, "field '" + field + "' is " + value.dump() + ", not " + wanted,
          file.string(), "set '" + field + "' to " + wanted};
}

Error lacks(const fs::path& file, const std::string& field, const std::string& part,
            const std::string& what_it_says) {
  return {ErrorCode::InvalidConfig, "field '" + field + "' has no " + part, file.string(),
          "add \"" + part + "\" to '" + field + "': " + what_it_says};
}

// A part that is text; empty where it is not there or something else.
std::string text_part(const Json& entry, const char* part) {
  const auto found = entry.find(part);
  return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Confidence confidence_named(const std::string& text) {
  for (const Confidence confidence : kConfidences)
    if (name(confidence) == text) return confidence;
  return Confidence::Unknown;
}

Result<SheetValue> read_value(const fs::path& file, const std::string& field, const Json& entry) {
  if (!entry.is_object() || !entry.contains("value"))
    return wrong(file, field, entry, "an object with a value and a source");
  const Json& value = entry.at("value");
  SheetValue result;
  result.field = field;
  result.text = value.dump();
  result.unit = text_part(entry, "unit");
  if (value.is_null()) {
    result.source = text_part(entry, "reason");
    if (result.source.empty())
      return lacks(file, field, "reason", "where its value was looked for, or give the value");
    return result;
  }
  if (!value.is_primitive())
    return wrong(file, field, value, "a number, a text, true, false or null");
  if (value.is_boolean()) result.value = value.get<bool>();
  if (value.is_number()) result.value = value.get<double>();
  if (value.is_string()) result.value = value.get<std::string>();
  result.source = text_part(entry, "source");
  if (result.source.empty()) return lacks(file, field, "source", "where its value was read");
  result.confidence = confidence_named(text_part(entry, "confidence"));
  if (result.confidence == Confidence::Unknown)
    return lacks(file, field, "confidence", "\"good\", \"medium\" or \"low\"");
  return result;
}

// Where a field that is plain text goes; null for one that has a value and a source.
std::string* plain_text(SocSheet& sheet, const std::string& field) {
  if (field == "name") return &sheet.name;
  if (field == "family") return &sheet.family;
  if (field == "family_note") return &sheet.family_note;
  if (field == "note") return &sheet.note;
  if (field == "timing.model") return &sheet.timing_model;
  if (field == "timing.extrapolated_from") return &sheet.extrapolated_from;
  return nullptr;
}

Status read_fields(const Json& section, const std::string& prefix, SocSheet& sheet) {
  for (const auto& [key, entry] : section.items()) {
    const std::string field = prefix + key;
    if (field == "$schema") continue;
    if (field == "timing") {
      if (!entry.is_object()) return wrong(sheet.file, field, entry, "an object");
      KEEL_TRY_STATUS(read_fields(entry, "timing.", sheet));
    } else if (std::string* text = plain_text(sheet, field)) {
      if (!entry.is_string()) return wrong(sheet.file, field, entry, "a text");
      *text = entry.get<std::string>();
    } else {
      KEEL_TRY(SheetValue value, read_value(sheet.file, field, entry));
      sheet.values.push_back(std::move(value));
    }
  }
  return Done{};
}

Result<Json> parse(const std::string& text, const fs::path& file, const char* kind) {
  std::string problem = "it does not hold an object";
  try {
    Json content = Json::parse(text);
    if (content.is_object()) return content;
  } catch (const Json::parse_error& error) {
    problem = error.what();
  }
  return Error{ErrorCode::InvalidConfig,
               "the " + std::string(kind) + " file is not valid JSON: " + problem, file.string(),
               "repair the file, or copy one that loads from configs/" +
                   file.parent_path().filename().string()};
}

// What the chip's own file says goes before what its timing model says. Returns the model's text.
Result<std::string> add_timing_model(const fs::path& configs, SocSheet& sheet) {
  const fs::path file = configs / "timing" / (sheet.timing_model + ".json");
  if (sheet.timing_model.empty() || !fs::exists(file)) {
    const bool missing = sheet.timing_model.empty();
    return Error{ErrorCode::InvalidConfig,
                 missing ? "field 'timing.model' is missing"
                         : "timing model '" + sheet.timing_model + "' has no file",
                 missing ? sheet.file.string() : file.string(),
                 "set 'timing.model' to the name of a file in configs/timing"};
  }
  KEEL_TRY(std::string text, read_file(file));
  KEEL_TRY(const Json content, parse(text, file, "timing"));
  SocSheet model;
  model.file = file;
  KEEL_TRY_STATUS(read_fields(content.value("parameters", Json::object()), "timing.", model));
  for (SheetValue& value : model.values) {
    if (std::ranges::find(sheet.values, value.field, &SheetValue::field) != sheet.values.end())
      continue;
    if (!sheet.extrapolated_from.empty()) {
      value.source += "; taken over from " + sheet.extrapolated_from;
      value.confidence = Confidence::Low;
    }
    sheet.values.push_back(std::move(value));
  }
  KEEL_TRY(sheet.timing_tables, read_timing_tables(text, file));
  return text;
}

bool equal_but_for_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

// "'a', 'b' or 'c'".
std::string alternatives(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const char* separator = i == 0 ? "" : i + 1 == names.size() ? " or " : ", ";
    text += separator + ("'" + names[i] + "'");
  }
  return text;
}

Error unknown_soc(std::string_view name, const std::vector<std::string>& known,
                  const fs::path& folder) {
  const std::vector<std::string> near = nearest(name, known, 3);
  std::string fix = "choose one that 'keel devices' lists";
  if (!near.empty() && equal_but_for_case(near.front(), name)) {
    fix = "use '" + near.front() + "' (upper and lower case matter)";
  } else if (!near.empty()) {
    fix = "use " + alternatives(near) + " (nearest names; 'keel devices' lists all)";
  }
  return {ErrorCode::InvalidConfig, "SoC '" + std::string(name) + "' has no parameter file",
          folder.string(), std::move(fix)};
}

}  // namespace

std::string_view name(Confidence confidence) {
  switch (confidence) {
    case Confidence::Good:
      return "good";
    case Confidence::Medium:
      return "medium";
    case Confidence::Low:
      return "low";
    case Confidence::Unknown:
      return "unknown";
  }
  KEEL_CHECK(false);
  return {};
}

Result<SocSheet> load_soc_sheet(const fs::path& configs, std::string_view name) {
  KEEL_TRY(const std::vector<std::string> known, soc_names(configs));
  if (!std::ranges::binary_search(known, name)) return unknown_soc(name, known, configs / "soc");

  SocSheet sheet;
  sheet.file = configs / "soc" / (std::string(name) + ".json");
  KEEL_TRY(const std::string text, read_file(sheet.file));
  KEEL_TRY(const Json content, parse(text, sheet.file, "SoC"));
  KEEL_TRY_STATUS(read_fields(content, "", sheet));
  for (const char* field : {"name", "family"}) {
    if (!plain_text(sheet, field)->empty()) continue;
    return Error{ErrorCode::InvalidConfig, "field '" + std::string(field) + "' is missing",
                 sheet.file.string(), "add '" + std::string(field) + "': a text"};
  }
  if (sheet.name != name) return wrong(sheet.file, "name", sheet.name, "the name of the file");
  KEEL_TRY(const std::string timing_text, add_timing_model(configs, sheet));
  Hasher hasher;
  hasher.add(text);
  hasher.add(timing_text);
  sheet.digest = hasher.digest();
  return sheet;
}

Result<std::vector<std::string>> soc_names(const fs::path& configs) {
  const fs::path folder = configs / "soc";
  std::error_code code;
  std::vector<std::string> names;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end;
       entry.increment(code)) {
    if (entry->path().extension() == ".json") names.push_back(entry->path().stem().string());
  }
  if (code) {
    return Error{ErrorCode::InvalidConfig, "cannot list the SoC files: " + code.message(),
                 folder.string(), "point KEEL_CONFIGS at the configs folder of keel"};
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace keel::ascend
