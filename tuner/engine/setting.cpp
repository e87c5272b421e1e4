#include "tuner/engine/setting.h"

#include <utility>

#include "tuner/engine/cost_terms.h"
#include "tuner/engine/formats.h"
#include "tuner/engine/ports.h"
#include "tuner/engine/roundings.h"
#include "tuner/report/range_record.h"

namespace keel::engine {
namespace {

// Empty where it says nothing and need not.
Result<std::optional<EarlierStudy>> earlier_of(const TuneOptions& options, const Target& target) {
  std::optional<ascend::PrecisionMode> mode = options.model.mode;
  if (options.from_any_mode) mode.reset();
  Result<EarlierStudy> earlier = read_earlier_study(*options.from, target, mode);
  if (earlier.ok()) return std::optional(*std::move(earlier));
  if (options.from_any_mode && earlier.error().code == ErrorCode::InvalidConfig)
    return std::optional<EarlierStudy>();
  return std::move(earlier).error();
}

// What fp16 loses elements of, but for poles, which are judged together.
std::vector<bool> bf16_candidates(std::vector<bool> suspects, const std::vector<Pole>& poles) {
  for (const Pole& pole : poles)
    for (const search::UnitIndex unit : pole.group.units) suspects[unit] = false;
  return suspects;
}

}  // namespace

std::vector<study::UnitRecord> unit_records(const Setting& setting) {
  std::vector<study::UnitRecord> records;
  for (std::size_t u = 0; u < setting.target.units.size(); ++u) {
    const UnitFacts& unit = setting.target.units[u];
    std::vector<std::string> suspicions;
    for (const report::RangeFinding& finding : setting.suspicions[u])
      suspicions.push_back(report::to_record(finding));
    records.push_back({unit.name,
                       unit.nodes,
                       unit.state,
                       unit.reason,
                       unit.positions,
                       unit.ascend_types,
                       std::move(suspicions),
                       {},
                       unit.follows,
                       unit.gang});
  }
  for (const Pole& pole : setting.poles)
    for (const search::UnitIndex unit : pole.group.units)
      records[unit].poles.push_back({pole.name, pole.group.floor_is_lost});
  return records;
}

Result<Setting> make_setting(const TuneOptions& options, Target target, std::stop_token stop,
                             Phases& phases) {
  KEEL_TRY(
      accuracy::Dataset data,
      accuracy::load_dataset(options.data, input_ports(target.prepared.graph()), options.labels));
  for (const accuracy::Requirement& requirement : options.requirements)
    if (requirement.metric->needs_labels && data.labels.empty())
      return Error{ErrorCode::InvalidConfig,
                   std::string(requirement.metric->name) + " needs labels, the data has none",
                   options.data.string(), "give --labels FILE, or put labels.json beside the data"};
  accuracy::Split split = accuracy::split_samples(data.samples.size(), options.seed);
  phases.enter("reference");
  KEEL_TRY(const std::vector<Rounding> roundings, find_roundings(target));
  KEEL_TRY(Reference reference,
           run_reference(target, data, split, lowered_dtypes(target, roundings), std::move(stop)));
  std::vector<std::vector<report::RangeFinding>> why =
      suspicions(target, roundings, reference.ranges);
  std::vector<bool> suspects;
  for (const std::vector<report::RangeFinding>& findings : why)
    suspects.push_back(!findings.empty());
  std::vector<Pole> poles = find_poles(target, reference.ranges);
  if (target.format == Format::Bf16) {
    add_bf16(target, bf16_candidates(suspects, poles));
    why.resize(target.units.size());
    suspects.resize(target.units.size());
  }
  KEEL_TRY(search::Space space, make_space(target, suspects, poles));
  std::optional<EarlierStudy> earlier;
  if (options.from) {
    KEEL_TRY(earlier, earlier_of(options, target));
  }
  if (earlier)
    for (std::size_t u = 0; u < space.units.size(); ++u)
      space.units[u].earlier_squared_error = earlier->lone_squared_error[u];
  return Setting{std::move(target), std::move(data),  std::move(split), std::move(reference),
                 std::move(why),    std::move(poles), std::move(space), std::move(earlier)};
}

}  // namespace keel::engine
