#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "compiler/onnx/load.h"

namespace keel::program {

/// The models of the ONNX project with recorded inputs and results, as Debian's libonnx-testdata
/// installs them.
inline const std::filesystem::path kRecordedModels = "/usr/share/libonnx-testdata/data";

/// What `data`, a test_data_set folder, holds of `kind`: "input" or "output".
/// \error what read_tensor_file() gives: of a sequence or of strings, for example
inline Result<std::vector<Tensor>> recorded(const std::filesystem::path& data,
                                            const std::string& kind) {
  std::vector<Tensor> tensors;
  for (int i = 0;; ++i) {
    const std::filesystem::path file = data / (kind + "_" + std::to_string(i) + ".pb");
    if (!std::filesystem::exists(file)) return tensors;
    KEEL_TRY(Tensor tensor, onnx_io::read_tensor_file(file));
    tensors.push_back(std::move(tensor));
  }
}

}  // namespace keel::program
