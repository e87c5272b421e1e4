#include <concepts>
#include <type_traits>

#include "compiler/base/host_type.h"
#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/axis_lines.h"
#include "compiler/kernels/checked_indices.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

namespace keel::kernels {
namespace {

// Sums of floats are kept in double; sums of integers wrap.
template <class T>
using Sum = std::conditional_t<std::floating_point<T>, double, std::uint64_t>;

template <class T>
void sum_line(const ir::CumSum& op, const T* x, std::int64_t length, std::int64_t step, T* y) {
  Sum<T> sum = 0;
  for (std::int64_t i = 0; i < length; ++i) {
    const std::int64_t at = (op.reverse ? length - 1 - i : i) * step;
    if (op.exclusive) y[at] = static_cast<T>(sum);
    sum += static_cast<Sum<T>>(x[at]);
    if (!op.exclusive) y[at] = static_cast<T>(sum);
  }
}

bool supports(const Call& call) {
  return std::holds_alternative<ir::CumSum>(call.op) && call.inputs[0]->dtype() != DType::Bool;
}

Result<Tensors> run(const Call& call) {
  const Tensor& x = *call.inputs[0];
  KEEL_TRY(const ir::Ints given, ir::ints_of(*call.inputs[1]));
  KEEL_TRY(const std::int64_t axis,
           checked_index("CumSum axis", given[0], static_cast<std::int64_t>(x.shape().size())));
  const AxisLines lines = lines_along(x.shape(), axis);
  Tensor y(raw_dtype(x.dtype()), x.shape());
  with_host_type(x.dtype(), [&](auto type) {
    using T = decltype(type);
    const std::span<T> result = y.fill<T>();
    lines.for_each([&](std::int64_t start) {
      sum_line(std::get<ir::CumSum>(call.op), x.as<T>().data() + start, lines.length, lines.inner,
               result.data() + start);
    });
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceCumSum{"reference-cum-sum", supports, run};

}  // namespace keel::kernels
