#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/ascend/cann.h"
#include "compiler/ascend/precision_mode.h"
#include "compiler/onnx/load.h"
#include "profiler/accuracy/metrics.h"
#include "tuner/engine/check.h"
#include "tuner/search/goal.h"

namespace keel::engine {

/// What kept units may compute in beside fp32, one by one as the search finds best.
enum class Format : std::uint8_t {
  Hf32,  ///< products
  Bf16,  ///< what fp16 is likely to break
};

/// Everything a user decides about a model on a chip, checked for form only.
struct ModelOptions {
  std::filesystem::path model;
  std::string input_shape;                                  ///< "x:1,3,224,224;y:1,16", or empty
  std::string input_value;                                  ///< "sr:16000", or empty
  std::int64_t loop_iterations = onnx_io::kLoopIterations;  ///< of loops that the data ends
  std::string soc_version = "Ascend910B3";
  ascend::PrecisionMode mode = ascend::PrecisionMode::ForceFp16;
  ascend::Hf32 hf32;
  std::optional<std::filesystem::path> keep_dtype;
  std::optional<std::filesystem::path> modify_mixlist;
  std::optional<std::filesystem::path> customize_dtypes;
  std::optional<std::filesystem::path> op_precision_mode;
  /// Samples that give the shapes which the file does not, for what runs none itself.
  std::optional<std::filesystem::path> samples = {};
  /// Folder of kernel times that runs share. Changes no result.
  std::optional<std::filesystem::path> kernel_cache;
  std::optional<Format> format = {};    ///< that the search may choose; absent: kept is fp32
  std::vector<std::string> gang = {};   ///< expressions: nodes that must agree in precision
  std::vector<std::string> lower = {};  ///< expressions: nodes that are lowered in every variant
  /// (name, value) of options of the vendor's compiler that change nothing here: for atc.sh.
  std::vector<std::pair<std::string, std::string>> passed_on;
};

/// Of the intervals that are shown where none is asked for.
constexpr double kShownConfidence = 0.95;

/// Everything a user decides about a tuning run.
struct TuneOptions {
  ModelOptions model;
  std::filesystem::path data;
  std::optional<std::filesystem::path> labels;
  std::vector<accuracy::Requirement> requirements;
  search::Goal goal = {};
  /// Its requirement is the last of `requirements`.
  std::optional<CheckCommand> check = {};
  /// The end of a figure's interval at this confidence has to meet the requirement; absent: the
  /// figure itself has.
  std::optional<double> confidence = {};
  std::string device;
  std::string strategy;
  std::uint64_t seed = 0;
  std::optional<std::filesystem::path> from = {};  ///< a folder with an earlier study
  bool from_any_mode = false;  ///< of `from`: it may say nothing, and be of another mode
  std::string preset = "default";
  std::size_t max_trials = 0;      ///< 0: as the preset has it
  int jobs = 0;                    ///< 0: one per processor
  std::size_t batch_samples = 64;  ///< in one execution at most
  /// For results that trials share, 0: none are kept; absent: a quarter of the machine's memory.
  std::optional<std::size_t> memo_bytes;
  std::filesystem::path output;
  /// What the files are called for; absent: as by the run that made the study, else CANN 8.
  std::optional<ascend::Cann> cann;
  std::vector<std::string> command_line;
};

}  // namespace keel::engine
