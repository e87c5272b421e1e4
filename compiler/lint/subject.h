#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/ascend/keep_list.h"
#include "compiler/ascend/names.h"
#include "compiler/ascend/op_table.h"
#include "compiler/ascend/operator_lines.h"
#include "compiler/ir/graph.h"
#include "compiler/lint/decode.h"
#include "compiler/lint/finding.h"
#include "compiler/lint/removals.h"
#include "compiler/passes/units.h"

namespace keel::lint {

/// What the names of a list are resolved against.
struct NamedModel {
  const ir::Graph& graph;                        ///< as imported
  std::span<const ascend::FileNode> file_nodes;  ///< indexed by OriginId
  const ascend::OpTable& table;
};

/// A keep list that was read, and the model it is for.
struct ListSubject {
  std::string file;  ///< as the user gave it
  DecodedText decoded;
  ascend::KeepList list;
  NamedModel model;
};

/// `--customize_dtypes` beside the list.
struct OtherFile {
  std::string file;  ///< as the user gave it
  std::vector<ascend::CustomLine> lines;
};

/// The list, and what becomes of the model under it.
struct Subject {
  ListSubject list;
  std::string model_file;  ///< as the user gave it
  std::int64_t opset = 0;
  const Removals& removals;
  const ir::Graph& prepared;
  std::span<const passes::Unit> units;
  /// The prepared graph with the casts of the variant that the list describes; node ids are the
  /// same.
  const ir::Graph& cast;
  const ascend::PrecisionRules& rules;
  std::optional<OtherFile> customize_dtypes = {};
};

}  // namespace keel::lint
