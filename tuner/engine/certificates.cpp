#include "tuner/engine/certificates.h"

#include <array>
#include <limits>
#include <string_view>

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

std::optional<search::Certificate> certificate_of(const accuracy::Requirement& requirement,
                                                  const search::Space& space,
                                                  const report::TuneResult& result,
                                                  const std::vector<search::Trial>& trials) {
  for (const Growing& growing : kGrowing) {
    if (requirement.metric->name != growing.metric) continue;
    const auto metric = static_cast<std::size_t>(requirement.metric - accuracy::metrics().data());
    search::MeasuredBound bound{growing.of(requirement.bound), {}};
    for (const study::TrialRecord& record : result.trials)
      bound.measured.push_back(record.validation.empty() ? std::numeric_limits<double>::quiet_NaN()
                                                         : growing.of(record.validation[metric]));
    if (!(bound.limit > 0)) return std::nullopt;
    return search::certificate(space, trials, trials[*result.recommended], bound);
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::optional<search::Certificate>> certificates(const search::Space& space,
                                                             const report::TuneResult& result) {
  std::vector<std::optional<search::Certificate>> found;
  if (!result.recommended) return found;
  std::vector<search::Trial> trials;
  for (const study::TrialRecord& record : result.trials) trials.push_back(record.trial);
  for (const accuracy::Requirement& requirement : result.requirements)
    found.push_back(certificate_of(requirement, space, result, trials));
  return found;
}

}  // namespace keel::engine
