#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ascend/op_table.h"
#include "compiler/base/result.h"
#include "compiler/ir/graph.h"

namespace keel::ascend {

/// One line of the owner's file that names something.
struct KeepEntry {
  int line = 0;                     ///< from 1
  std::string text;                 ///< trimmed
  std::vector<ir::OriginId> nodes;  ///< what it matches, sorted; empty: nothing
};

/// `--keep_dtype`, resolved against a model.
struct KeepList {
  std::vector<KeepEntry> entries;
  std::vector<Error> warnings;  ///< entries that match nothing, comments, a BOM; where = file:line

  /// Every node the list keeps, sorted, each once.
  std::vector<ir::OriginId> nodes() const;
};

/// Reads a keep list as the vendor's compiler does: a node name, or `OpType::Type` with an Ascend
/// IR type, one per line; exact and case-sensitive; zero-length lines are skipped. What the vendor
/// would silently take for an unknown name (a `#` comment, a BOM, a blank line of spaces, an
/// entry that matches nothing) is a warning with the nearest names.
///
/// \param origins  the nodes of the model, named as the vendor's compiler will
/// \error InvalidConfig  a type that is not PascalCase
/// \error NotReadable  the file cannot be read
Result<KeepList> read_keep_list(const std::filesystem::path& path,
                                std::span<const ir::Origin> origins, const OpTable& table);

/// The same from text already in memory; `where` stands for the path in messages.
Result<KeepList> parse_keep_list(std::string_view text, const std::string& where,
                                 std::span<const ir::Origin> origins, const OpTable& table);

/// The file the vendor's compiler accepts: one name per line, nothing else.
std::string keep_list_text(std::span<const std::string> names);

}  // namespace keel::ascend
