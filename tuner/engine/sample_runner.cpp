#include "tuner/engine/sample_runner.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <ctime>
#include <utility>

namespace keel::engine {
namespace {

// Processor time of the calling thread.
double thread_seconds() {
  std::timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

SampleRunner::SampleRunner(const Bench& bench, device::Executable& executable,
                           std::vector<std::size_t> keep, bool expects_reuse,
                           const std::stop_token& stop, KnownScores::Scores known)
    : bench_(bench),
      executable_(executable),
      keep_(std::move(keep)),
      expects_reuse_(expects_reuse),
      stop_(stop),
      known_(std::move(known)),
      result_{std::vector<accuracy::SampleScore>(bench.data->samples.size()),
              std::vector<std::vector<Tensor>>(bench.data->samples.size())} {}

Status SampleRunner::run(const std::vector<std::size_t>& samples) {
  std::vector<std::optional<Error>> errors(samples.size());
  tbb::parallel_for(std::size_t{0}, samples.size(), [&](std::size_t i) {
    if (stop_.stop_requested()) {
      errors[i] = Error{ErrorCode::DeviceFailed, "the run was stopped", "", ""};
      return;
    }
    if (is_known(samples[i])) {
      result_.scores[samples[i]] = known_[samples[i]];
      return;
    }
    const double start = thread_seconds();
    Status ran = run_one(samples[i]);
    seconds_ += thread_seconds() - start;
    if (!ran.ok()) errors[i] = std::move(ran).error();
  });
  for (std::optional<Error>& error : errors)
    if (error) return *std::move(error);
  return Done{};
}

bool SampleRunner::is_known(std::size_t sample) const {
  return !known_.empty() && !known_[sample].values.empty() &&
         !std::ranges::binary_search(keep_, sample);
}

Status SampleRunner::run_one(std::size_t sample) {
  KEEL_TRY(std::vector<Tensor> outputs,
           executable_.run(bench_.data->samples[sample].inputs, {bench_.memo, expects_reuse_}));
  std::optional<std::int64_t> label;
  if (!bench_.data->labels.empty()) label = bench_.data->labels[sample];
  result_.scores[sample] =
      accuracy::score({outputs, bench_.reference->outputs[sample], label}, bench_.output_metrics);
  if (std::ranges::binary_search(keep_, sample)) result_.outputs[sample] = std::move(outputs);
  return Done{};
}

}  // namespace keel::engine
