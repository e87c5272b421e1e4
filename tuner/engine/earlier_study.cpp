#include "tuner/engine/earlier_study.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "tuner/engine/study_result.h"
#include "tuner/study/content.h"

namespace keel::engine {
namespace {

using Types = std::vector<std::string>;

Error of_another_mode(const std::filesystem::path& folder, const std::string& theirs,
                      std::string_view ours) {
  return {ErrorCode::InvalidConfig,
          "the earlier study is about " + theirs + ", this run about " + std::string(ours) +
              ": their roundings are others",
          folder.string(), "give a study of the same precision mode, or leave out --from"};
}

Result<report::TuneResult> result_of(const study::Snapshot& snapshot) {
  return study_result(snapshot.head.question, snapshot.head.units, {}, {}, std::nullopt,
                      snapshot.trials);
}

// What the unit adds: by its probe, else an equal part of what a probe of several adds that holds
// no cliff.
std::optional<double> squared_error_of(const search::UnitFinding& finding) {
  const auto& group = finding.group;
  if (finding.probed)
    return std::isfinite(finding.lone_error)
               ? std::optional(finding.lone_error * finding.lone_error)
               : std::nullopt;
  if (!group || group->error > search::kCliffError) return std::nullopt;
  return group->error * group->error / static_cast<double>(group->units);
}

}  // namespace

Result<EarlierStudy> read_earlier_study(const std::filesystem::path& folder, const Target& target,
                                        std::optional<ascend::PrecisionMode> mode) {
  KEEL_TRY(const study::Snapshot snapshot, study::read_study(folder));
  for (const auto& [name, value] : snapshot.head.question)
    if (mode && name == "precision_mode" && value != ascend::name(*mode))
      return of_another_mode(folder, value, ascend::name(*mode));
  KEEL_TRY(const report::TuneResult result, result_of(snapshot));

  std::map<std::pair<std::string, Types>, double> lone;
  for (std::size_t u = 0; u < result.units.size(); ++u) {
    const study::UnitRecord& unit = result.units[u].record;
    const search::UnitFinding& finding = result.findings[u];
    if (const std::optional<double> error = squared_error_of(finding))
      lone[{unit.name, unit.ascend_types}] = *error;
  }
  EarlierStudy earlier;
  Hasher hasher;
  for (const UnitFacts& unit : target.units) {
    const auto found = lone.find({unit.name, unit.ascend_types});
    const bool is_known = found != lone.end() && unit.state == search::UnitState::Free;
    earlier.lone_squared_error.push_back(is_known ? std::optional(found->second) : std::nullopt);
    earlier.known += is_known ? 1 : 0;
    hasher.add(std::uint64_t{is_known});
    if (is_known) hasher.add(found->second);
  }
  if (earlier.known == 0)
    return Error{ErrorCode::InvalidConfig,
                 "the earlier study tried no unit that this model has, by name and types",
                 folder.string(),
                 "give a study of this model or of a sibling, or leave out --from"};
  earlier.digest = hasher.digest();
  return earlier;
}

}  // namespace keel::engine
