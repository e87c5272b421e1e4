#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/base/tensor.h"
#include "compiler/ir/graph.h"
#include "profiler/accuracy/dataset.h"

namespace keel::engine {

/// Finds what the model gives in plain fp32 that is no number: no variant can be compared with it.
class NonFiniteOutputs {
 public:
  /// \param sample   its name
  /// \param outputs  of `graph` in plain fp32
  void add(const ir::Graph& graph, const std::string& sample, std::span<const Tensor> outputs);

  /// Names the output and the first sample, and says of how many. Empty where all are finite.
  std::optional<Error> warning() const;

 private:
  std::string output_, sample_;  ///< the first
  std::size_t samples_ = 0, non_finite_ = 0;
};

/// \param outputs  in plain fp32, by sample
std::optional<Error> non_finite_outputs(const ir::Graph& graph, const accuracy::Dataset& data,
                                        std::span<const std::vector<Tensor>> outputs);

}  // namespace keel::engine
