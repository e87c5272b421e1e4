#pragma once

#include <vector>

#include "compiler/ir/graph.h"
#include "profiler/accuracy/port.h"

namespace keel::engine {

/// In the order of Graph::inputs().
std::vector<accuracy::Port> input_ports(const ir::Graph& graph);

/// In the order of Graph::outputs().
std::vector<accuracy::Port> output_ports(const ir::Graph& graph);

}  // namespace keel::engine
