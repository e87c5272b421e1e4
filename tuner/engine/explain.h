#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/result.h"
#include "tuner/engine/options.h"
#include "tuner/engine/target.h"

namespace keel::engine {

/// Why a node computes in what it computes in, in the owner's variant.
struct Explanation {
  std::string text;             ///< the node, the outcome, then one line a rule, in order
  std::vector<Error> warnings;  ///< of open_target()
};

/// \param node  its name, as the vendor's compiler sees it
/// \error InvalidConfig  no such node; `fix` names the nearest
/// \error what open_target() gives
Result<Explanation> explain(const ModelOptions& options, std::string_view node);

/// The same for a target that is open already.
Result<std::string> explain(const Target& target, std::string_view node);

}  // namespace keel::engine
