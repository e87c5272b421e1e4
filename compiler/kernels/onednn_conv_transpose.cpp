#include <algorithm>

#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/onednn.h"
#include "compiler/kernels/windows.h"

namespace keel::kernels {
namespace {

using dnnl::deconvolution_forward;
using dnnl::memory;

// Most spatial axes oneDNN convolves over.
constexpr std::size_t kMostSpatialAxes = 3;

// oneDNN derives the extent of x from that of y, so what output_padding or a given shape add to y
// is padding taken away at its end. It takes away less than a stride.
ir::Ints end_padding(const Shape& spatial, const ir::Window& window) {
  ir::Ints padding;
  for (std::size_t i = 0; i < spatial.size(); ++i)
    padding.push_back(window.strides[i] * (spatial[i] - 1) +
                      window.dilations[i] * (window.kernel[i] - 1) + 1 - window.pads_begin[i] -
                      window.output[i]);
  return padding;
}

bool supports(const Call& call) {
  if (!std::holds_alternative<ir::ConvTranspose>(call.op) || !takes_floats(call)) return false;
  const Shape& x = call.inputs[0]->shape();
  if (x.size() > 2 + kMostSpatialAxes || element_count(call.outputs[0].shape) == 0 ||
      call.inputs[0]->size() == 0 || call.inputs[1]->size() == 0)
    return false;
  const Result<ir::Window> window = transposed_window(call);
  if (!window.ok()) return false;
  const ir::Ints padding = end_padding(spatial_of(x), *window);
  for (std::size_t i = 0; i < padding.size(); ++i)
    if (padding[i] <= -window->strides[i]) return false;
  return true;
}

memory::dims less_one(const ir::Ints& dilations) {
  memory::dims result;
  for (const std::int64_t dilation : dilations) result.push_back(dilation - 1);
  return result;
}

// [c, m/group, kernel...] as oneDNN names the axes: [group, m/group, c/group, kernel...].
struct Weights {
  Ints dims, strides;
};

Weights weights_of(const Shape& w, std::int64_t group) {
  const Shape strides = row_major_strides(w);
  Weights weights{{w[1], w[0] / group}, {strides[1], strides[0]}};
  weights.dims.insert(weights.dims.end(), w.begin() + 2, w.end());
  weights.strides.insert(weights.strides.end(), strides.begin() + 2, strides.end());
  if (group > 1) {
    weights.dims.insert(weights.dims.begin(), group);
    weights.strides.insert(weights.strides.begin(), w[0] / group * strides[0]);
  }
  return weights;
}

onednn::Recipe make(const Call& call, const ir::Window& window) {
  const Shape& x = call.inputs[0]->shape();
  const Weights w = weights_of(call.inputs[1]->shape(), std::get<ir::ConvTranspose>(call.op).group);
  const Tensor* bias = optional_input(call, 2);
  const Shape& y = call.outputs[0].shape;
  const memory::desc bias_desc = bias ? onednn::row_major(bias->shape()) : memory::desc();
  const memory::desc ours(onednn::dims_of(w.dims), memory::data_type::f32,
                          onednn::dims_of(w.strides));
  const deconvolution_forward::desc desc(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::deconvolution_direct,
      onednn::any_layout(x), onednn::any_layout(w.dims), bias_desc, onednn::any_layout(y),
      onednn::dims_of(window.strides), less_one(window.dilations),
      onednn::dims_of(window.pads_begin), onednn::dims_of(end_padding(spatial_of(x), window)));
  const deconvolution_forward::primitive_desc chosen(desc, onednn::attributes(), onednn::engine());
  onednn::Recipe recipe{deconvolution_forward(chosen),
                        chosen.scratchpad_desc(),
                        {{DNNL_ARG_SRC, onednn::row_major(x), chosen.src_desc()},
                         {DNNL_ARG_WEIGHTS, ours, chosen.weights_desc()}},
                        {DNNL_ARG_DST, onednn::row_major(y), chosen.dst_desc()}};
  if (bias) recipe.inputs.push_back({DNNL_ARG_BIAS, bias_desc, bias_desc});
  return recipe;
}

Result<Tensors> run(const Call& call) {
  KEEL_TRY(const ir::Window window, transposed_window(call));
  const Tensor* bias = optional_input(call, 2);
  onednn::Problem problem{'t', std::get<ir::ConvTranspose>(call.op).group, bias != nullptr,
                          static_cast<std::int64_t>(window.kernel.size())};
  for (const Shape* list : {&call.inputs[0]->shape(), &call.inputs[1]->shape(), &window.strides,
                            &window.dilations, &window.pads_begin, &window.output})
    problem.insert(problem.end(), list->begin(), list->end());

  Tensor y(DType::F32, call.outputs[0].shape);
  onednn::Pointers pointers{{onednn::source(*call.inputs[0]), onednn::source(*call.inputs[1])},
                            y.fill<float>().data()};
  if (bias) pointers.inputs.push_back(onednn::source(*bias));
  KEEL_TRY_STATUS(onednn::run(
      problem, [&] { return make(call, window); }, pointers));
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kOnednnConvTranspose{"onednn-conv-transpose", supports, run};

}  // namespace keel::kernels
