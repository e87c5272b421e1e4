#include "tuner/cli/model_flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "compiler/base/error_text.h"
#include "tuner/cli/command.h"
#include "tuner/cli/vendor_options.h"

namespace keel::cli {

void ModelFlags::declare(CLI::App& command) {
  app = &command;
  command.add_option("--model", model, "the ONNX model")->required()->type_name("FILE");
  command
      .add_option("--input_shape", input_shape,
                  "fixes dynamic dimensions, as the vendor's compiler takes it: "
                  "\"x:1,3,224,224;y:1,16\"; what it leaves open has the shape of the samples")
      ->type_name("TEXT");
  command
      .add_option("--input_value", input_value,
                  "makes inputs constants, \"sr:16000\": the samples then do not have them, and If "
                  "and Loop that depend on them are resolved")
      ->type_name("TEXT");
  command
      .add_option("--loop_iterations", loop_iterations,
                  "of a Loop that the data ends, how many iterations are in the graph: all of them "
                  "run and count in predicted times, one that goes on is an error")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{1}, onnx_io::kMostLoopIterations))
      ->type_name("N");
  command
      .add_option("--soc_version", soc_version,
                  "the chip, spelled as the vendor does: 'keel devices' lists all")
      ->capture_default_str()
      ->type_name("SOC");
  command
      .add_option("--precision_mode", precision_mode,
                  "the global mode, force_fp16 where none is given: force_fp16, force_fp32 "
                  "(= cube_fp16in_fp32out), allow_fp32_to_fp16, must_keep_origin_dtype, "
                  "allow_mix_precision (= allow_mix_precision_fp16), and on chips with bf16 "
                  "allow_mix_precision_bf16, allow_fp32_to_bf16; 'keel tune' takes several, with "
                  "commas between them")
      ->type_name("MODE");
  command
      .add_option("--precision_mode_v2", precision_mode_v2,
                  "the same in the vendor's other spelling, in its place: fp16, origin, "
                  "cube_fp16in_fp32out, mixed_float16, mixed_bfloat16")
      ->type_name("MODE");
  command
      .add_option("--keep_dtype", keep_dtype,
                  "your keep list: node names and OpType::Type lines that keep their precision in "
                  "every variant")
      ->type_name("FILE");
  command
      .add_option("--allow_hf32", allow_hf32,
                  "kept cube operators compute in HF32: 'true', 'false', or two digits for "
                  "convolution and matrix product (default \"10\", as the vendor's compiler)")
      ->type_name("TEXT");
  command
      .add_option("--modify_mixlist", modify_mixlist,
                  "in the mixed modes: moves Ascend types between the white, black and gray lists, "
                  "as JSON of the vendor's form")
      ->type_name("FILE");
  command
      .add_option("--customize_dtypes", customize_dtypes,
                  "dtypes of single operators, by the names they have after fusion, or of types; "
                  "wins over the keep list")
      ->type_name("FILE");
  command
      .add_option("--op_precision_mode", op_precision_mode,
                  "ini file: enable_float_32_execution and enable_hi_float_32_execution count, "
                  "other modes are warned about")
      ->type_name("FILE");
}

void ModelFlags::declare_kernel_cache(CLI::App& command) {
  command
      .add_option("--kernel_cache", kernel_cache,
                  "folder for predicted times of kernels, shared by runs, also at once, and made "
                  "where there is none; it changes no result and may be deleted at any time")
      ->type_name("DIR");
}

void ModelFlags::declare_samples(CLI::App& command) {
  command
      .add_option("--data", samples,
                  "samples, as for tune: they give the shapes that the model leaves open, and the "
                  "first those that follow from the data")
      ->type_name("DIR");
}

Result<engine::ModelOptions> ModelFlags::parse() const {
  KEEL_TRY(VendorArguments vendor, read_vendor_options(*app));
  engine::ModelOptions options;
  options.passed_on = std::move(vendor.passed_on);
  options.model = model;
  options.input_shape = input_shape;
  options.input_value = input_value;
  options.loop_iterations = loop_iterations;
  options.soc_version = soc_version;
  KEEL_TRY(options.mode, ascend::chosen_mode(precision_mode, precision_mode_v2));
  if (!allow_hf32.empty()) {
    KEEL_TRY(options.hf32, ascend::hf32_named(allow_hf32));
  }
  if (!keep_dtype.empty()) options.keep_dtype = keep_dtype;
  if (!modify_mixlist.empty()) options.modify_mixlist = modify_mixlist;
  if (!customize_dtypes.empty()) options.customize_dtypes = customize_dtypes;
  if (!op_precision_mode.empty()) options.op_precision_mode = op_precision_mode;
  if (!samples.empty()) options.samples = samples;
  if (!kernel_cache.empty()) options.kernel_cache = kernel_cache;
  if (!vendor.note.empty()) std::fprintf(stderr, "%s\n", vendor.note.c_str());
  return options;
}

Result<std::vector<ascend::PrecisionMode>> ModelFlags::modes() const {
  const std::string list = precision_mode ? *precision_mode : precision_mode_v2.value_or("");
  const auto only = [](const std::optional<std::string>& given, const std::string& one) {
    return given ? std::optional(one) : std::nullopt;
  };
  std::vector<ascend::PrecisionMode> modes;
  std::size_t from = 0;
  while (from != std::string::npos) {
    const std::size_t comma = list.find(',', from);
    const std::string one = list.substr(from, comma - from);
    KEEL_TRY(const ascend::PrecisionMode mode,
             ascend::chosen_mode(only(precision_mode, one), only(precision_mode_v2, one)));
    if (std::ranges::find(modes, mode) != modes.end())
      return Error{ErrorCode::InvalidConfig, "'" + one + "' is asked for twice",
                   precision_mode ? "--precision_mode" : "--precision_mode_v2",
                   "name each mode once"};
    modes.push_back(mode);
    from = comma == std::string::npos ? comma : comma + 1;
  }
  return modes;
}

void print_warnings(std::span<const Error> warnings) {
  for (const Error& warning : warnings)
    std::fprintf(stderr, "%s\n", to_warning_text(warning).c_str());
}

int report_error(const Error& error) {
  std::fprintf(stderr, "%s\n", to_text(error).c_str());
  switch (error.code) {
    case ErrorCode::InvalidModel:
    case ErrorCode::InvalidConfig:
    case ErrorCode::NotReadable:
    case ErrorCode::Unsupported:
      return kExitBadInput;
    case ErrorCode::DeviceFailed:
    case ErrorCode::StudyCorrupt:
    case ErrorCode::IoFailed:
      return kExitDeviceFailed;
  }
  return kExitDeviceFailed;
}

}  // namespace keel::cli
