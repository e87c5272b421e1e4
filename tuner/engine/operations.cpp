#include "tuner/engine/operations.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "compiler/base/shape.h"

namespace keel::engine {
namespace {

double elements(const ir::Graph& graph, ir::ValueId value) {
  return static_cast<double>(element_count(graph[value].type.shape));
}

// Elements of one slice of a weight: of [out, in, window...] what one output reads, of
// [in, out, window...] what one input is multiplied by.
double elements_of_slice(const Shape& shape) {
  return std::accumulate(shape.begin() + 1, shape.end(), 1.0, std::multiplies{});
}

double multiply_accumulates(const ir::Graph& graph, const ir::Node& node) {
  const Shape& first = graph[node.inputs[0]].type.shape;
  const Shape& second = graph[node.inputs[1]].type.shape;
  const double results = elements(graph, node.outputs[0]);
  if (std::holds_alternative<ir::Conv>(node.op)) return results * elements_of_slice(second);
  if (std::holds_alternative<ir::ConvTranspose>(node.op))
    return elements(graph, node.inputs[0]) * elements_of_slice(second);
  if (const auto* gemm = std::get_if<ir::Gemm>(&node.op))
    return results * static_cast<double>(first[gemm->trans_a ? 0 : 1]);
  if (std::holds_alternative<ir::MatMul>(node.op))
    return results * static_cast<double>(first.back());
  // A recurrent operator: each step and sample takes every weight once.
  return static_cast<double>(first[0] * first[1]) *
         (elements(graph, node.inputs[1]) + elements(graph, node.inputs[2]));
}

bool computes_nothing(const ir::Op& op) {
  return ir::is_layout(op) || std::holds_alternative<ir::Cast>(op) ||
         std::holds_alternative<ir::CastLike>(op) || std::holds_alternative<ir::Identity>(op);
}

}  // namespace

double operations(const ir::Graph& graph, const program::Kernel& kernel) {
  double sum = 0;
  for (const ir::NodeId member : kernel.members) {
    const ir::Node& node = graph[member];
    if (computes_nothing(node.op)) continue;
    if (ir::cube_operands(node.op) > 0) {
      sum += 2 * multiply_accumulates(graph, node);
      continue;
    }
    const double results = elements(graph, node.outputs[0]);
    sum += node.inputs.empty() ? results : std::max(results, elements(graph, node.inputs[0]));
  }
  return sum;
}

}  // namespace keel::engine
