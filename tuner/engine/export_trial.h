#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "compiler/base/result.h"
#include "compiler/onnx/mixed_copy.h"
#include "tuner/engine/study_target.h"
#include "tuner/report/result.h"

namespace keel::engine {

struct ExportOptions {
  std::filesystem::path study;         ///< the folder keel tune wrote to
  std::optional<std::uint64_t> trial;  ///< none: the recommended one
  std::filesystem::path output;
  std::optional<ascend::Cann> cann = std::nullopt;  ///< none: that of the study
  bool mixed = false;                               ///< also a mixed-precision model
  bool shortest = false;                            ///< the keep list in the fewest lines
  bool customize = false;                           ///< also customize_dtypes.cfg
  bool mixlist = false;                             ///< also modify_mixlist.json
  ModelSource source = {};                          ///< for these four, which need the model

  bool needs_model() const { return mixed || shortest || customize || mixlist; }
};

/// The mixed-precision model of a trial.
struct ExportedModel {
  std::filesystem::path file;
  onnx_io::MixedCopy copy;
  std::vector<std::string> stays_float;  ///< "'name' (Range)": nodes without a float16 form
};

struct ExportedTrial {
  report::TuneResult result;
  std::uint64_t trial = 0;               ///< its number
  ascend::Cann cann = ascend::Cann::V8;  ///< that the files are for
  std::optional<ExportedModel> model = std::nullopt;
};

/// Writes the files of one trial of a study: report::write_trial(), and the mixed-precision model
/// where asked. Reads nothing but the study, unless needs_model(), and may run beside the keel
/// tune that fills it. Types and operators of a model are not all in a study: it holds the nodes
/// of units only, each with its first type.
/// \error InvalidConfig  no study there; no such trial, or one that failed; nothing to recommend
///     yet; the output is the study's own folder
/// \error StudyCorrupt, IoFailed  as study::read_study()
/// \error what study_target(), trial_forms.h and onnx_io::write_mixed_copy() give, where asked
Result<ExportedTrial> export_trial(const ExportOptions& options);

}  // namespace keel::engine
