#include "compiler/base/host_type.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"

namespace keel::kernels {
namespace {

Result<Tensors> run(const Call& call) {
  const Tensor& x = *call.inputs[0];
  std::vector<Shape> places;
  with_host_type(x.dtype(), [&](auto type) {
    using T = decltype(type);
    auto element = x.as<T>().begin();
    for_each_index(x.shape(), [&](const Shape& index) {
      if (*element++ != T{0}) places.push_back(index);
    });
  });
  const std::size_t rank = x.shape().size();
  Tensor y(DType::I64, {static_cast<std::int64_t>(rank), static_cast<std::int64_t>(places.size())});
  auto result = y.fill<std::int64_t>().begin();
  for (std::size_t axis = 0; axis < rank; ++axis)
    for (const Shape& place : places) *result++ = place[axis];
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceNonZero{
    "reference-non-zero",
    [](const Call& call) { return std::holds_alternative<ir::NonZero>(call.op); }, run};

}  // namespace keel::kernels
