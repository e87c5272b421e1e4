#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/ascend/soc_sheet.h"

namespace keel::report {

/// Something keel can measure on: a value of --device.
struct DeviceRow {
  std::string name;
  std::string summary;
};

/// A chip, as `keel devices` shows it.
struct ChipRow {
  std::string name;
  std::string family;                ///< key of the operator table
  bool is_family_borrowed = false;   ///< the chip's own family has no operator table
  std::optional<int> cube_cores;     ///< nothing: unknown
  std::optional<int> vector_cores;   ///< the same
  std::vector<std::string> formats;  ///< what the cube multiplies in: "fp16", "bf16", ...
  bool bf16 = false;                 ///< it has tensors of bf16
  std::string overflow;              ///< "inf_nan" or "saturate"
  std::optional<double> memory_gbs;  ///< 10^9 B/s; nothing: unknown
  ascend::Confidence memory_confidence = ascend::Confidence::Unknown;
  std::string unknown;               ///< the figure that predicted times lack; empty: none
  std::string extrapolated_from;     ///< chip the timing constants were measured on; empty: this
  std::optional<double> time_error;  ///< mean relative error of predicted times, where it is known
};

struct DeviceListing {
  std::vector<DeviceRow> devices;
  std::vector<ChipRow> chips;
};

/// Both lists as aligned columns and what their signs mean; no line is longer than 120 columns.
std::string devices_table(const DeviceListing& listing);
/// The chips: header line, then one line a chip. What is unknown is an empty field.
std::string devices_csv(const DeviceListing& listing);
/// An object: devices, socs. What is unknown is null.
std::string devices_json(const DeviceListing& listing);

/// Every value of one chip with its confidence and source, in the order of its file. Only sources
/// may make a line longer than 120 columns.
std::string chip_table(const ascend::SocSheet& sheet);
/// Header line, then one line a value.
std::string chip_csv(const ascend::SocSheet& sheet);
/// An object: name, family, notes, values. An unknown value is null and has a reason for its
/// source.
std::string chip_json(const ascend::SocSheet& sheet);

}  // namespace keel::report
