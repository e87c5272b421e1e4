#include "compiler/onnx/nested_nodes.h"

#include <onnx/onnx_pb.h>

namespace keel::onnx_io {
namespace {

using ::onnx::GraphProto;
using ::onnx::NodeProto;

void append_nodes(const GraphProto& graph, std::vector<const NodeProto*>& nodes) {
  for (const NodeProto& node : graph.node()) {
    nodes.push_back(&node);
    for (const auto& attribute : node.attribute())
      if (attribute.has_g()) append_nodes(attribute.g(), nodes);
  }
}

void append_enclosing(const GraphProto& graph, std::optional<std::size_t> inside,
                      std::vector<std::optional<std::size_t>>& enclosing) {
  for (const NodeProto& node : graph.node()) {
    const std::size_t position = enclosing.size();
    enclosing.push_back(inside);
    for (const auto& attribute : node.attribute())
      if (attribute.has_g()) append_enclosing(attribute.g(), position, enclosing);
  }
}

std::unordered_set<std::string> names_defined(const GraphProto& graph) {
  std::unordered_set<std::string> names;
  for (const auto& input : graph.input()) names.insert(input.name());
  for (const auto& initializer : graph.initializer()) names.insert(initializer.name());
  for (const NodeProto& node : graph.node())
    names.insert(node.output().begin(), node.output().end());
  return names;
}

void append_captures(const GraphProto& graph, std::vector<std::string>& names) {
  const std::unordered_set<std::string> own = names_defined(graph);
  const auto add = [&](const std::string& name) {
    if (!own.contains(name)) names.push_back(name);
  };
  for (const NodeProto& node : graph.node())
    for (const std::string& name : values_read(node)) add(name);
  for (const auto& output : graph.output()) add(output.name());
}

}  // namespace

std::vector<const NodeProto*> all_nodes(const GraphProto& graph) {
  std::vector<const NodeProto*> nodes;
  append_nodes(graph, nodes);
  return nodes;
}

std::vector<NodeProto*> all_nodes(GraphProto& graph) {
  std::vector<NodeProto*> nodes;
  for (NodeProto& node : *graph.mutable_node()) {
    nodes.push_back(&node);
    for (auto& attribute : *node.mutable_attribute()) {
      if (!attribute.has_g()) continue;
      const std::vector<NodeProto*> inner = all_nodes(*attribute.mutable_g());
      nodes.insert(nodes.end(), inner.begin(), inner.end());
    }
  }
  return nodes;
}

std::vector<std::optional<std::size_t>> enclosing_nodes(const GraphProto& graph) {
  std::vector<std::optional<std::size_t>> enclosing;
  append_enclosing(graph, std::nullopt, enclosing);
  return enclosing;
}

std::vector<std::string> values_read(const NodeProto& node) {
  std::vector<std::string> names;
  for (const std::string& input : node.input())
    if (!input.empty()) names.push_back(input);
  for (const auto& attribute : node.attribute())
    if (attribute.has_g()) append_captures(attribute.g(), names);
  return names;
}

}  // namespace keel::onnx_io
