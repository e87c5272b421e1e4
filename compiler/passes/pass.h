#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "compiler/ascend/decision.h"
#include "compiler/base/result.h"
#include "compiler/ir/graph.h"
#include "compiler/kernels/example_run.h"
#include "compiler/passes/constant_casts.h"

namespace keel::passes {

/// What a pass may know beside the graph.
struct Context {
  /// Folding stops making constants larger than this, each.
  std::size_t fold_byte_budget = std::size_t{64} << 20;

  /// Inputs of one execution, for shapes that follow from the data; empty: there are none such.
  kernels::ExampleInputs example;

  // The rest is for the passes that make a variant.
  std::span<const ascend::Precision> of_unit;  ///< indexed by UnitId
  Overflow overflow = Overflow::InfNan;
  ConstantCasts* constant_casts = nullptr;
  /// Whether the core that multiplies has a vector unit of its own, so that what follows a product
  /// reads it from the core's buffer. Elsewhere only the cube's exit is on the way.
  bool unified_cores = false;
};

/// A graph rewrite: a free function and the name users type.
struct Pass {
  std::string_view name;  ///< stable: traces, --print_after and errors use it
  Result<bool> (*run)(ir::Graph&, const Context&);  ///< true if the graph changed
};

Result<bool> fold_constants(ir::Graph& graph, const Context& context);
Result<bool> eliminate_identity(ir::Graph& graph, const Context& context);
Result<bool> fold_batch_norm(ir::Graph& graph, const Context& context);
Result<bool> fuse_bias(ir::Graph& graph, const Context& context);
Result<bool> eliminate_dead_code(ir::Graph& graph, const Context& context);
Result<bool> fuse_activation(ir::Graph& graph, const Context& context);
Result<bool> fuse_layer_norm(ir::Graph& graph, const Context& context);
Result<bool> form_units(ir::Graph& graph, const Context& context);

Result<bool> choose_dtypes(ir::Graph& graph, const Context& context);
Result<bool> insert_casts(ir::Graph& graph, const Context& context);
Result<bool> fuse_elementwise(ir::Graph& graph, const Context& context);
Result<bool> fuse_transpose(ir::Graph& graph, const Context& context);

}  // namespace keel::passes
