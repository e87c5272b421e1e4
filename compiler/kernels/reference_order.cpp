#include <algorithm>
#include <numeric>

#include "compiler/base/host_type.h"
#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

// Operators that compare or add up along one axis: ArgMax, ArgMin, TopK, Hardmax, CumSum.

namespace keel::kernels {
namespace {

/// A tensor as [outer, length, inner], walked along the middle.
struct Lanes {
  std::int64_t outer = 1, length = 1, inner = 1;
};

Lanes lanes_of(const Shape& shape, std::size_t axis, bool flatten = false) {
  Lanes lanes;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool walked = i == axis || (flatten && i > axis);
    (walked ? lanes.length : (i < axis ? lanes.outer : lanes.inner)) *= shape[i];
  }
  return lanes;
}

// Calls visit(first element, step) for each lane, in the order of a result without the axis.
template <class Visit>
void for_each_lane(const Lanes& lanes, Visit visit) {
  for (std::int64_t o = 0; o < lanes.outer; ++o)
    for (std::int64_t i = 0; i < lanes.inner; ++i)
      visit(static_cast<std::size_t>(o * lanes.length * lanes.inner + i),
            static_cast<std::size_t>(lanes.inner));
}

// Whether a comes before b; NaN is an extreme in either direction, as numpy has it for argmax.
template <class T>
bool beats(T a, T b, bool largest) {
  if (a != a) return b == b;
  if (b != b) return false;
  return largest ? a > b : a < b;
}

template <class Family>
bool supports(const Call& call) {
  return std::holds_alternative<Family>(call.op);
}

Result<std::vector<Tensor>> run_arg(const Call& call) {
  const auto& op = std::get<ir::ArgReduce>(call.op);
  const Tensor& x = *call.inputs[0];
  const bool largest = op.kind == ir::ArgReduceKind::ArgMax;
  const Lanes lanes = lanes_of(x.shape(), axis_index(op.axis, x.shape().size()));
  Tensor y(DType::I64, call.outputs[0].shape);
  auto to = y.fill<std::int64_t>().begin();
  with_host_type(x.dtype(), [&](auto element) {
    using T = decltype(element);
    for_each_lane(lanes, [&](std::size_t first, std::size_t step) {
      std::int64_t best = 0;
      for (std::int64_t k = 1; k < lanes.length; ++k) {
        const T value = x.as<T>()[first + static_cast<std::size_t>(k) * step];
        const T champion = x.as<T>()[first + static_cast<std::size_t>(best) * step];
        const bool wins =
            op.select_last ? !beats(champion, value, largest) : beats(value, champion, largest);
        if (wins) best = k;
      }
      *to++ = best;
    });
  });
  return std::vector<Tensor>{std::move(y)};
}

Result<std::vector<Tensor>> run_top_k(const Call& call) {
  const auto& op = std::get<ir::TopK>(call.op);
  const Tensor& x = *call.inputs[0];
  const std::size_t axis = axis_index(op.axis, x.shape().size());
  const Lanes lanes = lanes_of(x.shape(), axis);
  const std::int64_t k = call.outputs[0].shape[axis];
  Tensor values(x.dtype(), call.outputs[0].shape);
  Tensor places(DType::I64, call.outputs[0].shape);
  std::vector<std::int64_t> order(static_cast<std::size_t>(lanes.length));
  with_host_type(x.dtype(), [&](auto element) {
    using T = decltype(element);
    const std::span<T> to = values.fill<T>();
    const std::span<std::int64_t> at = places.fill<std::int64_t>();
    for (std::int64_t o = 0; o < lanes.outer; ++o)
      for (std::int64_t i = 0; i < lanes.inner; ++i) {
        const auto value = [&](std::int64_t place) {
          return x.as<T>()[static_cast<std::size_t>((o * lanes.length + place) * lanes.inner + i)];
        };
        std::iota(order.begin(), order.end(), 0);
        std::partial_sort(order.begin(), order.begin() + k, order.end(),
                          [&](std::int64_t a, std::int64_t b) {
                            if (beats(value(a), value(b), op.largest)) return true;
                            return !beats(value(b), value(a), op.largest) && a < b;
                          });
        for (std::int64_t j = 0; j < k; ++j) {
          const auto result = static_cast<std::size_t>((o * k + j) * lanes.inner + i);
          to[result] = value(order[static_cast<std::size_t>(j)]);
          at[result] = order[static_cast<std::size_t>(j)];
        }
      }
  });
  std::vector<Tensor> outputs{std::move(values), std::move(places)};
  outputs.resize(call.outputs.size());
  return outputs;
}

bool supports_hardmax(const Call& call) {
  return std::holds_alternative<ir::Hardmax>(call.op) &&
         (is_tunable_float(call.inputs[0]->dtype()) || call.inputs[0]->dtype() == DType::F64);
}

Result<std::vector<Tensor>> run_hardmax(const Call& call) {
  const auto& op = std::get<ir::Hardmax>(call.op);
  const Tensor& x = *call.inputs[0];
  const Lanes lanes = lanes_of(x.shape(), axis_index(op.axis, x.shape().size()), op.flatten);
  Tensor y(raw_dtype(x.dtype()), x.shape());
  with_host_type(x.dtype(), [&](auto element) {
    using T = decltype(element);
    const std::span<T> to = y.fill<T>();
    std::ranges::fill(to, T{0});
    if (lanes.length == 0) return;
    for_each_lane(lanes, [&](std::size_t first, std::size_t step) {
      std::size_t best = first;
      for (std::int64_t k = 1; k < lanes.length; ++k) {
        const std::size_t here = first + static_cast<std::size_t>(k) * step;
        if (beats(x.as<T>()[here], x.as<T>()[best], true)) best = here;
      }
      to[best] = T{1};
    });
  });
  return std::vector<Tensor>{std::move(y)};
}

Result<std::vector<Tensor>> run_cum_sum(const Call& call) {
  const auto& op = std::get<ir::CumSum>(call.op);
  const Tensor& x = *call.inputs[0];
  KEEL_TRY(const ir::Ints axis, ir::ints_of(*call.inputs[1]));
  const Lanes lanes = lanes_of(x.shape(), axis_index(axis[0], x.shape().size()));
  Tensor y(raw_dtype(x.dtype()), x.shape());
  with_host_type(x.dtype(), [&](auto element) {
    using T = decltype(element);
    using Sum = std::conditional_t<std::is_floating_point_v<T>, T, std::uint64_t>;
    const std::span<T> to = y.fill<T>();
    for_each_lane(lanes, [&](std::size_t first, std::size_t step) {
      Sum sum = 0;
      for (std::int64_t k = 0; k < lanes.length; ++k) {
        const std::int64_t place = op.reverse ? lanes.length - 1 - k : k;
        const std::size_t here = first + static_cast<std::size_t>(place) * step;
        if (op.exclusive) to[here] = static_cast<T>(sum);
        sum += static_cast<Sum>(x.as<T>()[here]);
        if (!op.exclusive) to[here] = static_cast<T>(sum);
      }
    });
  });
  return std::vector<Tensor>{std::move(y)};
}

}  // namespace

const Kernel kReferenceArgReduce{"reference-arg-reduce", supports<ir::ArgReduce>, run_arg};
const Kernel kReferenceTopK{"reference-top-k", supports<ir::TopK>, run_top_k};
const Kernel kReferenceHardmax{"reference-hardmax", supports_hardmax, run_hardmax};
const Kernel kReferenceCumSum{"reference-cum-sum", supports<ir::CumSum>, run_cum_sum};

}  // namespace keel::kernels
