#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "compiler/base/result.h"
#include "tuner/engine/mixed_variant.h"
#include "tuner/report/result.h"

namespace keel::engine {

struct ExportOptions {
  std::filesystem::path study;         ///< the folder keel tune wrote to
  std::optional<std::uint64_t> trial;  ///< none: the recommended one
  std::filesystem::path output;
  std::optional<MixedOptions> mixed = std::nullopt;  ///< also a mixed-precision model
};

/// The mixed-precision model of a trial.
struct ExportedModel {
  std::filesystem::path file;
  onnx_io::MixedCopy copy;
  std::vector<std::string> stays_float;  ///< "'name' (Range)": nodes without a float16 form
};

struct ExportedTrial {
  report::TuneResult result;
  std::uint64_t trial = 0;  ///< its number
  std::optional<ExportedModel> model = std::nullopt;
};

/// Writes the files of one trial of a study: report::write_trial(), and the mixed-precision model
/// where asked. Reads nothing but the study, unless for that model, and may run beside the keel
/// tune that fills it.
/// \error InvalidConfig  no study there; no such trial, or one that failed; nothing to recommend
///     yet; the output is the study's own folder
/// \error StudyCorrupt, IoFailed  as study::read_study()
/// \error what mixed_variant() and onnx_io::write_mixed_copy() give, where asked
Result<ExportedTrial> export_trial(const ExportOptions& options);

}  // namespace keel::engine
