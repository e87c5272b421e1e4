#include "tuner/engine/devices.h"

#include <algorithm>

#include "compiler/ascend/soc.h"
#include "profiler/device/device.h"
#include "profiler/simulator/known_figures.h"

namespace keel::engine {
namespace {

std::vector<std::string> cube_formats(const ascend::Soc& soc) {
  std::vector<std::string> formats = {"fp16"};
  if (soc.bf16) formats.emplace_back("bf16");
  if (soc.cube_hf32) formats.emplace_back("hf32");
  if (soc.cube_fp32) formats.emplace_back("fp32");
  return formats;
}

report::ChipRow row_of(const ascend::SocSheet& sheet, const ascend::Soc& soc) {
  report::ChipRow row;
  row.name = soc.name;
  row.family = soc.family;
  row.is_family_borrowed = !sheet.family_note.empty();
  if (soc.knows("cube_cores")) row.cube_cores = soc.cube_cores;
  if (soc.knows("vector_cores")) row.vector_cores = soc.vector_cores;
  row.formats = cube_formats(soc);
  row.bf16 = soc.bf16;
  row.overflow = soc.overflow == Overflow::Saturate ? "saturate" : "inf_nan";
  if (soc.knows("memory_gbs")) row.memory_gbs = soc.memory_gbs;
  row.memory_confidence =
      std::ranges::find(sheet.values, "memory_gbs", &ascend::SheetValue::field)->confidence;
  if (const ascend::UnknownValue* missing = simulator::missing_figure(soc))
    row.unknown = missing->field;
  row.extrapolated_from = soc.timing.extrapolated_from;
  if (row.unknown.empty() && row.extrapolated_from.empty())
    row.time_error = soc.timing.relative_error;
  return row;
}

}  // namespace

Result<report::DeviceListing> list_devices(const std::filesystem::path& configs) {
  report::DeviceListing listing;
  for (const device::DeviceKind& kind : device::device_kinds())
    listing.devices.push_back({std::string(kind.name), std::string(kind.summary)});
  KEEL_TRY(const std::vector<std::string> names, ascend::soc_names(configs));
  for (const std::string& name : names) {
    KEEL_TRY(const ascend::SocSheet sheet, ascend::load_soc_sheet(configs, name));
    KEEL_TRY(const ascend::Soc soc, ascend::read_soc(sheet));
    listing.chips.push_back(row_of(sheet, soc));
  }
  return listing;
}

}  // namespace keel::engine
