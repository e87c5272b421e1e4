#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "tuner/search/rivals.h"
#include "tuner/search/strategy.h"

namespace keel::search {

struct StrategyOptions {
  std::uint64_t seed = 0;
  std::size_t max_trials = 200;  ///< asks in all; a search may finish earlier
  Goal goal = {};                ///< what the answer will be judged by
  Rivals rivals = {};            ///< the default strategy alone reads them
};

/// One line of the table: everything that is known of a strategy by name.
struct StrategyKind {
  std::string_view name;     ///< as on the command line
  std::string_view summary;  ///< one line of help
  std::unique_ptr<Strategy> (*make)(const Space& space, const StrategyOptions& options);
  /// Trials of a study whose owner names no number.
  /// \error InvalidConfig  the strategy is not for a space of that size
  Result<std::size_t> (*default_trials)(const Space& space);
};

/// Every strategy, the default first.
std::span<const StrategyKind> strategies();

/// \error InvalidConfig  no strategy of that name; `fix` lists them
Result<StrategyKind> find_strategy(std::string_view name);

}  // namespace keel::search
