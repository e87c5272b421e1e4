#pragma once

#include <span>
#include <string>
#include <string_view>

#include "compiler/ascend/mix_list_changes.h"
#include "compiler/ascend/op_table.h"

namespace keel::ascend {

/// The JSON of `--modify_mixlist` that makes `changes`: each type is removed from the list of
/// `family` it is on in `table` and added to the other one.
/// \pre no change names the list its type is on already
std::string mix_list_text(std::span<const MixListChange> changes, const OpTable& table,
                          std::string_view family);

}  // namespace keel::ascend
