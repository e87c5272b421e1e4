#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ascend/op_table.h"
#include "compiler/base/result.h"

namespace keel::ascend {

/// One type that `--modify_mixlist` moves.
struct MixListChange {
  std::string type;
  MixList list = MixList::Gray;  ///< where it is now
};

/// `--modify_mixlist`, checked against the lists of a SoC family.
struct MixListChanges {
  std::vector<MixListChange> changes;  ///< by type, those that change nothing left out
  std::vector<Error> warnings;         ///< unknown types, entries that change nothing
};

/// Reads `{"black-list": {"to-add": [], "to-remove": []}, "white-list": ..., "gray-list": ...}`. A
/// type that is only removed from a list is gray from then on.
///
/// \error InvalidConfig  no such JSON, or a type that is added to two lists, or added to and
/// removed
///     from one
/// \error NotReadable  the file cannot be read
Result<MixListChanges> read_mix_list_changes(const std::filesystem::path& path,
                                             const OpTable& table, std::string_view family);

/// The same from text already in memory; `where` stands for the path in messages.
Result<MixListChanges> parse_mix_list_changes(std::string_view text, const std::string& where,
                                              const OpTable& table, std::string_view family);

}  // namespace keel::ascend
