#include <cmath>

#include "compiler/base/host_type.h"
#include "compiler/ir/einsum.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

// Einsum and Det.

namespace keel::kernels {
namespace {

bool supports_einsum(const Call& call) {
  if (!std::holds_alternative<ir::Einsum>(call.op)) return false;
  for (const Tensor* input : call.inputs)
    if (raw_dtype(input->dtype()) != raw_dtype(call.inputs[0]->dtype())) return false;
  return true;
}

// For each operand, the step in it of each axis of the plan: 0 where it has none or is broadcast.
std::vector<Shape> steps_of(const ir::EinsumPlan& plan, std::span<const Tensor* const> inputs) {
  std::vector<Shape> steps;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Shape& of_axis = steps.emplace_back(plan.extents.size(), 0);
    const Shape strides = row_major_strides(inputs[i]->shape());
    for (std::size_t k = 0; k < strides.size(); ++k)
      if (inputs[i]->shape()[k] != 1) of_axis[plan.of[i][k]] += strides[k];
  }
  return steps;
}

Result<std::vector<Tensor>> run_einsum(const Call& call) {
  std::vector<Shape> shapes;
  for (const Tensor* input : call.inputs) shapes.push_back(input->shape());
  KEEL_TRY(const ir::EinsumPlan plan,
           ir::plan_einsum(std::get<ir::Einsum>(call.op).equation, shapes));
  const std::vector<Shape> steps = steps_of(plan, call.inputs);
  const auto rank = static_cast<std::ptrdiff_t>(plan.result_rank);
  const Shape summed(plan.extents.begin() + rank, plan.extents.end());
  Tensor y(raw_dtype(call.outputs[0].dtype), call.outputs[0].shape);
  with_host_type(y.dtype(), [&](auto element) {
    using T = decltype(element);
    using Sum = std::conditional_t<std::is_floating_point_v<T>, double, std::uint64_t>;
    auto to = y.fill<T>().begin();
    for_each_index(y.shape(), [&](const Shape& outer) {
      Shape index = outer;
      index.resize(plan.extents.size());
      Sum sum = 0;
      for_each_index(summed, [&](const Shape& inner) {
        std::copy(inner.begin(), inner.end(), index.begin() + rank);
        Sum product = 1;
        for (std::size_t i = 0; i < steps.size(); ++i)
          product *= static_cast<Sum>(call.inputs[i]->as<T>()[offset_of(index, steps[i])]);
        sum += product;
      });
      *to++ = static_cast<T>(sum);
    });
  });
  return std::vector<Tensor>{std::move(y)};
}

bool supports_det(const Call& call) {
  return std::holds_alternative<ir::Det>(call.op) &&
         (is_tunable_float(call.inputs[0]->dtype()) || call.inputs[0]->dtype() == DType::F64);
}

// By elimination with partial pivoting.
double determinant(std::vector<double> m, std::size_t n) {
  double result = 1;
  for (std::size_t column = 0; column < n; ++column) {
    std::size_t pivot = column;
    for (std::size_t row = column + 1; row < n; ++row)
      if (std::fabs(m[row * n + column]) > std::fabs(m[pivot * n + column])) pivot = row;
    if (m[pivot * n + column] == 0) return 0;
    if (pivot != column) {
      for (std::size_t k = 0; k < n; ++k) std::swap(m[pivot * n + k], m[column * n + k]);
      result = -result;
    }
    result *= m[column * n + column];
    for (std::size_t row = column + 1; row < n; ++row) {
      const double factor = m[row * n + column] / m[column * n + column];
      for (std::size_t k = column; k < n; ++k) m[row * n + k] -= factor * m[column * n + k];
    }
  }
  return result;
}

Result<std::vector<Tensor>> run_det(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const auto n = static_cast<std::size_t>(x.shape().back());
  Tensor y(raw_dtype(x.dtype()), call.outputs[0].shape);
  with_host_type(x.dtype(), [&](auto element) {
    using T = decltype(element);
    std::size_t first = 0;
    for (T& value : y.fill<T>()) {
      const auto matrix = x.as<T>().subspan(first, n * n);
      value = static_cast<T>(determinant({matrix.begin(), matrix.end()}, n));
      first += n * n;
    }
  });
  return std::vector<Tensor>{std::move(y)};
}

}  // namespace

const Kernel kReferenceEinsum{"reference-einsum", supports_einsum, run_einsum};
const Kernel kReferenceDet{"reference-det", supports_det, run_det};

}  // namespace keel::kernels
