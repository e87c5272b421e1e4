#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "compiler/base/hash.h"
#include "tuner/engine/options.h"
#include "tuner/engine/target.h"

namespace keel::engine {

/// What a study of the same model trained again, or of a sibling, says of the units of this one.
struct EarlierStudy {
  /// By unit of the target: the squared error that lowering it alone added, or its part of what
  /// lowering it with others added; none where that study has no unit of its name and types, or did
  /// not try it, or it was not finite.
  std::vector<std::optional<double>> lone_squared_error;
  std::size_t known = 0;  ///< units of which it says something
  Digest digest;          ///< of what it says
};

/// \param mode           absent: any
/// \error InvalidConfig  no study there; one under another precision mode, whose roundings are
///     others; one without a unit of this model
/// \error StudyCorrupt   it is damaged
Result<EarlierStudy> read_earlier_study(const std::filesystem::path& folder, const Target& target,
                                        std::optional<ascend::PrecisionMode> mode);

}  // namespace keel::engine
