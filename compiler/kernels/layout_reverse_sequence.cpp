#include <cstring>
#include <string>

#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

namespace keel::kernels {
namespace {

Result<Tensors> run(const Call& call) {
  const auto& op = std::get<ir::ReverseSequence>(call.op);
  const Tensor& x = *call.inputs[0];
  const Shape& shape = x.shape();
  const std::size_t batch = axis_index(op.batch_axis, shape.size());
  const std::size_t time = axis_index(op.time_axis, shape.size());
  KEEL_TRY(const ir::Ints lengths, ir::ints_of(*call.inputs[1]));
  for (const std::int64_t length : lengths)
    if (length < 0 || length > shape[time])
      return Error{ErrorCode::InvalidModel,
                   "a sequence length is " + std::to_string(length) + ", not from 0 to " +
                       std::to_string(shape[time]),
                   "", "feed lengths in that range"};
  Tensor y(x.dtype(), shape);
  if (y.size() == 0) return Tensors{std::move(y)};

  const auto rest = shape.begin() + static_cast<std::ptrdiff_t>(std::max(batch, time)) + 1;
  const std::size_t slice_bytes =
      static_cast<std::size_t>(element_count({rest, shape.end()})) * host_size_of(x.dtype());
  const Shape outer(shape.begin(), rest);
  const Shape strides = row_major_strides(outer);
  std::byte* to = fill_bytes(y).data();
  for_each_index(outer, [&](const Shape& index) {
    const std::int64_t length = lengths[static_cast<std::size_t>(index[batch])];
    const std::int64_t step = index[time];
    const std::int64_t moved = step < length ? length - 1 - 2 * step : 0;
    const std::size_t from =
        static_cast<std::size_t>(static_cast<std::int64_t>(offset_of(index, strides)) +
                                 moved * strides[time]) *
        slice_bytes;
    std::memcpy(to, x.bytes().data() + from, slice_bytes);
    to += slice_bytes;
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kLayoutReverseSequence{
    "layout-reverse-sequence",
    [](const Call& call) { return std::holds_alternative<ir::ReverseSequence>(call.op); }, run};

}  // namespace keel::kernels
