#include <algorithm>
#include <numeric>
#include <string>

#include "compiler/base/host_type.h"
#include "compiler/kernels/axis_lines.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/take.h"

namespace keel::kernels {
namespace {

using Indices = std::vector<std::int64_t>;

// Which slices of an axis are the distinct ones, and which of them each slice is.
struct Distinct {
  Indices first;    // where each is first, in the order of the result
  Indices inverse;  // for each slice its place in `first`
  Indices counts;
};

// -1, 0 or 1 as slice i of `lines` is before, like or behind slice j. NaN is behind every number.
template <class T>
int compare(const T* x, const AxisLines& lines, std::int64_t i, std::int64_t j) {
  const auto is_less = [](T a, T b) { return a < b || (a == a && b != b); };
  for (std::int64_t o = 0; o < lines.outer; ++o)
    for (std::int64_t n = 0; n < lines.inner; ++n) {
      const T a = x[(o * lines.length + i) * lines.inner + n];
      const T b = x[(o * lines.length + j) * lines.inner + n];
      if (is_less(a, b)) return -1;
      if (is_less(b, a)) return 1;
    }
  return 0;
}

template <class T>
Distinct distinct_slices(const T* x, const AxisLines& lines, bool sorted) {
  Indices order(static_cast<std::size_t>(lines.length));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  const auto like = [&](std::int64_t i, std::int64_t j) { return compare(x, lines, i, j); };
  // Stable, so that the first of each run of equal ones is the first of the tensor.
  std::ranges::stable_sort(order, [&](std::int64_t i, std::int64_t j) { return like(i, j) < 0; });
  Indices first, counts, run_of(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || like(order[i - 1], order[i]) != 0) {
      first.push_back(order[i]);
      counts.push_back(0);
    }
    ++counts.back();
    run_of[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(first.size()) - 1;
  }
  std::vector<std::size_t> runs(first.size());
  std::iota(runs.begin(), runs.end(), std::size_t{0});
  if (!sorted) std::ranges::sort(runs, {}, [&](std::size_t run) { return first[run]; });
  Indices place(first.size());
  Distinct result;
  for (const std::size_t run : runs) {
    place[run] = static_cast<std::int64_t>(result.first.size());
    result.first.push_back(first[run]);
    result.counts.push_back(counts[run]);
  }
  for (const std::int64_t run : run_of)
    result.inverse.push_back(place[static_cast<std::size_t>(run)]);
  return result;
}

Result<Tensors> run(const Call& call) {
  const auto& op = std::get<ir::Unique>(call.op);
  Tensor x = *call.inputs[0];
  if (!op.has_axis) x = x.reshaped({x.size()});
  const std::int64_t axis = op.has_axis ? op.axis : 0;
  const auto rank = static_cast<std::int64_t>(x.shape().size());
  if (axis < -rank || axis >= rank)
    return Error{
        ErrorCode::InvalidModel,
        "Unique along axis " + std::to_string(axis) + " of x of rank " + std::to_string(rank), "",
        ""};
  const AxisLines lines = lines_along(x.shape(), axis);
  if (lines.length > 0 && x.size() == 0)
    return Error{ErrorCode::InvalidModel,
                 "Unique of slices without elements, of x of shape " + to_text(x.shape()), "", ""};
  const Distinct distinct = with_host_type(x.dtype(), [&](auto type) {
    return distinct_slices(x.as<decltype(type)>().data(), lines, op.sorted);
  });
  Tensors results{take(x, axis_index(axis, x.shape().size()), distinct.first)};
  for (const Indices* list : {&distinct.first, &distinct.inverse, &distinct.counts})
    if (results.size() < call.outputs.size())
      results.push_back(make_i64({static_cast<std::int64_t>(list->size())}, *list));
  return results;
}

}  // namespace

const Kernel kReferenceUnique{
    "reference-unique",
    [](const Call& call) { return std::holds_alternative<ir::Unique>(call.op); }, run};

}  // namespace keel::kernels
