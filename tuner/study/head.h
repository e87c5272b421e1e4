#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/hash.h"
#include "tuner/study/study.h"

namespace keel::study {

/// What a study is about: all it holds besides trials.
struct Head {
  Question question;
  std::vector<UnitRecord> units;
  std::vector<std::string> metrics;
};

/// "free", "kept", "lowered": the spelling of the database and of every report.
std::string_view name(search::UnitState state);

std::optional<search::UnitState> unit_state_named(std::string_view name);

/// "complete", "non_finite", "failed".
std::string_view name(search::TrialState state);

/// Of the unit's nodes; 0, 1, 2, ... where the record has none.
std::vector<std::uint64_t> node_positions(const UnitRecord& unit);

/// Starts the chain of hashes over trials; of everything but reasons.
Digest digest(const Head& head);

/// What of `now` differs from `stored`, each with both values: "seed is '1' in the study, '2' now;
/// ". Empty where nothing does. Not compared: reasons of units, which say where a rule
/// came from, and what follows from the question (Ascend types, suspicions, poles).
std::string difference(const Head& stored, const Head& now);

}  // namespace keel::study
