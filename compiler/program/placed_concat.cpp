#include "compiler/program/placed_concat.h"

#include <algorithm>
#include <set>

#include "compiler/base/shape.h"

namespace keel::program {
namespace {

using ir::NodeId;
using ir::ValueId;

constexpr std::int64_t kChannelBlock = 16;  // of the layout of feature maps, NC1HWC0
constexpr std::int64_t kAlignment = 32;     // bytes, of the start of a tensor

bool is_concat(const ir::Graph& graph, NodeId id) {
  return std::holds_alternative<ir::Concat>(graph[id].op);
}

// Whether a part starts where a tensor may, and covers whole blocks of the layout.
bool is_aligned(const TensorType& part, std::size_t axis) {
  if (part.shape.size() == 4) return axis != 1 || part.shape[1] % kChannelBlock == 0;
  return element_count(part.shape) * static_cast<std::int64_t>(size_of(part.dtype)) % kAlignment ==
         0;
}

// The kernel that makes the value writes it anew, and for no other Concat.
bool is_written_for(const ir::Graph& graph, const ir::Readers& readers, ValueId value) {
  const std::optional<NodeId> producer = graph.producer(value);
  if (!producer || graph.is_output(value) || graph[*producer].outputs.size() != 1) return false;
  const ir::Op& op = graph[*producer].op;
  if (std::holds_alternative<ir::Reshape>(op) || std::holds_alternative<ir::Identity>(op) ||
      std::holds_alternative<ir::Concat>(op))
    return false;
  return std::ranges::count_if(readers[value],
                               [&](NodeId reader) { return is_concat(graph, reader); }) == 1;
}

}  // namespace

bool is_placed_by_producers(const ir::Graph& graph, const ir::Readers& readers, NodeId id,
                            const std::function<bool(NodeId)>& runs_with_convolution) {
  if (!is_concat(graph, id)) return false;
  const ir::Node& node = graph[id];
  const ValueId result = node.outputs[0];
  const Shape& shape = graph[result].type.shape;
  const auto axis = static_cast<std::size_t>(std::get<ir::Concat>(node.op).axis);
  if (graph.is_output(result) || axis >= shape.size()) return false;
  if (shape.size() == 4 && axis > 1) return false;  // lies across the blocks of channels
  if (std::ranges::any_of(readers[result], [&](NodeId reader) { return is_concat(graph, reader); }))
    return false;
  if (std::set(node.inputs.begin(), node.inputs.end()).size() != node.inputs.size()) return false;
  for (const ValueId input : node.inputs)
    if (!is_aligned(graph[input].type, axis) || !is_written_for(graph, readers, input))
      return false;

  const auto before = shape.begin() + static_cast<std::ptrdiff_t>(axis);
  if (std::all_of(shape.begin(), before, [](std::int64_t extent) { return extent == 1; }))
    return true;
  return shape.size() == 4 && axis == 1 && std::ranges::all_of(node.inputs, [&](ValueId input) {
           return readers[input].size() == 1 && runs_with_convolution(*graph.producer(input));
         });
}

}  // namespace keel::program
