#include "tuner/engine/ports.h"

#include <span>

namespace keel::engine {
namespace {

std::vector<accuracy::Port> ports_of(const ir::Graph& graph, std::span<const ir::ValueId> values) {
  std::vector<accuracy::Port> ports;
  for (const ir::ValueId value : values) ports.push_back({graph[value].name, graph[value].type});
  return ports;
}

}  // namespace

std::vector<accuracy::Port> input_ports(const ir::Graph& graph) {
  return ports_of(graph, graph.inputs());
}

std::vector<accuracy::Port> output_ports(const ir::Graph& graph) {
  return ports_of(graph, graph.outputs());
}

}  // namespace keel::engine
