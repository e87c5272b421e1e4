#include <algorithm>
#include <numeric>

#include "compiler/base/host_type.h"
#include "compiler/kernels/axis_lines.h"
#include "compiler/kernels/kernel_table.h"

namespace keel::kernels {
namespace {

// NaN counts as the largest; among equal ones the first comes first. Also the order of a TopK that
// need not be sorted.
template <class T>
void select_line(const T* line, std::int64_t step, bool largest, std::int64_t k,
                 std::vector<std::int64_t>& order) {
  std::iota(order.begin(), order.end(), std::int64_t{0});
  const auto is_less = [](T a, T b) { return a < b || (a == a && b != b); };
  std::partial_sort(order.begin(), order.begin() + k, order.end(),
                    [&](std::int64_t i, std::int64_t j) {
                      const T a = line[i * step];
                      const T b = line[j * step];
                      if (is_less(a, b)) return !largest;
                      if (is_less(b, a)) return largest;
                      return i < j;
                    });
}

Result<Tensors> run(const Call& call) {
  const auto& op = std::get<ir::TopK>(call.op);
  const Tensor& x = *call.inputs[0];
  const AxisLines lines = lines_along(x.shape(), op.axis);
  const Shape& shape = call.outputs[0].shape;
  const std::int64_t k = shape[axis_index(op.axis, shape.size())];
  Tensor values(x.dtype(), shape);
  Tensor places(DType::I64, shape);
  // An axis beside one without elements may be longer than memory.
  std::vector<std::int64_t> order(x.size() == 0 ? 0 : static_cast<std::size_t>(lines.length));
  with_host_type(x.dtype(), [&](auto type) {
    using T = decltype(type);
    const std::span<T> value = values.fill<T>();
    const std::span<std::int64_t> place = places.fill<std::int64_t>();
    lines.for_each([&](std::int64_t start) {
      const T* line = x.as<T>().data() + start;
      select_line(line, lines.inner, op.largest, k, order);
      const std::int64_t outer = start / (lines.length * lines.inner);
      const std::int64_t first = outer * k * lines.inner + start % lines.inner;
      for (std::int64_t i = 0; i < k; ++i) {
        const auto at = static_cast<std::size_t>(first + i * lines.inner);
        place[at] = order[static_cast<std::size_t>(i)];
        value[at] = line[place[at] * lines.inner];
      }
    });
  });
  Tensors results{std::move(values)};
  if (call.outputs.size() > 1) results.push_back(std::move(places));
  return results;
}

}  // namespace

const Kernel kReferenceTopK{
    "reference-top-k", [](const Call& call) { return std::holds_alternative<ir::TopK>(call.op); },
    run};

}  // namespace keel::kernels
