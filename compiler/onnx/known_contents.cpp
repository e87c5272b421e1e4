#include "compiler/onnx/known_contents.h"

#include <algorithm>

#include "compiler/kernels/fold_node.h"

namespace keel::onnx_io {
namespace {

// Conditions, counts and the shapes they follow from are small; weights are not looked at.
constexpr std::size_t kByteBudget = std::size_t{1} << 20;

}  // namespace

Result<const Tensor*> KnownContents::content(ir::ValueId value) {
  Status visited = visit(value);
  if (visited.ok()) return lookup(value);
  // A shape before it follows from the data.
  if (visited.error().code == ErrorCode::Unsupported) return nullptr;
  return std::move(visited).error();
}

Result<TensorType> KnownContents::type(ir::ValueId value) {
  KEEL_TRY_STATUS(visit(value));
  return graph_[value].type;
}

std::map<ir::ValueId, Tensor> KnownContents::used_inputs() const {
  std::map<ir::ValueId, Tensor> used;
  for (const ir::ValueId input : used_) used.emplace(input, assumed_.at(input));
  return used;
}

const Tensor* KnownContents::lookup(ir::ValueId value) {
  if (graph_[value].constant) return &*graph_[value].constant;
  if (const auto assumed = assumed_.find(value); assumed != assumed_.end()) {
    used_.insert(value);
    return &assumed->second;
  }
  const auto computed = computed_.find(value);
  return computed == computed_.end() ? nullptr : &computed->second;
}

// Producers first. A loop and not a recursion: models are deep.
Status KnownContents::visit(ir::ValueId value) {
  std::vector<ir::ValueId> waiting{value};
  while (!waiting.empty()) {
    const std::optional<ir::NodeId> producer = graph_.producer(waiting.back());
    if (!producer || visited_.contains(*producer)) {
      if (!graph_[waiting.back()].type_known && !graph_[waiting.back()].constant)
        return Error{ErrorCode::Unsupported, "control flow after one of these", "", ""};
      waiting.pop_back();
      continue;
    }
    const std::size_t before = waiting.size();
    for (const ir::ValueId input : graph_[*producer].inputs) {
      if (input == ir::kNoValue) continue;
      const std::optional<ir::NodeId> earlier = graph_.producer(input);
      if (earlier && !visited_.contains(*earlier)) waiting.push_back(input);
    }
    if (waiting.size() > before) continue;
    KEEL_TRY(std::optional<Tensors> contents,
             kernels::fold_node(graph_, *producer, kByteBudget,
                                [&](ir::ValueId input) { return lookup(input); }));
    visited_.insert(*producer);
    if (!contents) continue;
    const std::vector<ir::ValueId>& outputs = graph_[*producer].outputs;
    for (std::size_t i = 0; i < outputs.size(); ++i)
      computed_.emplace(outputs[i], std::move((*contents)[i]));
  }
  return Done{};
}

}  // namespace keel::onnx_io
