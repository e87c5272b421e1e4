#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "profiler/accuracy/dataset.h"
#include "profiler/accuracy/split.h"
#include "tuner/engine/earlier_study.h"
#include "tuner/engine/options.h"
#include "tuner/engine/phases.h"
#include "tuner/engine/poles.h"
#include "tuner/engine/reference.h"
#include "tuner/engine/target.h"
#include "tuner/report/range_finding.h"
#include "tuner/search/space.h"
#include "tuner/study/study.h"

namespace keel::engine {

/// Everything about a run that the search itself does not change.
struct Setting {
  Target target;
  accuracy::Dataset data;
  accuracy::Split split;
  Reference reference;
  std::vector<std::vector<report::RangeFinding>> suspicions;
  std::vector<Pole> poles;
  search::Space space;
  std::optional<EarlierStudy> earlier;
};

/// Reads the data, runs the reference on it, and makes the search space of what that shows.
/// \error what the data, the reference or the earlier study give
Result<Setting> make_setting(const TuneOptions& options, Target target, std::stop_token stop,
                             Phases& phases);

/// As the study keeps them, by UnitId.
std::vector<study::UnitRecord> unit_records(const Setting& setting);

}  // namespace keel::engine
