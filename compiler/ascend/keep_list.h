#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ascend/op_table.h"
#include "compiler/ir/graph.h"

namespace keel::ascend {

/// What stands before a type in a keep list.
constexpr std::string_view kTypePrefix = "OpType::";

/// What a line of a keep list looks like. The vendor's compiler takes all but Type for names.
enum class EntryForm : std::uint8_t {
  Name,
  Type,          ///< `OpType::` at the start of the line
  IndentedType,  ///< `OpType::` after blanks: names a node that cannot be
  Comment,       ///< starts with '#': likewise
  Blank,         ///< nothing but blanks: likewise
};

/// One line of the owner's file that is not empty.
struct KeepEntry {
  int line = 0;  ///< from 1
  EntryForm form = EntryForm::Name;
  std::string raw;                  ///< without its end of line
  std::string text;                 ///< trimmed
  std::vector<ir::OriginId> nodes;  ///< what it matches, sorted; empty: nothing
};

/// `--keep_dtype`, resolved against a model.
struct KeepList {
  std::vector<KeepEntry> entries;

  /// Every node the list keeps, sorted, each once.
  std::vector<ir::OriginId> nodes() const;
};

/// Reads a keep list as the vendor's compiler does: a node name, or `OpType::Type` with an Ascend
/// IR type, one per line; exact and case-sensitive; zero-length lines are skipped. As silently as
/// it: compiler/lint says what is wrong with the entries.
///
/// \param text     UTF-8 without a byte order mark
/// \param origins  the nodes of the model, named as the vendor's compiler will
KeepList parse_keep_list(std::string_view text, std::span<const ir::Origin> origins,
                         const OpTable& table);

/// The part of a type entry after `OpType::`. \pre entry.form is Type or IndentedType
std::string_view type_of(const KeepEntry& entry);

/// `text` without the blanks that the vendor's compiler trims.
std::string_view trimmed(std::string_view text);

/// The file the vendor's compiler accepts: one name per line, nothing else.
std::string keep_list_text(std::span<const std::string> names);

}  // namespace keel::ascend
