#include "compiler/program/compile.h"

namespace keel::program {
namespace {

// The vendor's compiler gives up where neither the AI Core nor the AI CPU has a kernel.
Status check_kernels(std::span<const passes::Unit> units,
                     std::span<const ascend::Precision> of_unit, const ir::Graph& graph) {
  for (std::size_t u = 0; u < units.size(); ++u) {
    if (of_unit[u].placement != ascend::Placement::None) continue;
    return Error{
        ErrorCode::Unsupported,
        units[u].op.type + " has no kernel of the dtypes it is to have: the vendor's " +
            "compiler fails (No supported Ops kernel)",
        graph.describe(units[u].nodes.front()),
        "choose another precision mode, or change the rule that keel explain --node names"};
  }
  return Done{};
}

}  // namespace

Result<PreparedModel> PreparedModel::prepare(ir::Graph graph, const ascend::OpTable& table,
                                             const ascend::Soc& soc, const passes::AfterPass& after,
                                             const kernels::ExampleInputs& example) {
  PreparedModel model;
  passes::Context context;
  context.example = example;
  KEEL_TRY_STATUS(passes::run(passes::prepare_pipeline(), graph, context, after));
  model.units_ = passes::collect_units(graph, table, soc);
  model.graph_ = std::move(graph);
  model.overflow_ = soc.overflow;
  model.unified_cores_ = soc.cube_cores == soc.vector_cores;
  model.constant_casts_ = std::make_unique<passes::ConstantCasts>();
  return model;
}

Result<Program> PreparedModel::compile(std::span<const ascend::Precision> of_unit,
                                       std::span<const passes::Pass> pipeline,
                                       const passes::AfterPass& after) const {
  KEEL_CHECK(of_unit.size() == units_.size());
  KEEL_TRY_STATUS(check_kernels(units_, of_unit, graph_));
  passes::Context context;
  context.of_unit = of_unit;
  context.overflow = overflow_;
  context.unified_cores = unified_cores_;
  context.constant_casts = constant_casts_.get();
  ir::Graph variant = graph_.with_room(graph_.node_bound() / 2);
  KEEL_TRY_STATUS(passes::run(pipeline, variant, context, after, passes::Verify::AtTheEnd));
  return lower(std::move(variant));
}

}  // namespace keel::program
