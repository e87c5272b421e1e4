#include <algorithm>

#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/checked_indices.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/pick.h"

// Operators whose every element is one of the input's, or 0.

namespace keel::kernels {
namespace {

template <class Family>
bool supports(const Call& call) {
  return std::holds_alternative<Family>(call.op);
}

std::int64_t at(const Shape& index, const Shape& strides) {
  return static_cast<std::int64_t>(offset_of(index, strides));
}

Result<std::vector<Tensor>> run_gather_elements(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const std::size_t axis = axis_index(std::get<ir::GatherElements>(call.op).axis, x.shape().size());
  KEEL_TRY(const ir::Ints indices,
           checked_indices(*call.inputs[1], x.shape()[axis], "GatherElements"));
  const Shape strides = row_major_strides(x.shape());
  auto next = indices.begin();
  return std::vector<Tensor>{pick(x, call.outputs[0].shape, [&](Shape index) {
    index[axis] = *next++;
    return at(index, strides);
  })};
}

Result<std::vector<Tensor>> run_gather_nd(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const Tensor& indices = *call.inputs[1];
  const auto batch = std::get<ir::GatherNd>(call.op).batch_dims;
  const Shape strides = row_major_strides(x.shape());
  const Shape inner(x.shape().begin() + batch, x.shape().end());
  const Shape inner_strides(strides.begin() + batch, strides.end());
  KEEL_TRY(ir::Ints offsets, offsets_of_rows(indices, inner, inner_strides, "GatherND"));
  const std::int64_t batches = element_count({x.shape().begin(), x.shape().begin() + batch});
  const auto rows = static_cast<std::int64_t>(offsets.size()) / std::max<std::int64_t>(batches, 1);
  for (std::size_t i = 0; i < offsets.size(); ++i)
    offsets[i] +=
        static_cast<std::int64_t>(i) / std::max<std::int64_t>(rows, 1) * element_count(inner);
  const std::int64_t slice = element_count({inner.begin() + indices.shape().back(), inner.end()});
  const Shape flat{static_cast<std::int64_t>(offsets.size()), slice};
  return std::vector<Tensor>{pick(x, flat, [&](const Shape& index) {
                               return offsets[static_cast<std::size_t>(index[0])] + index[1];
                             }).reshaped(call.outputs[0].shape)};
}

Result<std::vector<Tensor>> run_depth_space(const Call& call) {
  const auto& op = std::get<ir::DepthSpace>(call.op);
  const Tensor& x = *call.inputs[0];
  const Shape strides = row_major_strides(x.shape());
  const Shape& shape = call.outputs[0].shape;
  const std::int64_t b = op.block;
  if (op.kind == ir::DepthSpaceKind::SpaceToDepth)
    return std::vector<Tensor>{pick(x, shape, [&](const Shape& i) {
      const std::int64_t block = i[1] / x.shape()[1];
      return at({i[0], i[1] % x.shape()[1], i[2] * b + block / b, i[3] * b + block % b}, strides);
    })};
  return std::vector<Tensor>{pick(x, shape, [&](const Shape& i) {
    const std::int64_t block = i[2] % b * b + i[3] % b;
    const std::int64_t channel = op.channel_first ? i[1] * b * b + block : block * shape[1] + i[1];
    return at({i[0], channel, i[2] / b, i[3] / b}, strides);
  })};
}

Result<std::vector<Tensor>> run_reverse_sequence(const Call& call) {
  const auto& op = std::get<ir::ReverseSequence>(call.op);
  const Tensor& x = *call.inputs[0];
  const auto batch = static_cast<std::size_t>(op.batch_axis);
  const auto time = static_cast<std::size_t>(op.time_axis);
  const std::span<const std::int64_t> lengths = call.inputs[1]->as<std::int64_t>();
  for (const std::int64_t length : lengths)
    if (length < 0 || length > x.shape()[time])
      return Error{ErrorCode::InvalidModel,
                   "ReverseSequence of " + std::to_string(length) + " steps, the input has " +
                       std::to_string(x.shape()[time]),
                   "", "feed lengths in that range"};
  const Shape strides = row_major_strides(x.shape());
  return std::vector<Tensor>{pick(x, x.shape(), [&](Shape index) {
    const std::int64_t length = lengths[static_cast<std::size_t>(index[batch])];
    if (index[time] < length) index[time] = length - 1 - index[time];
    return at(index, strides);
  })};
}

Result<std::vector<Tensor>> run_trilu(const Call& call) {
  const bool upper = std::get<ir::Trilu>(call.op).upper;
  const Tensor& x = *call.inputs[0];
  const Tensor* k = optional_input(call, 1);
  const std::int64_t diagonal = k ? k->as<std::int64_t>()[0] : 0;
  const std::size_t rank = x.shape().size();
  std::int64_t offset = 0;
  return std::vector<Tensor>{pick(x, x.shape(), [&](const Shape& index) {
    const std::int64_t here = offset++;
    // Not column - row against the diagonal itself: that could overflow.
    const std::int64_t distance = index[rank - 1] - index[rank - 2];
    const bool stays = upper ? distance >= diagonal : distance <= diagonal;
    return stays ? here : std::int64_t{-1};
  })};
}

Result<std::vector<Tensor>> run_center_crop_pad(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const Shape& shape = call.outputs[0].shape;
  const Shape strides = row_major_strides(x.shape());
  // Of an odd difference the smaller half comes first.
  Shape shift(shape.size());
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const std::int64_t difference = x.shape()[i] - shape[i];
    shift[i] = difference >= 0 ? difference / 2 : -(-difference / 2);
  }
  return std::vector<Tensor>{pick(x, shape, [&](Shape index) {
    for (std::size_t i = 0; i < index.size(); ++i) {
      index[i] += shift[i];
      if (index[i] < 0 || index[i] >= x.shape()[i]) return std::int64_t{-1};
    }
    return at(index, strides);
  })};
}

}  // namespace

const Kernel kLayoutGatherElements{"layout-gather-elements", supports<ir::GatherElements>,
                                   run_gather_elements};
const Kernel kLayoutGatherNd{"layout-gather-nd", supports<ir::GatherNd>, run_gather_nd};
const Kernel kLayoutDepthSpace{"layout-depth-space", supports<ir::DepthSpace>, run_depth_space};
const Kernel kLayoutReverseSequence{"layout-reverse-sequence", supports<ir::ReverseSequence>,
                                    run_reverse_sequence};
const Kernel kLayoutTrilu{"layout-trilu", supports<ir::Trilu>, run_trilu};
const Kernel kLayoutCenterCropPad{"layout-center-crop-pad", supports<ir::CenterCropPad>,
                                  run_center_crop_pad};

}  // namespace keel::kernels
