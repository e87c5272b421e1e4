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

// A reduction over axes that are not neighbours is a stage for each run of them, innermost first.
std::vector<Stage> stages_of(const Shape& shape, const std::vector<bool>& reduced) {
  std::vector<Stage> stages;
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
std::vector<float> reduce(std::span<const float> x, const Stage& stage, float start, Term term,
                          Join join) {
  std::vector<float> y(static_cast<std::size_t>(stage.outer * stage.inner));
  if (stage.inner == 1) {
    reduce_rows(x.data(), y.data(), stage, start, term, join);
  } else {
    std::vector<float> partial(static_cast<std::size_t>(stage.inner));
    reduce_columns(x.data(), y.data(), stage, start, term, join, partial.data());
  }
  return y;
}

// term() applies to the elements, in the first stage; later stages join what it left.
template <class Term, class Join>
std::vector<float> reduce_all(const Tensor& x, std::span<const Stage> stages, float start,
                              Term term, Join join) {
  std::vector<float> values = reduce(x.as<float>(), stages[0], start, term, join);
  for (const Stage& stage : stages.subspan(1))
    values = reduce(
        values, stage, start, [](float v) { return v; }, join);
  return values;
}

std::vector<float> reduce_kind(ReduceKind kind, const Tensor& x, std::span<const Stage> stages) {
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
      return reduce_all(x, stages, 0, itself, add);
    case ReduceKind::ReduceMax:
      return reduce_all(x, stages, -kInf, itself, max);
    case ReduceKind::ReduceMin:
      return reduce_all(x, stages, kInf, itself, min);
    case ReduceKind::ReduceProd:
      return reduce_all(x, stages, 1, itself, multiply);
    case ReduceKind::ReduceSumSquare:
    case ReduceKind::ReduceL2:
      return reduce_all(x, stages, 0, square, add);
    case ReduceKind::ReduceL1:
      return reduce_all(x, stages, 0, magnitude, add);
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
  const Result<std::vector<bool>> reduced = reduced_axes(call);
  return reduced.ok() && std::ranges::find(*reduced, true) != reduced->end();
}

Result<std::vector<Tensor>> run(const Call& call) {
  const ReduceKind kind = std::get<ir::Reduce>(call.op).kind;
  const Tensor& x = *call.inputs[0];
  KEEL_TRY(const std::vector<bool> reduced, reduced_axes(call));
  std::vector<float> values = reduce_kind(kind, x, stages_of(x.shape(), reduced));
  if (kind == ReduceKind::ReduceMean) {
    const std::int64_t count = x.size() / static_cast<std::int64_t>(values.size());
    for (float& value : values) value /= static_cast<float>(count);
  }
  if (kind == ReduceKind::ReduceL2)
    for (float& value : values) value = std::sqrt(value);
  return std::vector<Tensor>{make_f32(call.outputs[0].shape, values)};
}

}  // namespace

const Kernel kVectorReduce{"vector-reduce", supports, run};

}  // namespace keel::kernels
