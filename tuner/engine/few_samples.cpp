#include "tuner/engine/few_samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "compiler/base/error_text.h"
#include "profiler/accuracy/interval.h"

namespace keel::engine {

void warn_of_few_samples(const TuneOptions& options, std::size_t samples, Progress& progress) {
  if (!options.confidence) return;
  for (const accuracy::Requirement& requirement : options.requirements) {
    const double rate = requirement.bound;
    switch (requirement.metric->spread) {
      case accuracy::Spread::None:
        progress.note(to_warning_text(
            {ErrorCode::InvalidConfig,
             figure_name(requirement) + " has no interval: its value has to meet the bound",
             "--confidence " + fmt::format("{}", *options.confidence), ""}));
        break;
      case accuracy::Spread::Rate: {
        if (!(rate > 0 && rate < 1)) break;
        const std::size_t needed = accuracy::samples_needed(rate, *options.confidence);
        if (samples >= needed) break;
        const double reached = std::pow(1 - *options.confidence, 1 / static_cast<double>(samples));
        progress.note(to_warning_text(
            {ErrorCode::InvalidConfig,
             fmt::format("{} at {:g} % takes {} perfect samples; {} validate, which show {:.3f} at "
                         "most",
                         to_text(requirement), 100 * *options.confidence, needed, samples, reached),
             options.data.string(),
             fmt::format("give {} samples or more, a quarter of which validate",
                         std::max<std::size_t>(4 * needed, 24))}));
        break;
      }
      case accuracy::Spread::Resampled:
        break;
    }
  }
}

}  // namespace keel::engine
