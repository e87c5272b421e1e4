#include <cmath>
#include <limits>

#include "compiler/base/wide.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/lanes.h"
#include "compiler/kernels/reduce_axes.h"

namespace keel::kernels {
namespace {

using ir::ReduceKind;

constexpr float kInf = std::numeric_limits<float>::infinity();

// Rows of [length, inner] summed one after the other, as ONNX Runtime sums all of them, before the
// partial sum joins the total; see kChunk.
constexpr std::int64_t kChunkRows = 2048;

// [outer, length, inner], reduced over the middle.
struct Stage {
  std::int64_t outer = 1, length = 1, inner = 1;
};

using Stages = absl::InlinedVector<Stage, 2>;

// A reduction over axes that are not neighbours is a stage for each run of them, innermost first.
Stages stages_of(const Shape& shape, const AxisFlags& reduced) {
  Stages stages;
  std::int64_t inner = 1;  // of the axes that are kept: those reduced before are gone
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    if (!reduced[axis]) {
      inner *= shape[axis];
      continue;
    }
    const bool continues = axis + 1 < shape.size() && reduced[axis + 1];
    if (!continues) stages.push_back({1, 1, inner});
    stages.back().length *= shape[axis];
    stages.back().outer =
        element_count({shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(axis)});
  }
  return stages;
}

struct Problem {
  const Tensor& x;
  const Shape& result;  ///< of as many elements as the last stage leaves
  Stages stages;
};

template <class Term, class Join>
KEEL_WIDE void reduce_rows(const float* x, float* y, const Stage& stage, float start, Term term,
                           Join join) {
  const auto length = static_cast<std::size_t>(stage.length);
  for (std::int64_t i = 0; i < stage.outer; ++i)
    y[i] = reduce_lanes(x + i * stage.length, length, start, term, join);
}

template <class Term, class Join>
KEEL_WIDE void reduce_columns(const float* x, float* y, const Stage& stage, float start, Term term,
                              Join join, float* partial) {
  for (std::int64_t o = 0; o < stage.outer; ++o, y += stage.inner) {
    for (std::int64_t i = 0; i < stage.inner; ++i) y[i] = start;
    for (std::int64_t begin = 0; begin < stage.length; begin += kChunkRows) {
      for (std::int64_t i = 0; i < stage.inner; ++i) partial[i] = start;
      const std::int64_t end = std::min(begin + kChunkRows, stage.length);
      for (std::int64_t row = begin; row < end; ++row, x += stage.inner)
        for (std::int64_t i = 0; i < stage.inner; ++i) partial[i] = join(partial[i], term(x[i]));
      for (std::int64_t i = 0; i < stage.inner; ++i) y[i] = join(y[i], partial[i]);
    }
  }
}

template <class Term, class Join>
Tensor reduce(std::span<const float> x, const Stage& stage, Shape shape, float start, Term term,
              Join join) {
  Tensor y(DType::F32, std::move(shape));
  float* values = y.fill<float>().data();
  if (stage.inner == 1) {
    reduce_rows(x.data(), values, stage, start, term, join);
  } else {
    Tensor partial(DType::F32, {stage.inner});
    reduce_columns(x.data(), values, stage, start, term, join, partial.fill<float>().data());
  }
  return y;
}

// term() applies to the elements, in the first stage; later stages join what it left.
template <class Term, class Join>
Tensor reduce_all(const Problem& problem, float start, Term term, Join join) {
  const std::span<const Stage> stages = problem.stages;
  const auto shape_behind = [&](const Stage& stage) {
    return &stage == &stages.back() ? problem.result : Shape{stage.outer * stage.inner};
  };
  Tensor y = reduce(problem.x.as<float>(), stages[0], shape_behind(stages[0]), start, term, join);
  for (const Stage& stage : stages.subspan(1))
    y = reduce(
        y.as<float>(), stage, shape_behind(stage), start, [](float v) { return v; }, join);
  return y;
}

Tensor reduce_kind(ReduceKind kind, const Problem& problem) {
  const auto itself = [](float v) { return v; };
  const auto square = [](float v) { return v * v; };
  const auto magnitude = [](float v) { return std::fabs(v); };
  const auto add = [](float a, float b) { return a + b; };
  const auto multiply = [](float a, float b) { return a * b; };
  const auto max = [](float a, float b) { return larger(a, b); };
  const auto min = [](float a, float b) { return smaller(a, b); };
  switch (kind) {
    case ReduceKind::ReduceSum:
    case ReduceKind::ReduceMean:
      return reduce_all(problem, 0, itself, add);
    case ReduceKind::ReduceMax:
      return reduce_all(problem, -kInf, itself, max);
    case ReduceKind::ReduceMin:
      return reduce_all(problem, kInf, itself, min);
    case ReduceKind::ReduceProd:
      return reduce_all(problem, 1, itself, multiply);
    case ReduceKind::ReduceSumSquare:
    case ReduceKind::ReduceL2:
      return reduce_all(problem, 0, square, add);
    case ReduceKind::ReduceL1:
      return reduce_all(problem, 0, magnitude, add);
    case ReduceKind::ReduceLogSum:
    case ReduceKind::ReduceLogSumExp:
      break;
  }
  KEEL_CHECK(false && "a ReduceKind outside its enumeration");
}

// Reducing nothing or over no axis is left to the reference.
bool supports(const Call& call) {
  const auto* op = std::get_if<ir::Reduce>(&call.op);
  if (!op || op->kind >= ReduceKind::ReduceLogSum) return false;
  const Tensor& x = *call.inputs[0];
  if (!is_tunable_float(x.dtype()) || x.size() == 0) return false;
  const Result<AxisFlags> reduced = reduced_axes(call);
  return reduced.ok() && std::ranges::find(*reduced, true) != reduced->end();
}

Result<Tensors> run(const Call& call) {
  const ReduceKind kind = std::get<ir::Reduce>(call.op).kind;
  const Tensor& x = *call.inputs[0];
  KEEL_TRY(const AxisFlags reduced, reduced_axes(call));
  Tensor y = reduce_kind(kind, {x, call.outputs[0].shape, stages_of(x.shape(), reduced)});
  const std::span<float> values = y.fill<float>();
  if (kind == ReduceKind::ReduceMean) {
    const std::int64_t count = x.size() / y.size();
    for (float& value : values) value /= static_cast<float>(count);
  }
  if (kind == ReduceKind::ReduceL2)
    for (float& value : values) value = std::sqrt(value);
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kVectorReduce{"vector-reduce", supports, run};

}  // namespace keel::kernels
