#include "profiler/simulator/relayout.h"

#include "profiler/simulator/blocks.h"

namespace keel::simulator {
namespace {

std::int64_t whole_blocks(std::int64_t extent) { return round_up(extent, kBlock); }

}  // namespace

std::vector<Relayout> relayouts(const ascend::Soc& soc, const ir::Graph& graph,
                                const ir::Node& node) {
  std::vector<Relayout> found;
  if (soc.cube_cores != soc.vector_cores || !std::holds_alternative<ir::MatMul>(node.op))
    return found;
  for (const ir::ValueId id : {node.inputs[0], node.inputs[1], node.outputs[0]}) {
    const Shape& shape = graph[id].type.shape;
    if (graph[id].constant || shape.size() < 2) continue;
    const std::array extents = {shape[shape.size() - 2], shape.back()};
    const std::array blocks = {whole_blocks(extents[0]), whole_blocks(extents[1])};
    if (extents != blocks) found.push_back({id, extents, blocks, id == node.outputs[0]});
  }
  return found;
}

}  // namespace keel::simulator
