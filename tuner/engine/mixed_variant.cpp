#include "tuner/engine/mixed_variant.h"

#include <algorithm>
#include <set>

namespace keel::engine {
namespace {

// Convolutions that absorbed a batch norm, with the weights of both.
std::vector<onnx_io::FoldedNorm> folded_norms(const ir::Graph& prepared) {
  std::vector<onnx_io::FoldedNorm> folded;
  std::set<std::size_t> known;  // a loop repeats the nodes of its body
  for (const ir::NodeId id : prepared.nodes()) {
    const ir::Node& node = prepared[id];
    std::optional<std::size_t> conv, norm;
    for (const ir::OriginId origin : node.origins) {
      if (prepared[origin].onnx_op == "Conv") conv = index(origin);
      if (prepared[origin].onnx_op == "BatchNormalization") norm = index(origin);
    }
    if (std::holds_alternative<ir::Conv>(node.op) && conv && norm && known.insert(*conv).second)
      folded.push_back(
          {*conv, *norm, *prepared[node.inputs[1]].constant, *prepared[node.inputs[2]].constant});
  }
  return folded;
}

}  // namespace

std::vector<std::optional<DType>> node_dtypes(const Target& target,
                                              const search::Assignment& assignment) {
  std::vector<std::optional<DType>> dtypes(target.source.graph.origins().size());
  const std::vector<ascend::Precision> precisions = target.precisions(assignment);
  const std::span<const passes::Unit> units = target.prepared.units();
  for (std::size_t u = 0; u < units.size(); ++u)
    for (const ir::OriginId origin : units[u].origins) {
      std::optional<DType>& dtype = dtypes[index(origin)];
      if (dtype != DType::F32) dtype = precisions[u].input;
    }
  return dtypes;
}

MixedVariant mixed_variant(const Target& target, const search::Assignment& assignment) {
  MixedVariant variant{{target.source.opset, node_dtypes(target, assignment), target.soc.overflow,
                        folded_norms(target.prepared.graph())},
                       {}};
  for (const ir::Origin& origin : target.source.graph.origins())
    variant.nodes.push_back("'" + origin.name + "' (" + origin.onnx_op + ")");
  return variant;
}

}  // namespace keel::engine
