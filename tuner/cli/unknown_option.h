#pragma once

#include <optional>

#include "compiler/base/result.h"

namespace CLI {
class App;
}

namespace keel::cli {

/// The first option on the command line that `command` does not have, the vendor's options
/// included; `fix` names the nearest it has. \pre `command` has parsed, maybe in vain
std::optional<Error> unknown_option(const CLI::App& command);

}  // namespace keel::cli
