#include <array>

#include "tuner/cli/vendor_options.h"

namespace keel::cli {
namespace {

constexpr std::string_view kFixedShape = "keel evaluates one fixed shape: give it as --input_shape";
constexpr std::string_view kOtherInput =
    "keel evaluates the inputs of the model in their own dtype";
constexpr std::string_view kOnnxOnly = "keel compiles ONNX models only";
// Names and values: CANN 8.0, "ATC parameters" and "AOE parameters".
constexpr std::array kOptions = {
    VendorOption{"input_format", Fate::PassedOn},
    VendorOption{"output_type", Fate::PassedOn, Takes::Text,
                 "it converts the outputs, which keel compares in their own dtype", "FP32"},
    VendorOption{"insert_op_conf", Fate::PassedOn, Takes::Path,
                 "evaluated without its preprocessing"},
    VendorOption{"op_select_implmode", Fate::PassedOn, Takes::Text, "evaluated as without it"},
    VendorOption{"optypelist_for_implmode", Fate::PassedOn, Takes::Text, "evaluated as without it"},
    VendorOption{"aicore_num", Fate::PassedOn, Takes::Text, "latencies are those of all cores"},
    VendorOption{"virtual_type", Fate::PassedOn, Takes::Text, "latencies are those of all cores"},
    VendorOption{"core_type", Fate::PassedOn, Takes::Text,
                 "the latencies keel predicts are those of AiCore", "AiCore"},
    VendorOption{"enable_small_channel", Fate::PassedOn},
    VendorOption{"buffer_optimize", Fate::PassedOn},
    VendorOption{"fusion_switch_file", Fate::PassedOn, Takes::Path,
                 "latencies are those with every fusion"},
    VendorOption{"enable_scope_fusion_passes", Fate::PassedOn},
    VendorOption{"compress_weight_conf", Fate::PassedOn, Takes::Path},
    VendorOption{"enable_compress_weight", Fate::PassedOn},
    VendorOption{"sparsity", Fate::PassedOn, Takes::Text, "latencies are those of dense weights"},
    VendorOption{"external_weight", Fate::PassedOn},
    VendorOption{"enable_single_stream", Fate::PassedOn},
    VendorOption{"ac_parallel_enable", Fate::PassedOn},
    VendorOption{"tiling_schedule_optimize", Fate::PassedOn},
    VendorOption{"atomic_clean_policy", Fate::PassedOn},
    VendorOption{"deterministic", Fate::PassedOn},
    VendorOption{"oo_level", Fate::PassedOn},
    VendorOption{"op_bank_path", Fate::PassedOn, Takes::Path},
    VendorOption{"mdl_bank_path", Fate::PassedOn, Takes::Path},
    VendorOption{"op_debug_level", Fate::PassedOn},
    VendorOption{"op_debug_config", Fate::PassedOn, Takes::Path},
    VendorOption{"debug_dir", Fate::PassedOn, Takes::Path},
    VendorOption{"check_report", Fate::PassedOn, Takes::Path},
    VendorOption{"status_check", Fate::PassedOn},
    VendorOption{"quant_dumpable", Fate::PassedOn},
    VendorOption{"host_env_os", Fate::PassedOn},
    VendorOption{"host_env_cpu", Fate::PassedOn},
    VendorOption{"log", Fate::PassedOn},  // in place of the level atc.sh would pin

    VendorOption{"framework", Fate::NotUsed, Takes::Text, kOnnxOnly, "5"},
    VendorOption{"mode", Fate::NotUsed, Takes::Text, "keel compiles models, which is mode 0", "0"},
    VendorOption{"output", Fate::NotUsed},  // where a command has none of its own
    VendorOption{"op_compiler_cache_mode", Fate::NotUsed, Takes::Text, "atc.sh disables the cache"},
    VendorOption{"op_compiler_cache_dir", Fate::NotUsed, Takes::Text, "atc.sh disables the cache"},
    VendorOption{"job_type", Fate::NotUsed},  // from here on options of aoe
    VendorOption{"device", Fate::NotUsed},    // likewise
    VendorOption{"reload", Fate::NotUsed, Takes::TextOrNothing},
    VendorOption{"progress_bar", Fate::NotUsed},
    VendorOption{"tune_ops_file", Fate::NotUsed},
    VendorOption{"tune_optimization_level", Fate::NotUsed},
    VendorOption{"Fdeeper_opat", Fate::NotUsed, Takes::TextOrNothing},

    VendorOption{"compression_optimize_conf", Fate::Refused, Takes::Text,
                 "it quantises the model, and keel does not read it"},
    VendorOption{"input_fp16_nodes", Fate::Refused, Takes::Text, kOtherInput},
    VendorOption{"is_input_adjust_hw_layout", Fate::Refused, Takes::Text, kOtherInput},
    VendorOption{"is_output_adjust_hw_layout", Fate::Refused, Takes::Text,
                 "it converts the outputs, which keel compares in their own dtype"},
    VendorOption{"out_nodes", Fate::Refused, Takes::Text,
                 "keel compares the outputs of the model: cut the model where they should be"},
    VendorOption{"input_shape_range", Fate::Refused, Takes::Text, kFixedShape},
    VendorOption{"dynamic_batch_size", Fate::Refused, Takes::Text, kFixedShape},
    VendorOption{"dynamic_image_size", Fate::Refused, Takes::Text, kFixedShape},
    VendorOption{"dynamic_dims", Fate::Refused, Takes::Text, kFixedShape},
    VendorOption{"weight", Fate::Refused, Takes::Text, kOnnxOnly},
    VendorOption{"singleop", Fate::Refused, Takes::Text, kOnnxOnly},
    VendorOption{"om", Fate::Refused, Takes::Text, kOnnxOnly},
};

}  // namespace

std::span<const VendorOption> vendor_options() { return kOptions; }

}  // namespace keel::cli
