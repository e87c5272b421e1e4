#include "tuner/engine/run_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/base/error_text.h"
#include "compiler/base/file.h"
#include "compiler/program/host_execution.h"
#include "profiler/accuracy/dataset.h"
#include "profiler/simulator/known_figures.h"
#include "profiler/simulator/timing.h"
#include "tuner/engine/non_finite_outputs.h"
#include "tuner/engine/ports.h"
#include "tuner/engine/target.h"

namespace keel::engine {
namespace {

// Of one output of a sample.
std::string file_name(const ir::Graph& graph, const std::string& sample, std::size_t output) {
  return accuracy::output_file_name(sample, graph[graph.outputs()[output]].name,
                                    graph.outputs().size());
}

Status write_outputs(const std::filesystem::path& folder, const std::string& sample,
                     const ir::Graph& graph, std::span<const Tensor> outputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    KEEL_TRY_STATUS(accuracy::write_npy(folder / file_name(graph, sample, i), outputs[i]));
  }
  return Done{};
}

// Results of another run beside those of this one would be taken for its own.
Status check_for_others(const std::filesystem::path& folder, const accuracy::Dataset& data,
                        const ir::Graph& graph) {
  std::set<std::string> own;
  for (const accuracy::Sample& sample : data.samples)
    for (std::size_t i = 0; i < graph.outputs().size(); ++i)
      own.insert(file_name(graph, sample.name, i));
  std::size_t others = 0;
  std::string example;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(folder, code)) {
    const std::string name = entry.path().filename();
    if (entry.path().extension() != ".npy" || own.contains(name)) continue;
    if (others++ == 0 || name < example) example = name;
  }
  if (others == 0) return Done{};
  return Error{ErrorCode::InvalidConfig,
               fmt::format("the folder holds {} that this run does not write, such as {}",
                           others == 1 ? "a file" : fmt::format("{} files", others), example),
               folder.string(), "give an empty --output, or remove them"};
}

// The values do not depend on it: where it cannot be predicted, a note says why.
void predict_latency(const ascend::Soc& soc, const program::Program& program, RunSummary& summary) {
  const Status predictable = simulator::check_predictable(soc);
  if (!predictable.ok()) {
    summary.notes.push_back("note: no latency: " + predictable.error().what);
    return;
  }
  summary.latency_us = simulator::predict(soc, program).total_us;
  if (const std::optional<Error> warning = simulator::extrapolation_warning(soc))
    summary.notes.push_back(to_warning_text(*warning));
}

Result<std::vector<Tensor>> run_sample(const program::HostProgram& host,
                                       const accuracy::Sample& sample,
                                       const program::HostOptions& options) {
  Result<std::vector<Tensor>> outputs = host.run(sample.inputs, options);
  if (!outputs.ok()) return std::move(outputs).error().in("sample '" + sample.name + "'");
  return outputs;
}

}  // namespace

Result<RunSummary> run_model(const RunOptions& options) {
  KEEL_TRY(const Target target, open_target(options.model, options.data));
  const ir::Graph& plain = target.prepared.graph();
  KEEL_TRY(const accuracy::Dataset data,
           accuracy::load_dataset(options.data, input_ports(plain), options.labels));
  KEEL_TRY_STATUS(make_writable_folder(options.output));
  KEEL_TRY_STATUS(check_for_others(options.output, data, plain));

  RunSummary summary;
  summary.notes = target.notes;
  summary.samples = data.samples.size();
  summary.computed_in = options.plain_fp32 ? "plain fp32" : target.describe();
  std::optional<program::Program> program;
  if (!options.plain_fp32) {
    KEEL_TRY(program, target.prepared.compile(target.precisions(target.owners_variant())));
    predict_latency(target.soc, *program, summary);
  }
  const program::HostProgram reference_host(plain);
  std::optional<program::HostProgram> variant_host;
  if (program) variant_host.emplace(program->graph);
  std::vector<accuracy::SampleScore> scores;
  NonFiniteOutputs non_finite;
  for (std::size_t s = 0; s < data.samples.size(); ++s) {
    const accuracy::Sample& sample = data.samples[s];
    KEEL_TRY(const std::vector<Tensor> reference, run_sample(reference_host, sample, {}));
    non_finite.add(plain, sample.name, reference);
    std::vector<Tensor> outputs = reference;
    if (variant_host) {
      KEEL_TRY(outputs, run_sample(*variant_host, sample, {target.soc.overflow, nullptr, {}, {}}));
    }
    KEEL_TRY_STATUS(write_outputs(options.output, sample.name, plain, outputs));
    std::optional<std::int64_t> label;
    if (!data.labels.empty()) label = data.labels[s];
    scores.push_back(accuracy::score({outputs, reference, label}));
  }
  if (const std::optional<Error> warning = non_finite.warning())
    summary.notes.push_back(to_warning_text(*warning));
  std::vector<std::size_t> all(scores.size());
  for (std::size_t s = 0; s < all.size(); ++s) all[s] = s;
  const std::vector<double> values = accuracy::aggregate(scores, all);
  for (std::size_t m = 0; m < values.size(); ++m) {
    const accuracy::Metric& metric = accuracy::metrics()[m];
    if (metric.needs_labels && data.labels.empty()) continue;
    summary.metrics.emplace_back(metric.name, values[m]);
  }
  return summary;
}

}  // namespace keel::engine
