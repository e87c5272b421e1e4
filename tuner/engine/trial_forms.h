#pragma once

#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "tuner/engine/target.h"

namespace keel::engine {

/// What a trial keeps, on the model of its study.
struct KeptUnits {
  search::Assignment assignment;   ///< of the trial
  std::vector<bool> listed;        ///< by unit: its nodes are on the keep list
  std::vector<std::string> nodes;  ///< names on the keep list
};

/// The keep list of a trial in the fewest lines; see ascend::shortest_keep_list().
/// \error InvalidConfig  as that
Result<std::string> shortest_list(const Target& target, const KeptUnits& kept);

/// A file of --customize_dtypes that gives the operators a trial keeps float32 inputs and outputs,
/// each by the name of its unit's first node, in place of the keep list.
/// \error InvalidConfig  the study was made with such a file of the owner's
/// \error Unsupported  an operator would not compute as in the trial: it has no fp32 kernel
Result<std::string> customize_dtypes_text(const Target& target, const KeptUnits& kept);

/// A file of --modify_mixlist that puts the types a trial keeps on the black list, in place of the
/// keep list; what a file of the owner's moved is moved in it, too.
/// \error InvalidConfig  the mode is no mixed one; a type is split: the trial keeps some operators
///     of it only; a type is unknown
/// \error Unsupported  an operator would not compute as in the trial
Result<std::string> modify_mixlist_text(const Target& target, const KeptUnits& kept);

}  // namespace keel::engine
