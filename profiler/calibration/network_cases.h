#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "compiler/ascend/op_table.h"
#include "profiler/calibration/measured_case.h"

namespace keel::calibration {

/// A network whose time on the chip is known.
struct MeasuredNetwork {
  std::string network;    ///< "resnet34"
  std::string family;     ///< "resnet"
  MeasuredCase measured;  ///< its group is the published model: all its batches and shapes
};

/// A published row that does not count.
struct LeftOutRow {
  std::string network;
  int batch = 1;
  std::string reason;  ///< why, from its source
};

/// The rows of left_out.json, which scripts/save_networks.py writes beside networks.json.
/// \error NotReadable    there is no such file
/// \error InvalidConfig  it is no list of {"network", "batch", "reason"}
Result<std::vector<LeftOutRow>> left_out_rows(const std::filesystem::path& folder);

/// Compiles every network in a folder as `force_fp16` does: all units in fp16.
///
/// \param folder  ONNX models and networks.json, a list of {"file", "network", "family", "model",
///                "batch", "us"}: what scripts/save_networks.py writes
/// \error NotReadable              there is no networks.json
/// \error InvalidConfig            it is no such list
/// \error InvalidModel, Unsupported  from a model
Result<std::vector<MeasuredNetwork>> network_cases(const ascend::Soc& soc,
                                                   const ascend::OpTable& table,
                                                   const std::filesystem::path& folder);

}  // namespace keel::calibration
