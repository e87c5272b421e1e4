#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/graph.h"

namespace keel::lint {

/// Which pass took the last node of each node of the model file.
class Removals {
 public:
  /// To be called after each pass of the prepare pipeline, in order.
  void after_pass(std::string_view pass, const ir::Graph& graph);

  /// The pass after which nothing of `origin` was left; empty while something is.
  std::string_view pass_of(ir::OriginId origin) const;

 private:
  std::vector<std::string> pass_of_;  ///< indexed by OriginId
};

}  // namespace keel::lint
