#pragma once

#include "compiler/ascend/soc.h"
#include "compiler/ir/graph.h"

namespace keel::simulator {

/// Times of an LSTM in microseconds, launch overhead not included. Nothing overlaps: cube and
/// vector unit wait for each other at every step, directions run one after the other.
struct RecurrentTime {
  double cube_us = 0;    ///< x w of all steps as one product, then h r of each step
  double vector_us = 0;  ///< gates, state and output of each step
};

/// \pre node.op is an Lstm
RecurrentTime recurrent_time(const ascend::Soc& soc, const ir::Graph& graph, const ir::Node& node);

}  // namespace keel::simulator
