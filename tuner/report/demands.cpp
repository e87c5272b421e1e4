#include "tuner/report/demands.h"

#include <algorithm>
#include <cmath>

#include "profiler/accuracy/interval.h"
#include "tuner/report/figures.h"

namespace keel::report {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Demand of_requirement(const TuneResult& result, const accuracy::Requirement& requirement,
                      const study::TrialRecord& record) {
  const bool is_check = requirement.metric == &accuracy::check_metric();
  Demand demand;
  demand.text = to_text(requirement);
  demand.name = figure_name(requirement);
  demand.value = figure(result, record.validation, demand.name);
  if (is_check && std::isnan(demand.value)) return demand;  // something else was missed
  demand.lo = figure(result, record.validation_lo, demand.name);
  demand.hi = figure(result, record.validation_hi, demand.name);
  // With a confidence the end of the interval is what has to meet the bound.
  const auto missed = [&](double value, double lo, double hi) {
    return accuracy::violation(
        requirement, result.confidence ? accuracy::worse_end(requirement, value, {lo, hi}) : value);
  };
  demand.missed = missed(demand.value, demand.lo, demand.hi);
  if (!is_check && result.split.ranking != result.split.validation) {
    demand.ranking = figure(result, record.ranking, demand.name);
    const double by_ranking = accuracy::violation(requirement, demand.ranking);
    demand.is_missed_by_ranking =
        !record.ranking.empty() && by_ranking > 0 && !(demand.missed >= by_ranking);
    if (demand.is_missed_by_ranking) demand.missed = by_ranking;
  }
  demand.met = demand.missed <= 0;
  if (!result.hold_out.empty() && !is_check) {
    demand.hold_out = figure(result, result.hold_out, demand.name);
    demand.hold_out_lo = figure(result, result.hold_out_lo, demand.name);
    demand.hold_out_hi = figure(result, result.hold_out_hi, demand.name);
    demand.hold_out_met = missed(demand.hold_out, demand.hold_out_lo, demand.hold_out_hi) <= 0;
  }
  return demand;
}

Demand of_bound(const std::string& name, const std::string& bound, double value, double missed) {
  Demand demand;
  demand.text = name + bound;
  demand.name = name;
  demand.value = value;
  demand.missed = missed;
  demand.met = missed <= 0;
  return demand;
}

}  // namespace

std::vector<Demand> demands(const TuneResult& result, const study::TrialRecord& record) {
  std::vector<Demand> list;
  for (const accuracy::Requirement& requirement : result.requirements)
    list.push_back(of_requirement(result, requirement, record));
  const search::Goal& goal = result.goal;
  const search::Outcome& outcome = record.trial.outcome;
  if (goal.max_latency_us)
    list.push_back(of_bound("latency_us", "<=" + shortest(*goal.max_latency_us), outcome.latency_us,
                            outcome.latency_us / *goal.max_latency_us - 1));
  if (goal.min_speed_up) {
    const double ratio = speed_up(result, record);
    list.push_back(of_bound("speed_up", ">=" + shortest(*goal.min_speed_up), ratio,
                            std::isnan(ratio) ? kInfinity : *goal.min_speed_up / ratio - 1));
  }
  if (goal.max_casts)
    list.push_back(of_bound("casts", "<=" + std::to_string(*goal.max_casts), outcome.casts,
                            static_cast<double>(outcome.casts - *goal.max_casts) /
                                static_cast<double>(std::max(*goal.max_casts, 1))));
  return list;
}

bool meets_all(const TuneResult& result, const study::TrialRecord& record) {
  return search::is_verified(record.trial.outcome) &&
         std::ranges::all_of(demands(result, record),
                             [](const Demand& demand) { return demand.met == true; });
}

}  // namespace keel::report
