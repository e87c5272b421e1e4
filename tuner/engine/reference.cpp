#include "tuner/engine/reference.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <mutex>

#include "profiler/accuracy/metrics.h"

namespace keel::engine {
namespace {

using ir::ValueId;

// Ranges seen by one sample, merged at its end: a sample takes the lock once.
Result<std::vector<Tensor>> run_sample(const Target& target, const accuracy::Sample& sample,
                                       bool with_ranges, program::ResultMemo* memo,
                                       std::stop_token stop, std::mutex& mutex,
                                       std::vector<accuracy::Range>& ranges) {
  const ir::Graph& graph = target.prepared.graph();
  std::vector<accuracy::Range> own(graph.value_bound());
  program::HostOptions options{target.soc.overflow, memo, {}, stop};
  std::optional<Error> broken;
  options.observe = [&](ValueId id, const Tensor& tensor) {
    if (with_ranges) own[index(id)].add(tensor, DType::F16);
  };
  Result<std::vector<Tensor>> outputs = program::run_on_host(graph, sample.inputs, options);
  if (!outputs.ok()) return std::move(outputs).error().in("sample '" + sample.name + "'");
  if (!with_ranges) return outputs;

  for (std::size_t i = 0; i < sample.inputs.size(); ++i)
    own[index(graph.inputs()[i])].add(sample.inputs[i], DType::F16);
  const std::lock_guard lock(mutex);
  for (std::size_t v = 0; v < own.size(); ++v) ranges[v].merge(own[v]);
  return outputs;
}

std::optional<std::string> suspicion(const accuracy::Range& range) {
  const auto share = [&](int samples) {
    return std::to_string(samples) + " of " + std::to_string(range.samples) + " samples";
  };
  if (range.samples_overflowing > 0) return "overflows f16 on " + share(range.samples_overflowing);
  if (range.samples_underflowing > 0)
    return "underflows to 0 in f16 on " + share(range.samples_underflowing);
  return std::nullopt;
}

}  // namespace

Result<Reference> run_reference(const Target& target, const accuracy::Dataset& data,
                                const accuracy::Split& split, program::ResultMemo* memo,
                                std::stop_token stop) {
  const ir::Graph& graph = target.prepared.graph();
  Reference reference;
  reference.outputs.resize(data.samples.size());
  reference.ranges.resize(graph.value_bound());

  std::mutex mutex;
  std::vector<std::optional<Error>> errors(data.samples.size());
  tbb::parallel_for(std::size_t{0}, data.samples.size(), [&](std::size_t s) {
    const bool searched = !std::ranges::binary_search(split.hold_out, s);
    Result<std::vector<Tensor>> outputs =
        run_sample(target, data.samples[s], searched, memo, stop, mutex, reference.ranges);
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
      reference.ranges[index(value)].add(*graph[value].constant, DType::F16);
  return reference;
}

std::vector<std::vector<std::string>> suspicions(const Target& target, const Reference& reference) {
  const ir::Graph& graph = target.prepared.graph();
  std::vector<std::vector<std::string>> result(target.units.size());
  for (const ir::NodeId id : ir::topological_order(graph)) {
    const ir::Node& node = graph[id];
    if (!node.unit) continue;
    const auto note = [&](ValueId value, const std::string& role) {
      if (value == ir::kNoValue) return;
      const std::optional<std::string> why = suspicion(reference.ranges[index(value)]);
      if (!why) return;
      const std::string subject = graph[value].constant ? "a constant" : "its " + role;
      // A constant has one content; the sample count of a range says nothing of it.
      const std::string reason = graph[value].constant ? why->substr(0, why->find(" on ")) : *why;
      result[index(*node.unit)].push_back("'" + graph[node.origins.front()].name + "': " + subject +
                                          " '" + graph[value].name + "' " + reason);
    };
    for (const ValueId input : node.inputs) note(input, "input");
    for (const ValueId output : node.outputs) note(output, "result");
  }
  return result;
}

}  // namespace keel::engine
