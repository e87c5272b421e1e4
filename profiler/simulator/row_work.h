#pragma once

#include <cstdint>

#include "compiler/ir/graph.h"
#include "compiler/program/program.h"

namespace keel::simulator {

/// How the elements of a kernel lie in memory, where that costs time beside their number.
struct RowWork {
  double rows = 0;  ///< rows that are reduced, normalised or scanned; short ones count less
  std::int64_t gathered = 0;  ///< rows taken or put by index
  std::int64_t copied = 0;    ///< contiguous runs of a copy
  bool strided = false;       ///< neighbours in the result are not neighbours in the operand
};

/// The row work of all members; members that work on the same rows share them.
RowWork row_work(const ir::Graph& graph, const program::Kernel& kernel);

}  // namespace keel::simulator
