#pragma once

#include <span>
#include <string>
#include <vector>

#include "compiler/ascend/mix_list_changes.h"
#include "compiler/ascend/op_table.h"
#include "compiler/ascend/soc.h"
#include "compiler/base/result.h"
#include "compiler/ir/graph.h"
#include "compiler/passes/units.h"
#include "tuner/engine/options.h"

namespace keel::engine {

/// Moves the types that --modify_mixlist names within `table`.
/// \returns  what was moved, and warnings: one that it has no effect outside the mixed modes
/// \error what reading the file gives
Result<ascend::MixListChanges> apply_mix_list(const ModelOptions& options, const ascend::Soc& soc,
                                              ascend::OpTable& table);

/// What --customize_dtypes and --op_precision_mode ask of each unit.
struct OwnerRequests {
  std::vector<ascend::Request> of_unit;  ///< indexed by UnitId
  std::vector<Error> warnings;           ///< lines that name nothing, lines keel cannot honour
};

/// Names of --customize_dtypes are those after fusion: a unit has that of its first node. A line by
/// name counts before one by type.
/// \error InvalidConfig  a malformed file
/// \error Unsupported  --customize_dtypes gives dtypes that an operator has no kernel of
Result<OwnerRequests> read_owner_requests(const ModelOptions& options,
                                          const ascend::PrecisionRules& rules,
                                          const ir::Graph& graph,
                                          std::span<const passes::Unit> units);

/// An option that names a file, for the study's question and the compiler's command.
struct OwnerFile {
  std::string option;  ///< "modify_mixlist"
  std::filesystem::path path;
  std::string digest;  ///< of its content
};

/// Those of the three files that are given.
/// \error NotReadable  one cannot be read
Result<std::vector<OwnerFile>> owner_files(const ModelOptions& options);

/// \error InvalidConfig  a file of the owner's, the keep list included, stands in the output folder
///     under a name that the run writes there
Status check_none_replaced(const ModelOptions& options, const std::filesystem::path& output);

}  // namespace keel::engine
