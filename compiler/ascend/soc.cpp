#include "compiler/ascend/soc.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <variant>

namespace keel::ascend {
namespace {

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
    {"l2_bytes_per_cycle", Range::Positive, [](Soc& s, double v) { s.l2_bytes_per_cycle = v; }},
    {"memory_gbs", Range::Positive, [](Soc& s, double v) { s.memory_gbs = v; }},
    {"timing.launch_us", Range::NotNegative, [](Soc& s, double v) { s.timing.launch_us = v; }},
    {"timing.vector_launch_us", Range::NotNegative,
     [](Soc& s, double v) { s.timing.vector_launch_us = v; }},
    {"timing.row_launch_us", Range::NotNegative,
     [](Soc& s, double v) { s.timing.row_launch_us = v; }},
    {"timing.layout_launch_us", Range::NotNegative,
     [](Soc& s, double v) { s.timing.layout_launch_us = v; }},
    {"timing.index_launch_us", Range::NotNegative,
     [](Soc& s, double v) { s.timing.index_launch_us = v; }},
    {"timing.mixed_launch_us", Range::NotNegative,
     [](Soc& s, double v) { s.timing.mixed_launch_us = v; }},
    {"timing.tensor_us", Range::NotNegative, [](Soc& s, double v) { s.timing.tensor_us = v; }},
    {"timing.execution_us", Range::NotNegative,
     [](Soc& s, double v) { s.timing.execution_us = v; }},
    {"timing.step_us", Range::NotNegative, [](Soc& s, double v) { s.timing.step_us = v; }},
    {"timing.cube_efficiency", Range::Share,
     [](Soc& s, double v) { s.timing.cube_efficiency = v; }},
    {"timing.depthwise_efficiency", Range::Share,
     [](Soc& s, double v) { s.timing.depthwise_efficiency = v; }},
    {"timing.grouped_efficiency", Range::Share,
     [](Soc& s, double v) { s.timing.grouped_efficiency = v; }},
    {"timing.line_efficiency", Range::Share,
     [](Soc& s, double v) { s.timing.line_efficiency = v; }},
    {"timing.few_channels_efficiency", Range::Positive,
     [](Soc& s, double v) { s.timing.few_channels_efficiency = v; }},
    {"timing.fill_share", Range::NotNegative, [](Soc& s, double v) { s.timing.fill_share = v; }},
    {"timing.block_cycles", Range::NotNegative,
     [](Soc& s, double v) { s.timing.block_cycles = v; }},
    {"timing.vector_efficiency", Range::Share,
     [](Soc& s, double v) { s.timing.vector_efficiency = v; }},
    {"timing.activation_efficiency", Range::Positive,
     [](Soc& s, double v) { s.timing.activation_efficiency = v; }},
    {"timing.softmax_efficiency", Range::Positive,
     [](Soc& s, double v) { s.timing.softmax_efficiency = v; }},
    {"timing.norm_efficiency", Range::Positive,
     [](Soc& s, double v) { s.timing.norm_efficiency = v; }},
    {"timing.channel_norm_efficiency", Range::Positive,
     [](Soc& s, double v) { s.timing.channel_norm_efficiency = v; }},
    {"timing.fused_efficiency", Range::Positive,
     [](Soc& s, double v) { s.timing.fused_efficiency = v; }},
    {"timing.row_cycles", Range::NotNegative, [](Soc& s, double v) { s.timing.row_cycles = v; }},
    {"timing.l2_efficiency", Range::Share, [](Soc& s, double v) { s.timing.l2_efficiency = v; }},
    {"timing.cube_l2_efficiency", Range::Share,
     [](Soc& s, double v) { s.timing.cube_l2_efficiency = v; }},
    {"timing.memory_efficiency", Range::Share,
     [](Soc& s, double v) { s.timing.memory_efficiency = v; }},
    {"timing.row_memory_gain", Range::Positive,
     [](Soc& s, double v) { s.timing.row_memory_gain = v; }},
    {"timing.l2_share", Range::Share, [](Soc& s, double v) { s.timing.l2_share = v; }},
    {"timing.cold_weights", Range::NotNegative,
     [](Soc& s, double v) { s.timing.cold_weights = v; }},
    {"timing.transpose_share", Range::Share,
     [](Soc& s, double v) { s.timing.transpose_share = v; }},
    {"timing.gather_cycles", Range::NotNegative,
     [](Soc& s, double v) { s.timing.gather_cycles = v; }},
    {"timing.copy_cycles", Range::NotNegative, [](Soc& s, double v) { s.timing.copy_cycles = v; }},
    {"timing.memory_overlap", Range::NotNegative,
     [](Soc& s, double v) { s.timing.memory_overlap = v; }},
    {"timing.vector_overlap", Range::NotNegative,
     [](Soc& s, double v) { s.timing.vector_overlap = v; }},
    {"timing.row_overlap", Range::NotNegative, [](Soc& s, double v) { s.timing.row_overlap = v; }},
    {"timing.cube_overlap", Range::NotNegative,
     [](Soc& s, double v) { s.timing.cube_overlap = v; }},
    {"timing.relative_error", Range::Share, [](Soc& s, double v) { s.timing.relative_error = v; }},
};

Error wrong(const SocSheet& sheet, std::string_view field, const SheetValue& found,
            std::string_view wanted) {
  return {ErrorCode::InvalidConfig,
          "field '" + std::string(field) + "' is " + found.text + ", not " + std::string(wanted),
          sheet.file.string(), "set '" + std::string(field) + "' to " + std::string(wanted)};
}

Result<const SheetValue*> find(const SocSheet& sheet, std::string_view field) {
  const auto found = std::ranges::find(sheet.values, field, &SheetValue::field);
  if (found != sheet.values.end()) return &*found;
  return Error{ErrorCode::InvalidConfig, "field '" + std::string(field) + "' is missing",
               sheet.file.string(),
               "add '" + std::string(field) +
                   "': {\"value\": ..., \"source\": ..., \"confidence\": ...}, or "
                   "{\"value\": null, \"reason\": ...} where it is not known"};
}

// Nothing where the file says that the value is unknown.
Result<std::optional<double>> number(const SheetValue& found, const SocSheet& sheet, Range range) {
  if (std::holds_alternative<std::monostate>(found.value)) return std::optional<double>();
  const double* value = std::get_if<double>(&found.value);
  if (value == nullptr || !contains(range, *value))
    return wrong(sheet, found.field, found, describe(range));
  return std::optional<double>(*value);
}

Result<bool> flag(const SocSheet& sheet, std::string_view field) {
  KEEL_TRY(const SheetValue* found, find(sheet, field));
  if (const bool* value = std::get_if<bool>(&found->value)) return *value;
  return wrong(sheet, field, *found, "true or false");
}

Result<Overflow> overflow_rule(const SocSheet& sheet) {
  KEEL_TRY(const SheetValue* found, find(sheet, "overflow"));
  const std::string* rule = std::get_if<std::string>(&found->value);
  if (rule != nullptr && *rule == "inf_nan") return Overflow::InfNan;
  if (rule != nullptr && *rule == "saturate") return Overflow::Saturate;
  return wrong(sheet, "overflow", *found, "\"inf_nan\" or \"saturate\"");
}

// A cube multiplies in a format exactly where it has a rate in it.
Status check_agreement(const SocSheet& sheet, const std::string& format, bool has) {
  KEEL_TRY(const SheetValue* rate, find(sheet, "cube_macs_" + format));
  const double* macs = std::get_if<double>(&rate->value);
  if (macs == nullptr || has == (*macs > 0)) return Done{};
  return Error{ErrorCode::InvalidConfig,
               "cube_" + format + " is " + (has ? "true" : "false") + ", but cube_macs_" + format +
                   " is " + rate->text,
               sheet.file.string(),
               "give a rate above 0 to the formats the cube has, and 0 to the others"};
}

}  // namespace

bool Soc::knows(std::string_view field) const {
  return std::ranges::find(unknown, field, &UnknownValue::field) == unknown.end();
}

Result<Soc> read_soc(const SocSheet& sheet) {
  Soc soc;
  soc.name = sheet.name;
  soc.family = sheet.family;
  soc.note = sheet.note;
  soc.timing.extrapolated_from = sheet.extrapolated_from;
  soc.timing.corrections = sheet.timing_tables.corrections;
  soc.timing.errors = sheet.timing_tables.errors;
  soc.file = sheet.file;
  soc.digest = sheet.digest;
  KEEL_TRY(soc.overflow, overflow_rule(sheet));
  KEEL_TRY(soc.cube_fp32, flag(sheet, "cube_fp32"));
  KEEL_TRY(soc.cube_hf32, flag(sheet, "cube_hf32"));
  KEEL_TRY(soc.bf16, flag(sheet, "bf16"));
  for (const NumberField& field : kNumbers) {
    KEEL_TRY(const SheetValue* found, find(sheet, field.name));
    KEEL_TRY(const std::optional<double> value, number(*found, sheet, field.range));
    if (value) {
      field.store(soc, *value);
    } else {
      soc.unknown.push_back({field.name, found->source});
    }
  }
  KEEL_TRY_STATUS(check_agreement(sheet, "fp32", soc.cube_fp32));
  KEEL_TRY_STATUS(check_agreement(sheet, "hf32", soc.cube_hf32));
  return soc;
}

Result<Soc> load_soc(const std::filesystem::path& configs, std::string_view name) {
  KEEL_TRY(const SocSheet sheet, load_soc_sheet(configs, name));
  return read_soc(sheet);
}

}  // namespace keel::ascend
