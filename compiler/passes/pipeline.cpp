#include "compiler/passes/pipeline.h"

#include <array>

namespace keel::passes {
namespace {

// The order is the design; each line says why it stands where it stands.
constexpr std::array kPrepare = {
    Pass{"fold-constants", fold_constants},            // first: it also finds every type
    Pass{"eliminate-identity", eliminate_identity},    // the patterns below expect no Identity
    Pass{"fold-batch-norm", fold_batch_norm},          // before bias: it makes the bias
    Pass{"fuse-bias", fuse_bias},                      // before activation: the epilogue's order
    Pass{"eliminate-dead-code", eliminate_dead_code},  // units hold only what runs
    Pass{"fuse-activation", fuse_activation},
    Pass{"fuse-layer-norm", fuse_layer_norm},
    Pass{"form-units", form_units},  // last: a unit is a whole pattern and its layout followers
};

constexpr std::array kVariant = {
    Pass{"choose-dtypes", choose_dtypes},        // a dtype for every value
    Pass{"insert-casts", insert_casts},          // where producer and consumer disagree
    Pass{"fuse-elementwise", fuse_elementwise},  // a cast stands between what may not fuse
    Pass{"fuse-transpose", fuse_transpose},      // last: behind what runs at a product's exit
};

}  // namespace

std::span<const Pass> prepare_pipeline() { return kPrepare; }
std::span<const Pass> variant_pipeline() { return kVariant; }

Status run(std::span<const Pass> pipeline, ir::Graph& graph, const Context& context,
           const AfterPass& after, Verify verify) {
  std::string where;  // the passes since the graph was last known to be valid
  for (const Pass& pass : pipeline) {
    where += (where.empty() ? "pass '" : ", '") + std::string(pass.name) + "'";
    Result<bool> changed = pass.run(graph, context);
    if (!changed.ok())
      return std::move(changed).error().in("pass '" + std::string(pass.name) + "'");
    if (verify == Verify::AfterEachPass || &pass == &pipeline.back()) {
      if (Status valid = graph.verify(); !valid.ok()) return std::move(valid).error().in(where);
      where.clear();
    }
    if (after) after(pass.name, graph);
  }
  return Done{};
}

}  // namespace keel::passes
