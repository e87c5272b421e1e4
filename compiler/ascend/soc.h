#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ascend/soc_sheet.h"
#include "compiler/ascend/timing_parameters.h"
#include "compiler/base/hash.h"
#include "compiler/base/result.h"
#include "compiler/base/rounding.h"

namespace keel::ascend {

/// A number of a chip that nobody found.
struct UnknownValue {
  std::string field;   ///< "memory_gbs"
  std::string reason;  ///< where it was looked for
};

/// A target chip: configs/soc/<name>.json. Its numbers may be unknown: they are 0 here and listed
/// in `unknown`, and what computes with them asks first (simulator/known_figures.h).
struct Soc {
  std::string name;    ///< "Ascend910B3": what --soc_version takes
  std::string family;  ///< "ascend910b": the key of the operator table
  Overflow overflow = Overflow::InfNan;

  bool cube_fp32 = false;  ///< the cube multiplies fp32; without it, "fp32" products are fp16
  bool cube_hf32 = false;
  bool bf16 = false;

  int cube_cores = 0;
  int vector_cores = 0;
  double cube_mhz = 0;
  double vector_mhz = 0;
  double cube_macs_fp16 = 0;  ///< multiply-accumulates per cycle and core; 0 where it has none
  double cube_macs_hf32 = 0;
  double cube_macs_fp32 = 0;
  double vector_bytes_per_cycle = 0;  ///< per core
  std::int64_t ub_bytes = 0, l1_bytes = 0, l0a_bytes = 0, l0b_bytes = 0, l0c_bytes = 0;
  std::int64_t l2_bytes = 0;
  double l2_bytes_per_cycle = 0;  ///< read by one core, cube clock
  double memory_gbs = 0;          ///< DDR or HBM, 10^9 B/s

  TimingParameters timing;
  std::vector<UnknownValue> unknown;  ///< in the order the fields above have
  std::string note;                   ///< what whoever chooses the chip should know; may be empty
  std::filesystem::path file;
  Digest digest;  ///< of the file: a study notices when a parameter changed

  /// \param field  the name of a number, "memory_gbs"; "timing.l2_gbs" of those under timing
  bool knows(std::string_view field) const;
};

/// \param configs  the configs folder
/// \error InvalidConfig  what load_soc_sheet() gives, or a field is missing, out of its range or at
///                       odds with another; a flag or the overflow rule is unknown
Result<Soc> load_soc(const std::filesystem::path& configs, std::string_view name);

/// The same of a sheet that is loaded already.
Result<Soc> read_soc(const SocSheet& sheet);

/// Where the configs are: $KEEL_CONFIGS, else share/keel/configs beside the installed binary, else
/// the source tree the binary was built from.
/// \error InvalidConfig  $KEEL_CONFIGS is set and names no folder, or none of the others exists;
///                       `where` lists what was looked at
Result<std::filesystem::path> config_folder();

}  // namespace keel::ascend
