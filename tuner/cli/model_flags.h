#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "tuner/engine/options.h"

namespace CLI {
class App;
}

namespace keel::cli {

/// The options that say which model is compiled how, as text; shared by every command that takes
/// a model.
struct ModelFlags {
  std::string model;
  std::string input_shape;
  std::string input_value;
  std::int64_t loop_iterations = onnx_io::kLoopIterations;
  std::string soc_version = "Ascend910B3";
  std::optional<std::string> precision_mode;
  std::optional<std::string> precision_mode_v2;
  std::string keep_dtype;
  std::string allow_hf32;
  std::string modify_mixlist;
  std::string customize_dtypes;
  std::string op_precision_mode;
  std::string kernel_cache;
  std::string samples;
  const CLI::App* app = nullptr;  ///< set by declare(): for the vendor's options

  void declare(CLI::App& command);

  /// --kernel_cache, for the commands whose work is predicted times.
  void declare_kernel_cache(CLI::App& command);

  /// --data, for the commands that take from samples no more than shapes.
  void declare_samples(CLI::App& command);

  /// Says on stderr which of the vendor's options keel does not read.
  /// \error InvalidConfig  a value that is not of its form, or an option of the vendor's that would
  ///     change what keel evaluates
  Result<engine::ModelOptions> parse() const;

  /// Those that --precision_mode lists, or the other spelling: "force_fp16,allow_mix_precision".
  /// \error InvalidConfig  no mode of that name, or one twice
  Result<std::vector<ascend::PrecisionMode>> modes() const;
};

/// Prints each on stderr.
void print_warnings(std::span<const Error> warnings);

/// Prints an error and gives the exit code its kind has.
int report_error(const Error& error);

}  // namespace keel::cli
