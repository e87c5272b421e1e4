#include "compiler/ascend/soc.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "compiler/base/file.h"
#include "compiler/base/nearest.h"

namespace keel::ascend {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

enum class Range : std::uint8_t { Count, Positive, NotNegative, Share };

std::string_view describe(Range range) {
  switch (range) {
    case Range::Count:
      return "a positive whole number";
    case Range::Positive:
      return "a positive number";
    case Range::NotNegative:
      return "a number of at least 0";
    case Range::Share:
      return "a number above 0 and at most 1";
  }
  KEEL_CHECK(false);
  return {};
}

bool contains(Range range, double value) {
  switch (range) {
    case Range::Count:
      return value > 0 && value < 0x1p53 && value == std::floor(value);
    case Range::Positive:
      return value > 0;
    case Range::NotNegative:
      return value >= 0;
    case Range::Share:
      return value > 0 && value <= 1;
  }
  KEEL_CHECK(false);
  return false;
}

struct NumberField {
  const char* name;  ///< "timing.x" is field x of the object timing
  Range range;
  void (*store)(Soc&, double);
};

constexpr NumberField kNumbers[] = {
    {"cube_cores", Range::Count, [](Soc& s, double v) { s.cube_cores = static_cast<int>(v); }},
    {"vector_cores", Range::Count, [](Soc& s, double v) { s.vector_cores = static_cast<int>(v); }},
    {"cube_mhz", Range::Positive, [](Soc& s, double v) { s.cube_mhz = v; }},
    {"vector_mhz", Range::Positive, [](Soc& s, double v) { s.vector_mhz = v; }},
    {"cube_macs_fp16", Range::Positive, [](Soc& s, double v) { s.cube_macs_fp16 = v; }},
    {"cube_macs_hf32", Range::NotNegative, [](Soc& s, double v) { s.cube_macs_hf32 = v; }},
    {"cube_macs_fp32", Range::NotNegative, [](Soc& s, double v) { s.cube_macs_fp32 = v; }},
    {"vector_bytes_per_cycle", Range::Positive,
     [](Soc& s, double v) { s.vector_bytes_per_cycle = v; }},
    {"ub_bytes", Range::Count, [](Soc& s, double v) { s.ub_bytes = std::llround(v); }},
    {"l1_bytes", Range::Count, [](Soc& s, double v) { s.l1_bytes = std::llround(v); }},
    {"l0a_bytes", Range::Count, [](Soc& s, double v) { s.l0a_bytes = std::llround(v); }},
    {"l0b_bytes", Range::Count, [](Soc& s, double v) { s.l0b_bytes = std::llround(v); }},
    {"l0c_bytes", Range::Count, [](Soc& s, double v) { s.l0c_bytes = std::llround(v); }},
    {"l2_bytes", Range::Count, [](Soc& s, double v) { s.l2_bytes = std::llround(v); }},
    {"memory_gbs", Range::Positive, [](Soc& s, double v) { s.memory_gbs = v; }},
    {"timing.launch_us", Range::NotNegative, [](Soc& s, double v) { s.timing.launch_us = v; }},
    {"timing.vector_launch_us", Range::NotNegative,
     [](Soc& s, double v) { s.timing.vector_launch_us = v; }},
    {"timing.cube_efficiency", Range::Share,
     [](Soc& s, double v) { s.timing.cube_efficiency = v; }},
    {"timing.depthwise_efficiency", Range::Share,
     [](Soc& s, double v) { s.timing.depthwise_efficiency = v; }},
    {"timing.vector_efficiency", Range::Share,
     [](Soc& s, double v) { s.timing.vector_efficiency = v; }},
    {"timing.memory_efficiency", Range::Share,
     [](Soc& s, double v) { s.timing.memory_efficiency = v; }},
    {"timing.l2_gbs", Range::Positive, [](Soc& s, double v) { s.timing.l2_gbs = v; }},
    {"timing.relative_error", Range::Share, [](Soc& s, double v) { s.timing.relative_error = v; }},
};

/// Looks fields up; errors say which file.
class SocFile {
 public:
  SocFile(json content, std::string where)
      : content_(std::move(content)), where_(std::move(where)) {}

  Result<double> number(std::string_view field, Range range) const {
    KEEL_TRY(const json value, valued(field));
    if (!value.is_number() || !contains(range, value.get<double>()))
      return wrong(field, value, describe(range));
    return value.get<double>();
  }

  Result<bool> flag(std::string_view field) const {
    KEEL_TRY(const json value, valued(field));
    if (!value.is_boolean()) return wrong(field, value, "true or false");
    return value.get<bool>();
  }

  Result<Overflow> overflow() const {
    KEEL_TRY(const json value, valued("overflow"));
    if (value == "inf_nan") return Overflow::InfNan;
    if (value == "saturate") return Overflow::Saturate;
    return wrong("overflow", value, "\"inf_nan\" or \"saturate\"");
  }

  /// A field that is plain text, without a source.
  Result<std::string> text(std::string_view field) const {
    KEEL_TRY(const json value, plain(field));
    if (!value.is_string()) return wrong(field, value, "a text");
    return value.get<std::string>();
  }

  Error wrong(std::string_view field, const json& value, std::string_view wanted) const {
    return {
        ErrorCode::InvalidConfig,
        "field '" + std::string(field) + "' is " + value.dump() + ", not " + std::string(wanted),
        where_, "set '" + std::string(field) + "' to " + std::string(wanted)};
  }

 private:
  Result<json> plain(std::string_view field) const {
    const json* object = &content_;
    std::string_view rest = field;
    if (const std::size_t dot = field.find('.'); dot != std::string_view::npos) {
      const auto section = content_.find(field.substr(0, dot));
      if (section == content_.end() || !section->is_object()) return missing(field);
      object = &*section;
      rest = field.substr(dot + 1);
    }
    const auto found = object->find(rest);
    if (found == object->end()) return missing(field);
    return Result<json>(*found);
  }

  Result<json> valued(std::string_view field) const {
    KEEL_TRY(const json entry, plain(field));
    if (!entry.is_object() || !entry.contains("value"))
      return wrong(field, entry, "an object with a value and a source");
    return Result<json>(entry.at("value"));
  }

  Error missing(std::string_view field) const {
    return {ErrorCode::InvalidConfig, "field '" + std::string(field) + "' is missing", where_,
            "add '" + std::string(field) + "': {\"value\": ..., \"source\": ...}"};
  }

  json content_;
  std::string where_;
};

Result<SocFile> parse(const std::string& text, const std::string& where) {
  std::string problem = "it does not hold an object";
  try {
    json content = json::parse(text);
    if (content.is_object()) return SocFile(std::move(content), where);
  } catch (const json::parse_error& error) {
    problem = error.what();
  }
  return Error{ErrorCode::InvalidConfig, "the SoC file is not valid JSON: " + problem, where,
               "repair the file, or copy one that loads from configs/soc"};
}

std::string quoted_list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "'" : ", '") + name + "'";
  return text;
}

Error unknown_soc(std::string_view name, const std::vector<std::string>& known,
                  const fs::path& folder) {
  const std::vector<std::string> near = nearest(name, known, 1);
  std::string fix = "add " + std::string(name) + ".json to the folder";
  if (!near.empty()) {
    fix = "use '" + near.front() + "' (nearest name)";
  } else if (!known.empty()) {
    fix = "use one of " + quoted_list(known);
  }
  return {ErrorCode::InvalidConfig, "SoC '" + std::string(name) + "' has no parameter file",
          folder.string(), std::move(fix)};
}

Status check_agreement(const std::string& format, bool has, double macs, const std::string& where) {
  if (has == (macs > 0)) return Done{};
  return Error{ErrorCode::InvalidConfig,
               "cube_" + format + " is " + (has ? "true" : "false") + ", but cube_macs_" + format +
                   " is " + json(macs).dump(),
               where, "give a rate above 0 to the formats the cube has, and 0 to the others"};
}

}  // namespace

Result<Soc> load_soc(const fs::path& configs, std::string_view name) {
  KEEL_TRY(const std::vector<std::string> known, soc_names(configs));
  if (!std::ranges::binary_search(known, name)) return unknown_soc(name, known, configs / "soc");

  const fs::path path = configs / "soc" / (std::string(name) + ".json");
  const std::string where = path.string();
  KEEL_TRY(const std::string text, read_file(path));
  KEEL_TRY(const SocFile file, parse(text, where));

  Soc soc;
  KEEL_TRY(soc.name, file.text("name"));
  if (soc.name != name) return file.wrong("name", soc.name, "the name of the file");
  KEEL_TRY(soc.family, file.text("family"));
  KEEL_TRY(soc.overflow, file.overflow());
  KEEL_TRY(soc.cube_fp32, file.flag("cube_fp32"));
  KEEL_TRY(soc.cube_hf32, file.flag("cube_hf32"));
  KEEL_TRY(soc.bf16, file.flag("bf16"));
  for (const NumberField& field : kNumbers) {
    KEEL_TRY(const double value, file.number(field.name, field.range));
    field.store(soc, value);
  }
  KEEL_TRY_STATUS(check_agreement("fp32", soc.cube_fp32, soc.cube_macs_fp32, where));
  KEEL_TRY_STATUS(check_agreement("hf32", soc.cube_hf32, soc.cube_macs_hf32, where));

  Hasher hasher;
  hasher.add(text);
  soc.digest = hasher.digest();
  return soc;
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
