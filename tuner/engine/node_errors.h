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
  std::vector<NodeError> of_value;  ///< by ValueId of the prepared graph
  /// The first value in order that is Inf or NaN. Many are harmless: tanh of Inf is 1.
  std::optional<ir::ValueId> first_non_finite;
  /// The first whose own node makes it so, and whose unit spoils the results of the model when it
  /// alone is lowered: Inf or NaN, or more than 5 % off.
  std::optional<ir::ValueId> first_trouble;
  double trouble_error = 0;  ///< worst relative L2 of the results then; may be infinite
  std::uint64_t samples = 0;
};

/// Executes the variant and plain fp32 side by side on every sample, and each node alone.
///
/// Memory: every value of one sample in fp32, for each thread.
/// \error what execution gives, with the sample
Result<NodeErrors> find_node_errors(const Target& target, const accuracy::Dataset& data,
                                    const search::Assignment& variant);

}  // namespace keel::engine
