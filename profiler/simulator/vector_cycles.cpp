#include "profiler/simulator/vector_cycles.h"

#include <cstddef>

#include "compiler/base/check.h"

namespace keel::simulator {
namespace {

using enum ir::UnaryKind;
using enum ir::BinaryKind;
using enum ir::PoolKind;
using enum ir::ReduceKind;

template <class Kind>
struct Row {
  Kind kind;
  VectorCycles cycles;
};

template <class Rows>
consteval bool follow_the_enumerators(const Rows& rows, std::size_t kinds) {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (static_cast<std::size_t>(rows[i].kind) != i) return false;
  return rows.size() == kinds;
}

// Columns: fp32, fp16, internal fp32. Instruction: s = vector with scalar (1), v = vector with
// vector (2), exp and ln 2 fp32 / 4 fp16, div 4.
constexpr auto kUnary = std::to_array<Row<ir::UnaryKind>>({
    {Relu, {1, 1, false}},
    {LeakyRelu, {1, 1, false}},    // vlrelu
    {Sigmoid, {8, 0, true}},       // s, exp, s, div
    {HardSigmoid, {4, 4, false}},  // 4 s
    {HardSwish, {6, 6, false}},    // 4 s, v
    {Tanh, {10, 0, true}},         // 2 s, exp, 2 s, div
    {Exp, {2, 4, false}},
    {Log, {2, 4, false}},
    {Sqrt, {2, 4, false}},
    {Reciprocal, {4, 4, false}},  // div: vrec (1) has too few bits to be used alone
    {Neg, {1, 1, false}},         // s
    {Abs, {1, 1, false}},
    {Erf, {11, 0, true}},      // with the rest of a GELU 16, which is what the published gelu shows
                               // div
    {Floor, {2, 2, false}},    // conversion to integer and back
    {Ceil, {2, 2, false}},     // as Floor
    {Round, {2, 2, false}},    // as Floor
    {Sign, {4, 4, false}},     // two compares with a scalar, a select
    {Sin, {25, 0, true}},      // range reduction 8, polynomial of 5 (v + s), v
    {Cos, {25, 0, true}},      // as Sin
    {Softplus, {9, 0, true}},  // abs, s, exp, s, ln, relu, v
    {Tan, {54, 0, true}},      // sin, cos, div
    {Asin, {19, 0, true}},     // polynomial of 5 (v + s), v, sqrt
    {Acos, {20, 0, true}},     // as Asin, s
    {Atan, {25, 0, true}},     // as Sin
    {Sinh, {10, 0, true}},     // exp, div, v, s, and a select for small arguments
    {Cosh, {9, 0, true}},      // exp, div, v, s
    {Asinh, {11, 0, true}},    // v, s, sqrt, v, ln, sign
    {Acosh, {9, 0, true}},     // v, s, sqrt, v, ln
    {Atanh, {9, 0, true}},     // 2 s, div, ln, s
    {Elu, {8, 0, true}},       // exp, 2 s, relu, min, v
    {Selu, {9, 0, true}},      // as Elu, s
    {Celu, {9, 0, true}},      // as Elu, s
    {ThresholdedRelu, {4, 4, false}},  // compare with a scalar, select
    {Softsign, {6, 6, false}},         // abs, s, div
    {Mish, {21, 0, true}},             // Softplus, Tanh, v
    {Gelu, {16, 0, true}},             // Erf, s, v, s, v
    {Shrink, {8, 8, false}},           // 2 compares, 2 selects of s
    {BitwiseNot, {1, 1, false}},
    {Not, {1, 1, false}},
    {IsNaN, {4, 4, false}},  // compare, select bytes
    {IsInf, {5, 5, false}},  // abs, compare, select bytes
});
static_assert(follow_the_enumerators(kUnary, ir::kUnaryNames.size()));

constexpr auto kBinary = std::to_array<Row<ir::BinaryKind>>({
    {Add, {2, 2, false}},       {Sub, {2, 2, false}},
    {Mul, {2, 2, false}},       {Div, {4, 4, false}},
    {Pow, {14, 0, true}},  // ln, v, exp, 4 selects for zero and negative bases
    {Max, {2, 2, false}},       {Min, {2, 2, false}},
    {Mod, {10, 0, true}},    // div, floor, v, v
    {PRelu, {6, 6, false}},  // max, min, v, v
    {BitShift, {2, 2, false}},  {BitwiseAnd, {2, 2, false}},
    {BitwiseOr, {2, 2, false}}, {BitwiseXor, {6, 6, false}},  // or, and, not, and
    {Equal, {4, 4, false}},  // compare to a bit mask, select bytes by it
    {Greater, {4, 4, false}},   {GreaterOrEqual, {4, 4, false}},
    {Less, {4, 4, false}},      {LessOrEqual, {4, 4, false}},
    {And, {2, 2, false}},       {Or, {2, 2, false}},
    {Xor, {6, 6, false}},  // as BitwiseXor
});
static_assert(follow_the_enumerators(kBinary, ir::kBinaryNames.size()));

// Per element read.
constexpr auto kReduce = std::to_array<Row<ir::ReduceKind>>({
    {ReduceSum, {3, 7, false}},   // cadd
    {ReduceMean, {3, 7, false}},  // cadd
    {ReduceMax, {7, 7, false}},   // cmax
    {ReduceMin, {7, 7, false}},
    {ReduceProd, {2, 2, false}},       // v, folding halves: there is no cmul
    {ReduceSumSquare, {5, 9, false}},  // v, cadd
    {ReduceL1, {4, 8, false}},         // abs, cadd
    {ReduceL2, {5, 9, false}},         // v, cadd
    {ReduceLogSum, {3, 7, false}},     // cadd; the ln is one a row
    {ReduceLogSumExp, {14, 0, true}},  // cmax, v, exp, cadd
});
static_assert(follow_the_enumerators(kReduce, ir::kReduceNames.size()));

// Per element of each window.
constexpr auto kPool = std::to_array<Row<ir::PoolKind>>({
    {MaxPool, {2, 2, false}},            // v
    {AveragePool, {2, 2, false}},        // v
    {LpPool, {4, 4, false}},             // v, v
    {GlobalMaxPool, {2, 2, false}},      // v
    {GlobalAveragePool, {2, 2, false}},  // v
    {GlobalLpPool, {4, 4, false}},       // v, v
});
static_assert(follow_the_enumerators(kPool, ir::kPoolNames.size()));

// Arithmetic of a vector with one scalar; a constant divisor is multiplied by its reciprocal.
constexpr VectorCycles kScalarForm{1, 1, false};
constexpr VectorCycles kClip{2, 2, false};          // 2 s
constexpr VectorCycles kWhere{4, 4, false};         // bytes to a bit mask (2), select
constexpr VectorCycles kCast{1, 1, false};          // vconv; see cast_vector_us
constexpr VectorCycles kSoftmax{18, 0, true};       // cmax, v, exp, cadd, div
constexpr VectorCycles kLogSoftmax{16, 0, true};    // cmax, v, exp, cadd, v; the ln is one a row
constexpr VectorCycles kLayerNorm{16, 0, true};     // cadd, v, v, cadd, v, v, v
constexpr VectorCycles kBatchNorm{2, 0, true};      // 2 s: scale and offset are one a channel
constexpr VectorCycles kInstanceNorm{16, 0, true};  // as a layer normalisation
constexpr VectorCycles kLrn{30, 0, true};           // v, 5 v for the window, s, pow, div
constexpr VectorCycles kLpNorm{9, 0, true};         // v, cadd, div
constexpr VectorCycles kHardmax{11, 11, false};     // cmax, compare, select
constexpr VectorCycles kArgReduce{7, 7, false};     // cmax keeps the place
constexpr VectorCycles kTopK{64, 64, false};        // sorts runs of 32, then merges
constexpr VectorCycles kCumSum{12, 12, false};      // log steps of v within a repeat
constexpr VectorCycles kResize{8, 8, false};        // 3 v and s: two linear steps
constexpr VectorCycles kSample{20, 20, false};      // coordinates, then as kResize
constexpr VectorCycles kQuantize{6, 6, false};      // div or s, s, round, clamp
constexpr VectorCycles kMove{1, 1, false};
constexpr VectorCycles kNone{};

struct CyclesOf {
  VectorCycles operator()(const ir::Unary& op) const { return at(kUnary, op.kind); }
  VectorCycles operator()(const ir::Binary& op) const { return at(kBinary, op.kind); }
  VectorCycles operator()(const ir::Reduce& op) const { return at(kReduce, op.kind); }
  VectorCycles operator()(const ir::Pool& op) const { return at(kPool, op.kind); }
  VectorCycles operator()(const ir::Clip&) const { return kClip; }
  VectorCycles operator()(const ir::Where&) const { return kWhere; }
  VectorCycles operator()(const ir::Cast&) const { return kCast; }
  VectorCycles operator()(const ir::Softmax& op) const { return op.log ? kLogSoftmax : kSoftmax; }
  VectorCycles operator()(const ir::LayerNorm&) const { return kLayerNorm; }
  VectorCycles operator()(const ir::BatchNorm&) const { return kBatchNorm; }
  VectorCycles operator()(const ir::CastLike&) const { return kCast; }
  VectorCycles operator()(const ir::InstanceNorm&) const { return kInstanceNorm; }
  VectorCycles operator()(const ir::GroupNorm&) const { return kInstanceNorm; }
  VectorCycles operator()(const ir::MeanVarianceNorm&) const { return kInstanceNorm; }
  VectorCycles operator()(const ir::Lrn&) const { return kLrn; }
  VectorCycles operator()(const ir::LpNorm&) const { return kLpNorm; }
  VectorCycles operator()(const ir::Hardmax&) const { return kHardmax; }
  VectorCycles operator()(const ir::Loss&) const { return kLogSoftmax; }
  VectorCycles operator()(const ir::ArgReduce&) const { return kArgReduce; }
  VectorCycles operator()(const ir::TopK&) const { return kTopK; }
  VectorCycles operator()(const ir::CumSum&) const { return kCumSum; }
  VectorCycles operator()(const ir::Resize&) const { return kResize; }
  VectorCycles operator()(const ir::GridSample&) const { return kSample; }
  VectorCycles operator()(const ir::RoiAlign&) const { return kSample; }
  VectorCycles operator()(const ir::QuantizeLinear&) const { return kQuantize; }
  VectorCycles operator()(const ir::DequantizeLinear&) const { return kQuantize; }
  VectorCycles operator()(const ir::DynamicQuantizeLinear&) const { return kQuantize; }
  VectorCycles operator()(const ir::ScatterElements&) const { return kMove; }
  VectorCycles operator()(const ir::ScatterNd&) const { return kMove; }
  VectorCycles operator()(const ir::MaxUnpool&) const { return kMove; }
  // Of the cube, of several kernels, or without arithmetic.
  template <class Other>
  VectorCycles operator()(const Other&) const {
    return kNone;
  }

  template <class Rows, class Kind>
  static VectorCycles at(const Rows& rows, Kind kind) {
    return rows[static_cast<std::size_t>(kind)].cycles;
  }
};

}  // namespace

VectorCycles vector_cycles(const ir::Op& op) { return std::visit(CyclesOf{}, op); }

VectorCycles scalar_cycles(ir::BinaryKind kind) {
  switch (kind) {
    case Add:
    case Sub:
    case Mul:
    case Div:
    case Max:
    case Min:
      return kScalarForm;
    case Pow:
    case Equal:
    case Greater:
    case GreaterOrEqual:
    case Less:
    case LessOrEqual:
    case Mod:
    case PRelu:
    case BitShift:
    case BitwiseAnd:
    case BitwiseOr:
    case BitwiseXor:
    case And:
    case Or:
    case Xor:
      return CyclesOf::at(kBinary, kind);
  }
  KEEL_CHECK(false);
}

}  // namespace keel::simulator
