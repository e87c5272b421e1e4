#pragma once

#include <optional>
#include <span>
#include <vector>

#include "tuner/engine/tune.h"
#include "tuner/report/modes.h"

namespace keel::engine {

/// What a run under several modes found.
struct ModesReport {
  Ending ending = Ending::Done;
  std::vector<report::ModeResult> modes;  ///< those with something to search, in the order asked
  std::optional<std::size_t> best;        ///< of `modes`: see report::best_mode()
  ascend::Cann cann = ascend::Cann::V8;
};

/// One search over several modes: each in its folder below options.output, as tune() would; but all
/// share results, those after the first take what it says of units as a prior, and look only for
/// what those before do not have. In options.output itself: front.csv, modes.json, and keep list,
/// reasons and commands of the best mode.
///
/// \pre  modes has two or more, no two alike; options.model.mode and options.from do not count
/// \error as tune(); options.output holds a study of its own
Result<ModesReport> tune_modes(const TuneOptions& options,
                               std::span<const ascend::PrecisionMode> modes, Progress& progress);

}  // namespace keel::engine
