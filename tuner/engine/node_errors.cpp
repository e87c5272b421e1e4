#include "tuner/engine/node_errors.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <set>

#include "compiler/kernels/kernel.h"
#include "compiler/program/host_execution.h"
#include "profiler/accuracy/difference.h"

namespace keel::engine {
namespace {

using ir::NodeId;
using ir::ValueId;

/// The values of one execution, by ValueId; null where there is none.
using Values = std::vector<std::optional<Tensor>>;

double relative_l2(const accuracy::Difference& difference) {
  if (difference.infinite || difference.non_finite > 0)
    return std::numeric_limits<double>::infinity();
  if (difference.squared_error == 0) return 0;
  return std::sqrt(difference.squared_error / difference.squared_reference);
}

bool is_float(const Tensor& tensor) { return is_tunable_float(tensor.dtype()); }

// One sample.
class SideBySide {
 public:
  SideBySide(const Target& target, const program::Program& program, const accuracy::Sample& sample)
      : plain_(target.prepared.graph()),
        variant_(program.graph),
        overflow_(target.soc.overflow),
        sample_(sample) {}

  Result<std::vector<NodeError>> run() {
    KEEL_TRY(fp32_, execution(plain_, Overflow::InfNan));
    KEEL_TRY(lowered_, execution(variant_, overflow_));
    std::vector<NodeError> errors(plain_.value_bound());
    for (const NodeId id : ir::topological_order(variant_)) {
      if (!variant_[id].unit) continue;
      Result<Tensors> alone = run_alone(id);
      if (!alone.ok()) return std::move(alone).error().in(variant_.describe(id));
      for (std::size_t i = 0; i < variant_[id].outputs.size(); ++i)
        note(variant_[id].outputs[i], (*alone)[i], errors);
    }
    return errors;
  }

 private:
  Result<Values> execution(const ir::Graph& graph, Overflow overflow) const {
    Values values(graph.value_bound());
    program::HostOptions options{overflow, nullptr, {}, {}};
    options.observe = [&](ValueId id, const Tensor& tensor) { values[index(id)] = tensor; };
    for (std::size_t i = 0; i < sample_.inputs.size(); ++i)
      values[index(graph.inputs()[i])] = sample_.inputs[i];
    KEEL_TRY_STATUS(program::run_on_host(graph, sample_.inputs, options));
    return values;
  }

  // What fp32 has for a value of the variant, in the value's own dtype; casts are looked through.
  Result<Tensor> from_fp32(ValueId id) const {
    if (variant_[id].constant) return *variant_[id].constant;
    ValueId source = id;
    while (index(source) >= fp32_.size() || !fp32_[index(source)]) {
      const std::optional<NodeId> producer = variant_.producer(source);
      KEEL_CHECK(producer && std::holds_alternative<ir::Cast>(variant_[*producer].op));
      source = variant_[*producer].inputs[0];
      if (variant_[source].constant) return *variant_[source].constant;
    }
    const Tensor& value = *fp32_[index(source)];
    const TensorType& type = variant_[id].type;
    if (value.dtype() == type.dtype) return value;
    const ir::Op cast = ir::Cast{type.dtype};
    const Tensor* operand = &value;
    KEEL_TRY(Tensors results, kernels::execute({.op = cast,
                                                .inputs = {&operand, 1},
                                                .outputs = {&type, 1},
                                                .overflow = overflow_,
                                                .varies = variant_[id].varies}));
    return std::move(results[0]);
  }

  Result<Tensors> run_alone(NodeId id) const {
    const ir::Node& node = variant_[id];
    std::vector<Tensor> operands(node.inputs.size());
    std::vector<const Tensor*> inputs(node.inputs.size(), nullptr);
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      if (node.inputs[i] == ir::kNoValue) continue;
      KEEL_TRY(operands[i], from_fp32(node.inputs[i]));
      inputs[i] = &operands[i];
    }
    std::vector<TensorType> types;
    for (const ValueId output : node.outputs) types.push_back(variant_[output].type);
    return kernels::execute({.op = node.op,
                             .inputs = inputs,
                             .outputs = types,
                             .compute = node.compute,
                             .overflow = overflow_,
                             .varies = variant_.varies(id)});
  }

  void note(ValueId id, const Tensor& alone, std::vector<NodeError>& errors) const {
    if (index(id) >= errors.size() || !fp32_[index(id)] || !is_float(alone)) return;
    const Tensor& reference = *fp32_[index(id)];
    if (reference.shape() != alone.shape() || !is_float(reference)) return;
    const accuracy::Difference difference = accuracy::measure(*lowered_[index(id)], reference);
    errors[index(id)] = {relative_l2(accuracy::measure(alone, reference)), relative_l2(difference),
                         difference.non_finite > 0 ? 1U : 0U};
  }

  const ir::Graph& plain_;
  const ir::Graph& variant_;
  Overflow overflow_;
  const accuracy::Sample& sample_;
  Values fp32_, lowered_;
};

void merge(const std::vector<NodeError>& of_sample, NodeErrors& all) {
  for (std::size_t v = 0; v < of_sample.size(); ++v) {
    NodeError& error = all.of_value[v];
    error.alone = std::max(error.alone, of_sample[v].alone);
    error.accumulated = std::max(error.accumulated, of_sample[v].accumulated);
    error.non_finite += of_sample[v].non_finite;
  }
}

// Worst relative L2 of any result of the model in any sample when one unit alone is lowered.
Result<double> lone_error(const Target& target, const accuracy::Dataset& data, ir::UnitId unit,
                          program::ResultMemo& memo) {
  search::Assignment alone = target.uniform(0);
  target.lower(alone, static_cast<search::UnitIndex>(index(unit)));
  KEEL_TRY(const program::Program program, target.prepared.compile(target.precisions(alone)));
  double worst = 0;
  for (const accuracy::Sample& sample : data.samples) {
    KEEL_TRY(const std::vector<Tensor> reference,
             program::run_on_host(target.prepared.graph(), sample.inputs,
                                  {Overflow::InfNan, &memo, {}, {}}));
    KEEL_TRY(
        const std::vector<Tensor> outputs,
        program::run_on_host(program.graph, sample.inputs, {target.soc.overflow, &memo, {}, {}}));
    for (std::size_t i = 0; i < outputs.size(); ++i)
      if (is_float(outputs[i]))
        worst = std::max(worst, relative_l2(accuracy::measure(outputs[i], reference[i])));
  }
  return worst;
}

Status find_first(const Target& target, const accuracy::Dataset& data, NodeErrors& all) {
  constexpr double kHarmless = 0.05;
  constexpr std::size_t kCacheBytes = std::size_t{1} << 30;
  const ir::Graph& graph = target.prepared.graph();
  program::ResultMemo memo(kCacheBytes);
  std::set<ir::UnitId> tried;
  for (const NodeId id : ir::topological_order(graph))
    for (const ValueId output : graph[id].outputs) {
      const NodeError& error = all.of_value[index(output)];
      if (error.non_finite == 0 || all.first_trouble) continue;
      if (!all.first_non_finite) all.first_non_finite = output;
      if (std::isfinite(error.alone) || !tried.insert(*graph[id].unit).second) continue;
      KEEL_TRY(const double harm, lone_error(target, data, *graph[id].unit, memo));
      if (harm <= kHarmless) continue;
      all.first_trouble = output;
      all.trouble_error = harm;
    }
  return Done{};
}

}  // namespace

Result<NodeErrors> find_node_errors(const Target& target, const accuracy::Dataset& data,
                                    const search::Assignment& variant) {
  KEEL_TRY(const program::Program program, target.prepared.compile(target.precisions(variant)));
  NodeErrors all;
  all.of_value.resize(target.prepared.graph().value_bound());
  all.samples = data.samples.size();
  std::mutex mutex;
  std::vector<std::optional<Error>> failures(data.samples.size());
  tbb::parallel_for(std::size_t{0}, data.samples.size(), [&](std::size_t s) {
    Result<std::vector<NodeError>> errors = SideBySide(target, program, data.samples[s]).run();
    if (!errors.ok()) {
      failures[s] = std::move(errors).error().in("sample '" + data.samples[s].name + "'");
      return;
    }
    const std::lock_guard lock(mutex);
    merge(*errors, all);
  });
  for (std::optional<Error>& failure : failures)
    if (failure) return *std::move(failure);
  KEEL_TRY_STATUS(find_first(target, data, all));
  return all;
}

}  // namespace keel::engine
