#pragma once

#include <filesystem>
#include <optional>

#include "tuner/engine/target.h"
#include "tuner/report/result.h"
#include "tuner/study/head.h"

namespace keel::engine {

/// Where the model of a study is read again.
struct ModelSource {
  std::optional<std::filesystem::path> model;  ///< none: where keel tune read it
  /// Samples: for control flow that depends on an input every sample gives alike.
  std::optional<std::filesystem::path> data;
};

/// Reads the model of a study again, with the files of the owner's that were evaluated, but not
/// the owner's keep list: the states of `study.units` say what that keeps.
/// \error InvalidConfig  model, chip, operator table or a file are others than those of the study
/// \error StudyCorrupt  the question of the study lacks an entry
/// \error what open_target() gives
Result<Target> study_target(const study::Head& study, const report::CompilerCommand& command,
                            const ModelSource& source);

/// Which file study_target() reads.
std::filesystem::path model_file(const report::CompilerCommand& command, const ModelSource& source);

}  // namespace keel::engine
