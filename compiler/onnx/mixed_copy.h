#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "compiler/base/dtype.h"
#include "compiler/base/result.h"
#include "compiler/base/rounding.h"
#include "compiler/onnx/mixed_plan.h"

namespace keel::onnx_io {

struct MixedRequest {
  std::int64_t opset = 0;  ///< of the model
  /// What each node computes in, F32 or F16, in the order of Graph::origins(); empty for a node
  /// that is no part of what is compiled.
  std::vector<std::optional<DType>> dtypes;
  Overflow overflow = Overflow::InfNan;  ///< of stored numbers beyond fp16
  std::vector<FoldedNorm> folded = {};   ///< convolutions that compute a norm too
};

struct MixedCopy {
  std::size_t half_nodes = 0;  ///< that read or make float16
  std::size_t casts = 0;       ///< that were inserted
  /// Positions of nodes that stay float because ONNX has no float16 form of them at this opset.
  std::vector<std::size_t> stays_float;
};

/// Writes a copy of the model file at `from` to `to` in which nodes compute in fp16 or fp32 as
/// `request` says: mixed_plan.h. A norm that is folded into its convolution becomes an
/// Identity of its name. Its inputs and outputs keep their types, its nodes their names; an
/// initializer that is listed as an input too is a constant and listed as what it is. Stored
/// tensors: mixed_tensors.h.
/// \error InvalidModel  no model, one that has changed, or a copy beyond 2 GiB
/// \error InvalidConfig  `to` is the model itself
/// \error NotReadable, IoFailed  a file
Result<MixedCopy> write_mixed_copy(const std::filesystem::path& from,
                                   const std::filesystem::path& to, const MixedRequest& request);

}  // namespace keel::onnx_io
