#include "compiler/passes/match.h"
#include "compiler/passes/pass.h"

namespace keel::passes {
namespace {

// What the cube's exit (FixPipe, or the vector unit before the store) applies to the accumulator.
bool is_epilogue(const Match& match, const ir::Graph& graph, ir::NodeId id) {
  if (const auto* unary = match.as<ir::Unary>(id))
    return unary->kind == ir::UnaryKind::Relu || unary->kind == ir::UnaryKind::LeakyRelu;
  if (!match.as<ir::Clip>(id)) return false;
  for (std::size_t i = 1; i < graph[id].inputs.size(); ++i)
    if (graph[id].inputs[i] != ir::kNoValue && !match.constant(graph[id].inputs[i])) return false;
  return true;
}

}  // namespace

/// Puts a cube operator and the activation that alone reads it into one group. The value between
/// them stays in the fp32 accumulator.
Result<bool> fuse_activation(ir::Graph& graph, const Context&) {
  bool changed = false;
  const Match match(graph);
  for (const ir::NodeId id : graph.nodes()) {
    if (!ir::is_cube(graph[id].op) || graph[id].group) continue;
    const std::optional<ir::NodeId> reader = match.only_reader(graph[id].outputs[0]);
    if (!reader || !is_epilogue(match, graph, *reader)) continue;
    const auto group = static_cast<ir::GroupId>(index(id));
    graph.edit(id).group = group;
    graph.edit(*reader).group = group;
    changed = true;
  }
  return changed;
}

}  // namespace keel::passes
