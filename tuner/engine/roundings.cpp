#include "tuner/engine/roundings.h"

#include <set>
#include <utility>

namespace keel::engine {
namespace {

using ir::NodeId;
using ir::ValueId;
using report::TensorRole;

// A cube rounds its operands on their way in, whatever dtype they have in memory.
DType operand_dtype(const ir::Node& node, std::size_t position, DType in_memory) {
  if (position >= ir::cube_operands(node.op)) return in_memory;
  if (node.compute == FloatFormat::F16) return DType::F16;
  if (node.compute == FloatFormat::BF16) return DType::BF16;
  return in_memory;  // HF32 has the exponents of fp32
}

// Finds the roundings of one node: `graph` as prepared, `lowered` the same with dtypes and casts.
class Finder {
 public:
  Finder(const ir::Graph& graph, const ir::Graph& lowered) : graph_(graph), lowered_(lowered) {}

  void visit(NodeId id) {
    const ir::Node& node = graph_[id];
    if (!node.unit) return;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      if (node.inputs[i] == ir::kNoValue) continue;
      const DType in_memory = lowered_[lowered_[id].inputs[i]].type.dtype;
      note(id, node.inputs[i],
           graph_[node.inputs[i]].constant ? TensorRole::Constant : TensorRole::Input,
           operand_dtype(lowered_[id], i, in_memory));
    }
    if (ir::is_layout(node.op)) return;  // its results hold what its inputs held
    for (const ValueId output : node.outputs)
      note(id, output, TensorRole::Result, lowered_[output].type.dtype);
  }

  std::vector<Rounding> take() { return std::move(found_); }

 private:
  void note(NodeId id, ValueId value, TensorRole role, DType dtype) {
    if (graph_[value].type.dtype != DType::F32 || !is_tunable_float(dtype) || dtype == DType::F32)
      return;
    if (seen_.emplace(*graph_[id].unit, value).second) found_.push_back({id, value, role, dtype});
  }

  const ir::Graph& graph_;
  const ir::Graph& lowered_;
  std::set<std::pair<ir::UnitId, ValueId>> seen_;
  std::vector<Rounding> found_;
};

}  // namespace

Result<std::vector<Rounding>> find_roundings(const Target& target) {
  const search::Assignment all_lowered = target.everything_lowered();
  const std::span<const passes::Pass> pipeline = passes::variant_pipeline();
  KEEL_TRY(
      const program::Program program,
      target.prepared.compile(target.precisions(all_lowered), pipeline.first(pipeline.size() - 1)));
  Finder finder(target.prepared.graph(), program.graph);
  for (const NodeId id : ir::topological_order(target.prepared.graph())) finder.visit(id);
  return finder.take();
}

std::vector<DType> lowered_dtypes(const Target& target, const std::vector<Rounding>& roundings) {
  std::vector<DType> dtypes(target.prepared.graph().value_bound(), DType::F32);
  for (const Rounding& rounding : roundings) dtypes[index(rounding.value)] = rounding.dtype;
  return dtypes;
}

std::vector<std::vector<report::RangeFinding>> suspicions(
    const Target& target, const std::vector<Rounding>& roundings,
    const std::vector<accuracy::Range>& ranges) {
  const ir::Graph& graph = target.prepared.graph();
  std::vector<std::vector<report::RangeFinding>> result(target.units.size());
  for (const Rounding& rounding : roundings) {
    const accuracy::Range& range = ranges[index(rounding.value)];
    if (range.overflows == 0 && range.underflows == 0) continue;
    const ir::Node& node = graph[rounding.node];
    const ir::Origin& origin = graph[node.origins.front()];
    result[index(*node.unit)].push_back({origin.name, target.op_table.primary_type(origin.onnx_op),
                                         graph[rounding.value].name, rounding.role, rounding.dtype,
                                         range});
  }
  return result;
}

std::vector<std::vector<std::size_t>> telling_samples(
    const std::vector<std::vector<report::RangeFinding>>& suspicions) {
  std::vector<std::vector<std::size_t>> result;
  for (const std::vector<report::RangeFinding>& findings : suspicions) {
    std::set<std::size_t> samples;
    for (const report::RangeFinding& finding : findings)
      if (finding.role != TensorRole::Constant) samples.insert(finding.range.most_lost.sample);
    result.emplace_back(samples.begin(), samples.end());
  }
  return result;
}

}  // namespace keel::engine
