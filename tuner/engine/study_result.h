#pragma once

#include <optional>
#include <span>
#include <vector>

#include "tuner/report/result.h"
#include "tuner/study/study.h"

namespace keel::engine {

/// What the trials of a study say, from the study alone: front, anchors, findings, recommendation.
/// Left empty: the split, the hold-out figures and the class of each unit.
/// \error StudyCorrupt  a unit's suspicion is not one
/// \pre question, units, requirements and goal are those the trials are about
Result<report::TuneResult> study_result(const study::Question& question,
                                        const std::vector<study::UnitRecord>& units,
                                        const std::vector<accuracy::Requirement>& requirements,
                                        const search::Goal& goal, std::optional<double> confidence,
                                        std::span<const study::TrialRecord> trials);

}  // namespace keel::engine
