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
    {Not, {1, 1, false}},
});
static_assert(follow_the_enumerators(kUnary, ir::kUnaryNames.size()));

constexpr auto kBinary = std::to_array<Row<ir::BinaryKind>>({
    {Add, {2, 2, false}},
    {Sub, {2, 2, false}},
    {Mul, {2, 2, false}},
    {Div, {4, 4, false}},
    {Pow, {14, 0, true}},  // ln, v, exp, 4 selects for zero and negative bases
    {Max, {2, 2, false}},
    {Min, {2, 2, false}},
    {Equal, {4, 4, false}},  // compare to a bit mask, select bytes by it
    {Greater, {4, 4, false}},
    {GreaterOrEqual, {4, 4, false}},
    {Less, {4, 4, false}},
    {LessOrEqual, {4, 4, false}},
    {And, {2, 2, false}},
    {Or, {2, 2, false}},
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
});
static_assert(follow_the_enumerators(kReduce, ir::kReduceNames.size()));

// Per element of each window.
constexpr auto kPool = std::to_array<Row<ir::PoolKind>>({
    {MaxPool, {2, 2, false}},            // v
    {AveragePool, {2, 2, false}},        // v
    {GlobalMaxPool, {2, 2, false}},      // v
    {GlobalAveragePool, {2, 2, false}},  // v
});
static_assert(follow_the_enumerators(kPool, ir::kPoolNames.size()));

// Arithmetic of a vector with one scalar; a constant divisor is multiplied by its reciprocal.
constexpr VectorCycles kScalarForm{1, 1, false};
constexpr VectorCycles kClip{2, 2, false};        // 2 s
constexpr VectorCycles kWhere{4, 4, false};       // bytes to a bit mask (2), select
constexpr VectorCycles kCast{1, 1, false};        // vconv; see cast_vector_us
constexpr VectorCycles kSoftmax{18, 0, true};     // cmax, v, exp, cadd, div
constexpr VectorCycles kLogSoftmax{16, 0, true};  // cmax, v, exp, cadd, v; the ln is one a row
constexpr VectorCycles kLayerNorm{16, 0, true};   // cadd, v, v, cadd, v, v, v
constexpr VectorCycles kBatchNorm{2, 0, true};    // 2 s: scale and offset are one a channel
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
  VectorCycles operator()(const ir::Conv&) const { return kNone; }
  VectorCycles operator()(const ir::MatMul&) const { return kNone; }
  VectorCycles operator()(const ir::Gemm&) const { return kNone; }
  VectorCycles operator()(const ir::Lstm&) const { return kNone; }
  VectorCycles operator()(const ir::Reshape&) const { return kNone; }
  VectorCycles operator()(const ir::Transpose&) const { return kNone; }
  VectorCycles operator()(const ir::Concat&) const { return kNone; }
  VectorCycles operator()(const ir::Slice&) const { return kNone; }
  VectorCycles operator()(const ir::Split&) const { return kNone; }
  VectorCycles operator()(const ir::Gather&) const { return kNone; }
  VectorCycles operator()(const ir::Expand&) const { return kNone; }
  VectorCycles operator()(const ir::Tile&) const { return kNone; }
  VectorCycles operator()(const ir::Pad&) const { return kNone; }
  VectorCycles operator()(const ir::ShapeOf&) const { return kNone; }
  VectorCycles operator()(const ir::ConstantOfShape&) const { return kNone; }
  VectorCycles operator()(const ir::Identity&) const { return kNone; }

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
    case And:
    case Or:
      return CyclesOf::at(kBinary, kind);
  }
  KEEL_CHECK(false);
}

}  // namespace keel::simulator
