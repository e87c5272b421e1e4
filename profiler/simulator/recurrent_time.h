#pragma once

#include "compiler/ascend/soc.h"
#include "compiler/ir/graph.h"
#include "profiler/simulator/cube_time.h"

namespace keel::simulator {

/// Times of an LSTM, GRU or RNN in microseconds, launch overhead not included. Nothing overlaps:
/// cube and vector unit wait for each other at every step, directions run one after the other.
struct RecurrentTime {
  double cube_us = 0;  ///< x w of all steps as one product, then h r of each step; the
                       ///< hidden gate of a GRU that resets before it multiplies is one of its own
  double vector_us = 0;  ///< gates, state and output of each step
};

/// The same in cycles of the core with most work, at the peak rates.
struct RecurrentCycles {
  CubeCycles cube;
  double vector = 0;
  double steps = 0;  ///< in all directions
};

/// \pre node.op is one of them: ir::is_recurrent, here and below
RecurrentCycles recurrent_cycles(const ascend::Soc& soc, const ir::Graph& graph,
                                 const ir::Node& node);
RecurrentTime recurrent_time(const ascend::Soc& soc, const ir::Graph& graph, const ir::Node& node);

}  // namespace keel::simulator
