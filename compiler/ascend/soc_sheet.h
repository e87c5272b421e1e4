#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "compiler/ascend/timing_tables.h"
#include "compiler/base/hash.h"
#include "compiler/base/result.h"

namespace keel::ascend {

/// How far a value of a chip is to be trusted.
enum class Confidence : std::uint8_t {
  Good,     ///< read in a vendor's file, or measured on the chip
  Medium,   ///< derived from such values, or measured on a chip that hardly differs
  Low,      ///< an assumption
  Unknown,  ///< there is no value
};
std::string_view name(Confidence confidence);

/// One value of a chip and where it is from.
struct SheetValue {
  std::string field;  ///< "cube_mhz"; "timing.launch_us" of those under timing
  std::variant<std::monostate, bool, double, std::string> value;  ///< monostate: unknown
  std::string text;                                               ///< as JSON spells it
  std::string unit;                                               ///< empty where it has none
  std::string source;  ///< of an unknown value: where it was looked for
  Confidence confidence = Confidence::Unknown;
};

/// configs/soc/<name>.json as it stands there; what its values mean is load_soc()'s.
struct SocSheet {
  std::string name;                ///< "Ascend910B3": what --soc_version takes
  std::string family;              ///< "ascend910b": the key of the operator table
  std::string family_note;         ///< why the table of another family is used; else empty
  std::string note;                ///< what whoever chooses the chip should know; may be empty
  std::string extrapolated_from;   ///< chip the timing constants were measured on; empty: this one
  std::string timing_model;        ///< the file of configs/timing its timing constants are from
  std::vector<SheetValue> values;  ///< in the order of the file, then those of the timing model
  TimingTables timing_tables;
  std::filesystem::path file;
  Digest digest;  ///< of the file and that of its timing model
};

/// \param configs  the configs folder
/// \error InvalidConfig  no such SoC (`fix` names the nearest), a file is not JSON, a value has no
///                       source, confidence or reason, or the timing model has no file
Result<SocSheet> load_soc_sheet(const std::filesystem::path& configs, std::string_view name);

/// Names of the SoCs in configs/soc, sorted.
Result<std::vector<std::string>> soc_names(const std::filesystem::path& configs);

}  // namespace keel::ascend
