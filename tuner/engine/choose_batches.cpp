#include "tuner/engine/choose_batches.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "tuner/engine/thread_time.h"

namespace keel::engine {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr std::size_t kStep = 4;                // from one size that is tried to the next
constexpr double kWorthwhile = 0.9;             // of the time that a smaller size takes
constexpr std::int64_t kMostBytes = 512 << 20;  // of what a batch computes
constexpr std::size_t kMostWeights = std::size_t{1} << 30;  // bytes, compared with those of a copy

// Bytes of all that one execution computes, and of what it reads that no execution changes.
struct Bytes {
  std::int64_t computed = 0;
  std::size_t weights = 0;
};

Bytes bytes_of(const ir::Graph& graph) {
  Bytes bytes;
  for (const ir::ValueId value : graph.values()) {
    const ir::Value& v = graph[value];
    if (v.constant)
      bytes.weights += v.constant->bytes().size();
    else
      bytes.computed +=
          element_count(v.type.shape) * static_cast<std::int64_t>(host_size_of(v.type.dtype));
  }
  return bytes;
}

// Seconds of the fastest of several runs, the first of which has more to do. Infinite if one fails.
double fastest(const auto& run) {
  constexpr int kRuns = 5;
  constexpr double kEnough = 0.1;  // of seconds, once there are two
  double least = kNever;
  double all = 0;
  for (int i = 0; i < kRuns && (i < 2 || all < kEnough); ++i) {
    const double start = thread_seconds();
    if (!run()) return kNever;
    const double seconds = thread_seconds() - start;
    all += seconds;
    least = std::min(least, seconds);
  }
  return least;
}

// Compares batches with samples alone, by one variant.
class Trial {
 public:
  static Result<Trial> make(const Bench& bench, search::Assignment assignment,
                            const std::stop_token& stop) {
    KEEL_TRY(program::Program program,
             bench.target->prepared.compile(bench.target->precisions(assignment)));
    KEEL_TRY(std::unique_ptr<device::Executable> alone,
             bench.device->load(std::make_shared<const program::Program>(std::move(program))));
    return Trial(bench, std::move(assignment), std::move(alone), stop);
  }

  // Seconds that samples of `lists` take one by one.
  double seconds_alone() const {
    std::size_t count = 0;
    for (const std::vector<std::size_t>& list : lists_) count += list.size();
    const std::size_t sample = bench_->split->ranking.front();
    return static_cast<double>(count) * fastest([&] { return run_alone(sample).ok(); });
  }

  // Seconds that compiling the variant and running the lists in batches takes.
  double seconds_together(const BatchedModel& model) const {
    const double start = thread_seconds();
    const auto program = compile(model);
    double seconds = thread_seconds() - start;
    if (!program.ok()) return kNever;
    std::size_t batches = 0;
    for (const std::vector<std::size_t>& list : lists_)
      batches += (list.size() + model.size() - 1) / model.size();
    const std::vector<Tensor> inputs = model.stack(*bench_->data, first_batch(model));
    seconds += static_cast<double>(batches) *
               fastest([&] { return (*program)->run(inputs, options()).ok(); });
    return seconds;
  }

  bool has_equal_bits(const BatchedModel& model) const {
    const auto program = compile(model);
    if (!program.ok()) return false;
    const std::vector<std::size_t> samples = first_batch(model);
    const Result<std::vector<std::vector<Tensor>>> together =
        (*program)->run(model.stack(*bench_->data, samples), options());
    if (!together.ok()) return false;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const Result<std::vector<Tensor>> alone = run_alone(samples[i]);
      if (!alone.ok() || !are_equal(*alone, (*together)[i])) return false;
    }
    return true;
  }

 private:
  Trial(const Bench& bench, search::Assignment assignment,
        std::unique_ptr<device::Executable> alone, std::stop_token stop)
      : bench_(&bench),
        lists_(batch_lists(bench)),
        assignment_(std::move(assignment)),
        alone_(std::move(alone)),
        stop_(std::move(stop)) {}

  Result<std::unique_ptr<BatchedProgram>> compile(const BatchedModel& model) const {
    return model.compile(bench_->target->precisions(assignment_));
  }

  Result<std::vector<Tensor>> run_alone(std::size_t sample) const {
    return alone_->run(bench_->data->samples[sample].inputs, {});
  }

  program::HostOptions options() const {
    return {bench_->target->soc.overflow, nullptr, {}, stop_};
  }

  std::vector<std::size_t> first_batch(const BatchedModel& model) const {
    std::vector<std::size_t> samples =
        *std::ranges::max_element(lists_, {}, &std::vector<std::size_t>::size);
    samples.resize(std::min(samples.size(), model.size()));
    return samples;
  }

  const Bench* bench_;
  std::vector<std::vector<std::size_t>> lists_;
  search::Assignment assignment_;
  std::unique_ptr<device::Executable> alone_;
  std::stop_token stop_;
};

}  // namespace

std::unique_ptr<const SampleBatches> choose_batches(const Bench& bench, const search::Space& space,
                                                    const ModelOptions& options,
                                                    const std::filesystem::path& data,
                                                    std::size_t most, const std::stop_token& stop) {
  const Bytes bytes = bytes_of(bench.target->prepared.graph());
  if (bytes.weights > kMostWeights || most < kStep) return nullptr;
  std::size_t longest = 0;
  for (const std::vector<std::size_t>& list : batch_lists(bench))
    longest = std::max(longest, list.size());
  std::optional<BatchedModel> best;
  std::optional<Trial> lowered, kept;
  double alone = 0, least = 0;
  for (std::size_t size = kStep; size <= most && size < kStep * longest; size *= kStep) {
    if (bytes.computed > kMostBytes / static_cast<std::int64_t>(size)) break;
    Result<BatchedModel> model = BatchedModel::open(options, data, *bench.target, size);
    if (!model.ok()) break;
    if (!best) {
      Result<Trial> of_lowered = Trial::make(bench, search::all_lowered(space), stop);
      Result<Trial> of_kept = Trial::make(bench, search::all_kept(space), stop);
      if (!of_lowered.ok() || !of_kept.ok()) return nullptr;
      lowered = *std::move(of_lowered);
      kept = *std::move(of_kept);
      alone = least = lowered->seconds_alone();
    }
    const double seconds = lowered->seconds_together(*model);
    if (stop.stop_requested() || !(seconds < kWorthwhile * least)) break;
    if (!lowered->has_equal_bits(*model) || !kept->has_equal_bits(*model)) break;
    least = seconds;
    best = *std::move(model);
  }
  if (!best) return nullptr;
  return std::make_unique<const SampleBatches>(*std::move(best), least / alone, bench);
}

}  // namespace keel::engine
