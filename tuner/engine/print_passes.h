#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/result.h"
#include "tuner/engine/options.h"

namespace keel::engine {

/// Every pass a model goes through, in order: what is done once, then what is done for a variant.
std::vector<std::string> pass_names();

struct PassTexts {
  std::string text;             ///< of each graph: "# after PASS", then its text form (ir/text.h)
  std::vector<Error> warnings;  ///< of the owner's keep list
};

/// The graph of the owner's variant after a pass.
/// \param pass              a pass, or "all": after each of them
/// \param largest_constant  constants with more elements are printed as their digest; such a text
///                          cannot be parsed
/// \error InvalidConfig  no such pass; `fix` lists them
Result<PassTexts> print_passes(const ModelOptions& options, std::string_view pass,
                               std::int64_t largest_constant);

}  // namespace keel::engine
