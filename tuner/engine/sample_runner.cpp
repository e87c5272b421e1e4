#include "tuner/engine/sample_runner.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "tuner/engine/sample_batches.h"
#include "tuner/engine/thread_time.h"

namespace keel::engine {
SampleRunner::SampleRunner(const Bench& bench, const search::Assignment& assignment,
                           device::Executable& executable, std::vector<std::size_t> keep,
                           bool expects_reuse, const std::stop_token& stop,
                           KnownScores::Scores known)
    : bench_(bench),
      assignment_(assignment),
      executable_(executable),
      keep_(std::move(keep)),
      expects_reuse_(expects_reuse),
      stop_(stop),
      known_(std::move(known)),
      result_{std::vector<accuracy::SampleScore>(bench.data->samples.size()),
              std::vector<std::vector<Tensor>>(bench.data->samples.size())},
      batched_(bench.data->samples.size()) {}

Status SampleRunner::run(const std::vector<std::size_t>& samples) {
  if (bench_.batches != nullptr && bench_.batches->are_trusted()) run_batches(samples);
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

void SampleRunner::run_batches(const std::vector<std::size_t>& samples) {
  std::vector<std::size_t> needed;
  std::ranges::copy_if(samples, std::back_inserter(needed),
                       [this](std::size_t s) { return !is_known(s) && batched_[s].empty(); });
  std::ranges::sort(needed);
  const std::vector<const SampleBatches::Batch*> batches = bench_.batches->worth(needed);
  if (batches.empty()) return;
  const double start = thread_seconds();
  if (!program_) {
    Result<std::unique_ptr<BatchedProgram>> program = bench_.batches->compile(bench_, assignment_);
    if (!program.ok()) return;
    program_ = *std::move(program);
  }
  seconds_ += thread_seconds() - start;
  std::atomic<bool> all_ran = true;
  tbb::parallel_for(std::size_t{0}, batches.size(), [&](std::size_t b) {
    const double begin = thread_seconds();
    const program::HostOptions options{
        bench_.target->soc.overflow, bench_.memo, {}, stop_, expects_reuse_};
    Result<std::vector<std::vector<Tensor>>> outputs = program_->run(batches[b]->inputs, options);
    seconds_ += thread_seconds() - begin;
    if (!outputs.ok()) {
      all_ran = false;
      return;
    }
    for (std::size_t i = 0; i < batches[b]->samples.size(); ++i)
      batched_[batches[b]->samples[i]] = std::move((*outputs)[i]);
  });
  if (stop_.stop_requested() || (all_ran && (is_checked_ || agrees(*batches.front())))) return;
  bench_.batches->distrust();
  for (std::vector<Tensor>& outputs : batched_) outputs.clear();
}

// The first batch of a trial is compared with what one of its samples gives alone, another one in
// another trial: kernels that sum in another order with more rows might be in one variant only.
bool SampleRunner::agrees(const SampleBatches::Batch& batch) {
  is_checked_ = true;
  const auto lowered = static_cast<std::size_t>(std::ranges::count(assignment_, 1));
  const std::size_t sample = batch.samples[lowered % batch.samples.size()];
  const double start = thread_seconds();
  const Result<std::vector<Tensor>> alone =
      executable_.run(bench_.data->samples[sample].inputs, {bench_.memo, expects_reuse_});
  seconds_ += thread_seconds() - start;
  return alone.ok() && are_equal(*alone, batched_[sample]);
}

Status SampleRunner::run_one(std::size_t sample) {
  std::vector<Tensor> outputs = std::exchange(batched_[sample], {});
  if (outputs.empty()) {
    KEEL_TRY(outputs,
             executable_.run(bench_.data->samples[sample].inputs, {bench_.memo, expects_reuse_}));
  }
  std::optional<std::int64_t> label;
  if (!bench_.data->labels.empty()) label = bench_.data->labels[sample];
  result_.scores[sample] =
      accuracy::score({outputs, bench_.reference->outputs[sample], label}, bench_.output_metrics);
  if (std::ranges::binary_search(keep_, sample)) result_.outputs[sample] = std::move(outputs);
  return Done{};
}

}  // namespace keel::engine
