#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/base/hash.h"
#include "compiler/base/result.h"
#include "compiler/base/tensor.h"
#include "profiler/accuracy/port.h"

namespace keel::accuracy {

struct Sample {
  std::string name;            ///< "000"
  std::vector<Tensor> inputs;  ///< in port order
};

struct Dataset {
  std::vector<Sample> samples;       ///< by name, runs of digits as numbers: "9" before "10"
  std::vector<std::int64_t> labels;  ///< one per sample, or empty
  Digest digest;                     ///< of names, contents and labels
};

/// Reads samples.
///
/// `folder` (or `inputs/` inside it) holds, for a model of one input, `000.npy ...` or
/// `000.bin ...`; for several, `000.INPUT.npy` (characters of INPUT that a file name cannot hold
/// are
/// `_`); or it holds ONNX `test_data_set_*` folders with `input_0.pb ...`. Files of other endings
/// are left alone. `.bin` is raw C order of the input's dtype. Float64 and float16 .npy are
/// converted to the input's dtype, integers only to integers. Labels come from `labels`, else from
/// `labels.json` in `folder`: an array of integers, or an object with such an array under "labels".
///
/// \error InvalidConfig  no samples; a wrong shape or dtype (`what` has both); NaN or Inf; an input
///     without a file; labels that do not match the samples in number
/// \error NotReadable  a file cannot be read
Result<Dataset> load_dataset(const std::filesystem::path& folder, std::span<const Port> inputs,
                             const std::optional<std::filesystem::path>& labels);

/// Inputs of the first sample.
/// \error InvalidConfig, NotReadable  as load_dataset()
Result<std::vector<Tensor>> first_sample(const std::filesystem::path& folder,
                                         std::span<const Port> inputs);

/// The content that `input` has in every sample of `folder`; empty where two samples differ.
/// \param inputs  every input that has files; `input` is one
/// \error InvalidConfig, NotReadable  as load_dataset()
Result<std::optional<Tensor>> constant_sample(const std::filesystem::path& folder,
                                              std::span<const Port> inputs, const Port& input);

/// A NumPy array file. Versions 1 to 3, C or Fortran order, little-endian.
/// \error InvalidConfig  malformed, or a dtype keel does not hold
Result<Tensor> read_npy(const std::filesystem::path& path);

/// Writes a .npy file (version 1.0), atomically. Held-wide F16 is written as float16, BF16 as
/// float32.
Status write_npy(const std::filesystem::path& path, const Tensor& tensor);

/// `name` with each character that may not stand in a file name replaced by '_'.
std::string file_name_of(std::string_view name);

/// What an output of a sample is written to: "000.npy", or "000.OUTPUT.npy" of several.
std::string output_file_name(const std::string& sample, std::string_view output,
                             std::size_t output_count);

}  // namespace keel::accuracy
