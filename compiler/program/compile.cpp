#include "compiler/program/compile.h"

namespace keel::program {

Result<PreparedModel> PreparedModel::prepare(ir::Graph graph, const ascend::OpTable& table,
                                             const ascend::Soc& soc,
                                             const passes::AfterPass& after) {
  PreparedModel model;
  KEEL_TRY_STATUS(passes::run(passes::prepare_pipeline(), graph, {}, after));
  model.units_ = passes::collect_units(graph, table, soc.family);
  model.graph_ = std::move(graph);
  model.overflow_ = soc.overflow;
  model.constant_casts_ = std::make_unique<passes::ConstantCasts>();
  return model;
}

Result<Program> PreparedModel::compile(std::span<const ascend::Precision> of_unit,
                                       std::span<const passes::Pass> pipeline,
                                       const passes::AfterPass& after) const {
  KEEL_CHECK(of_unit.size() == units_.size());
  passes::Context context;
  context.of_unit = of_unit;
  context.overflow = overflow_;
  context.constant_casts = constant_casts_.get();
  ir::Graph variant = graph_;
  KEEL_TRY_STATUS(passes::run(pipeline, variant, context, after));
  return lower(std::move(variant));
}

}  // namespace keel::program
