#include "tuner/engine/reference.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <mutex>

#include "profiler/accuracy/metrics.h"

namespace keel::engine {
namespace {

using ir::ValueId;

// Ranges seen by one sample, merged at its end: a sample takes the lock once.
Result<std::vector<Tensor>> run_sample(const Target& target, const program::HostProgram& host,
                                       const accuracy::Dataset& data, std::size_t number,
                                       bool with_ranges, const std::vector<DType>& lowered,
                                       const std::stop_token& stop, std::mutex& mutex,
                                       std::vector<accuracy::Range>& ranges) {
  const ir::Graph& graph = target.prepared.graph();
  const accuracy::Sample& sample = data.samples[number];
  std::vector<accuracy::Range> own(graph.value_bound());
  program::HostOptions options{target.soc.overflow, nullptr, {}, stop};
  std::optional<Error> broken;
  options.observe = [&](ValueId id, const Tensor& tensor) {
    if (with_ranges) own[index(id)].add(tensor, lowered[index(id)], number);
  };
  Result<std::vector<Tensor>> outputs = host.run(sample.inputs, options);
  if (!outputs.ok()) return std::move(outputs).error().in("sample '" + sample.name + "'");
  if (!with_ranges) return outputs;

  for (std::size_t i = 0; i < sample.inputs.size(); ++i) {
    const std::size_t input = index(graph.inputs()[i]);
    own[input].add(sample.inputs[i], lowered[input], number);
  }
  const std::lock_guard lock(mutex);
  for (std::size_t v = 0; v < own.size(); ++v) ranges[v].merge(own[v]);
  return outputs;
}

}  // namespace

Result<Reference> run_reference(const Target& target, const accuracy::Dataset& data,
                                const accuracy::Split& split, const std::vector<DType>& lowered,
                                std::stop_token stop) {
  const ir::Graph& graph = target.prepared.graph();
  Reference reference;
  reference.outputs.resize(data.samples.size());
  reference.ranges.resize(graph.value_bound());

  const program::HostProgram host(graph);
  std::mutex mutex;
  std::vector<std::optional<Error>> errors(data.samples.size());
  tbb::parallel_for(std::size_t{0}, data.samples.size(), [&](std::size_t s) {
    const bool searched = !std::ranges::binary_search(split.hold_out, s);
    Result<std::vector<Tensor>> outputs =
        run_sample(target, host, data, s, searched, lowered, stop, mutex, reference.ranges);
    if (outputs.ok()) {
      reference.outputs[s] = *std::move(outputs);
    } else {
      errors[s] = std::move(outputs).error();
    }
  });
  for (std::optional<Error>& error : errors)
    if (error) return *std::move(error);
  for (const ValueId value : graph.values())
    if (graph[value].constant)
      reference.ranges[index(value)].add(*graph[value].constant, lowered[index(value)]);
  return reference;
}

}  // namespace keel::engine
