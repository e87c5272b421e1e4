#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "profiler/accuracy/dataset.h"
#include "tuner/engine/target.h"

namespace keel::engine {

/// What lowering does at one value, over all samples: the worst of them.
struct NodeError {
  /// Relative L2 of the value when only its own node is lowered, its operands being the rounded
  /// fp32 ones.
  double alone = 0;
  /// Relative L2 of the value in the whole lowered variant.
  double accumulated = 0;
  std::uint64_t non_finite = 0;  ///< samples in which the variant has Inf or NaN and fp32 has not
};

/// Where a variant goes wrong.
struct NodeErrors {
  std::vector<NodeError> of_value;           ///< by ValueId of the prepared graph
  std::optional<ir::ValueId> first_trouble;  ///< the first value in order that is not finite
  std::uint64_t samples = 0;
};

/// Executes the variant and plain fp32 side by side on every sample, and each node alone.
///
/// Memory: every value of one sample in fp32, for each thread.
/// \error what execution gives, with the sample
Result<NodeErrors> find_node_errors(const Target& target, const accuracy::Dataset& data,
                                    const search::Assignment& variant);

}  // namespace keel::engine
