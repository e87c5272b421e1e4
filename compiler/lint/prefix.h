#pragma once

#include <optional>
#include <string>

#include "compiler/ascend/keep_list.h"

namespace keel::lint {

/// The type that a name entry means where it starts with a misspelled `OpType::` and matches
/// nothing: "Relu" of "optype:Relu" or "OpType: :Relu". Empty for other entries.
std::optional<std::string> misspelled_type(const ascend::KeepEntry& entry);

/// ASCII letters in lower case.
std::string lowered(std::string_view text);

}  // namespace keel::lint
