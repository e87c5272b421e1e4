#pragma once

#include "compiler/ir/op.h"

namespace keel::simulator {

/// Cycles the vector unit of a core takes for 256 bytes of input to one operator.
struct VectorCycles {
  double f32 = 0;             ///< for 64 fp32 elements
  double f16 = 0;             ///< for 128 fp16 elements
  bool internal_f32 = false;  ///< fp16 operands are widened, computed in fp32 and narrowed again
};

/// 256 bytes widened to, or narrowed from, fp32. \par Source  910B instruction timing: vconv 1
constexpr double kCastCycles = 1;

/// The cost of an operator; zero for cube operators, for those that only move elements, and for an
/// LSTM, which is several (recurrent_time.h).
///
/// Operators that are a sequence of instructions cost the sum of the sequence.
/// \par Source  measured 910B instruction timing (vendor's profiling tool: add 2, exp 2, ln 2,
///     div 4, relu 1, scalar forms 1, cadd 3 in fp32 and 7 in fp16, cmax 7, cast 1 a 256-byte
///     repeat); other chips have no published table and use the same one, scaled by
///     TimingParameters::vector_efficiency
VectorCycles vector_cycles(const ir::Op& op);

/// The cost of a binary operator whose second operand is a constant of one element.
VectorCycles scalar_cycles(ir::BinaryKind kind);

}  // namespace keel::simulator
