#include "tuner/engine/certificates.h"

#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include "profiler/accuracy/interval.h"
#include "tuner/report/figures.h"

namespace keel::engine {
namespace {

double square(double value) { return value * value; }
// For small errors 1 - cosine is half the squared relative error, less what lies along the output.
double distance(double cosine) { return 1 - cosine; }

// What grows with the squared error as the search's model has it.
struct Growing {
  std::string_view metric;
  double (*of)(double value);
};

constexpr std::array kGrowing{Growing{"relative_l2", &square}, Growing{"max_abs", &square},
                              Growing{"cosine", &distance}};

// What has to meet the bound: the worse of what ranks and what validates, of the latter with a
// confidence the worse end of the interval. NaN: none.
double judged_figure(const accuracy::Requirement& requirement, const report::TuneResult& result,
                     const study::TrialRecord& record) {
  const std::string name = figure_name(requirement);
  double value = report::figure(result, record.validation, name);
  if (result.confidence)
    value = accuracy::worse_end(requirement, value,
                                {report::figure(result, record.validation_lo, name),
                                 report::figure(result, record.validation_hi, name)});
  const double ranking = report::figure(result, record.ranking, name);
  const bool is_worse =
      accuracy::violation(requirement, ranking) > accuracy::violation(requirement, value);
  return is_worse && !std::isnan(ranking) && !std::isnan(value) ? ranking : value;
}

std::optional<search::Certificate> certificate_of(const accuracy::Requirement& requirement,
                                                  const search::Space& space,
                                                  const report::TuneResult& result,
                                                  const std::vector<search::Trial>& trials) {
  for (const Growing& growing : kGrowing) {
    if (requirement.metric->name != growing.metric) continue;
    search::MeasuredBound bound{growing.of(requirement.bound), {}};
    for (const study::TrialRecord& record : result.trials)
      bound.measured.push_back(growing.of(judged_figure(requirement, result, record)));
    if (!(bound.limit > 0)) return std::nullopt;
    return search::certificate(space, trials, trials[*result.recommended], bound);
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::optional<search::Certificate>> certificates(const search::Space& space,
                                                             const report::TuneResult& result) {
  std::vector<std::optional<search::Certificate>> found;
  if (!result.recommended || result.goal.aim != search::Aim::Latency) return found;
  std::vector<search::Trial> trials;
  for (const study::TrialRecord& record : result.trials) trials.push_back(record.trial);
  for (const accuracy::Requirement& requirement : result.requirements)
    found.push_back(certificate_of(requirement, space, result, trials));
  return found;
}

}  // namespace keel::engine
