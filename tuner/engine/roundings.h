#pragma once

#include <vector>

#include "compiler/base/result.h"
#include "tuner/engine/target.h"
#include "tuner/report/range_finding.h"

namespace keel::engine {

/// A place where lowering rounds: a node takes or makes a tensor of the model in a narrower dtype.
struct Rounding {
  ir::NodeId node;    ///< of the prepared graph
  ir::ValueId value;  ///< likewise
  report::TensorRole role;
  DType dtype;  ///< what `value` is rounded to
};

/// Every rounding of the program in which each unit is lowered, those of the owner's list too, read
/// off that program: inside a fused unit each result that the vector unit rounds counts, and what
/// stays in an accumulator does not (a product before its activation, a bias, the sum inside a
/// reduction or a softmax). In execution order; once for each unit and value, where the unit makes
/// it, else where it first takes it.
/// \error what compiling that program gives
Result<std::vector<Rounding>> find_roundings(const Target& target);

/// By ValueId of the prepared graph: what lowering rounds the value to; F32 where it never does.
std::vector<DType> lowered_dtypes(const Target& target, const std::vector<Rounding>& roundings);

/// By UnitId: the roundings that lose elements to overflow or underflow. A unit that has one is
/// suspect, even where the loss cannot matter (the tail of a softmax, a mask of -1e9): suspects are
/// lowered alone before the others, and what that gives decides. So a suspect costs little but
/// order (see telling_samples()), as long as the budget has a probe for each of them, which the
/// default one has; a suspect that a smaller --max_trials leaves unprobed stays pinned.
/// \param ranges  by ValueId, counted in lowered_dtypes()
std::vector<std::vector<report::RangeFinding>> suspicions(
    const Target& target, const std::vector<Rounding>& roundings,
    const std::vector<accuracy::Range>& ranges);

/// By UnitId: for each of its suspicions the sample that loses most, sorted, each once. A probe of
/// the unit runs on them beside the probing samples.
std::vector<std::vector<std::size_t>> telling_samples(
    const std::vector<std::vector<report::RangeFinding>>& suspicions);

}  // namespace keel::engine
