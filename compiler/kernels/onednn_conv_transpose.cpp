#include <algorithm>

#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/onednn.h"
#include "compiler/kernels/windows.h"

namespace keel::kernels {
namespace {

using dnnl::deconvolution_forward;

constexpr std::size_t kMostSpatialAxes = 3;

bool supports(const Call& call) {
  if (!std::holds_alternative<ir::ConvTranspose>(call.op) || !takes_floats(call) ||
      call.inputs[0]->shape().size() > 2 + kMostSpatialAxes ||
      element_count(call.outputs[0].shape) == 0 || call.inputs[0]->size() == 0 ||
      call.inputs[1]->size() == 0)
    return false;
  // oneDNN wants the extents that padding gives, and no extent beyond what the input reaches.
  const Result<ir::Window> window = transposed_window(call);
  return window.ok() &&
         std::ranges::all_of(window->pads_end, [](std::int64_t pad) { return pad >= 0; });
}

// [c, m/group, kernel...] as [group, m/group, c/group, kernel...], where it lies.
dnnl::memory::desc weights_of(const Shape& w, std::int64_t group) {
  const Shape strides = row_major_strides(w);
  dnnl::memory::dims dims{w[1], w[0] / group};
  dnnl::memory::dims steps{strides[1], strides[0]};
  if (group > 1) {
    dims.insert(dims.begin(), group);
    steps.insert(steps.begin(), strides[0] * (w[0] / group));
  }
  dims.insert(dims.end(), w.begin() + 2, w.end());
  steps.insert(steps.end(), strides.begin() + 2, strides.end());
  return {dims, dnnl::memory::data_type::f32, steps};
}

onednn::Recipe make(const Call& call, const ir::Window& window) {
  const std::int64_t group = std::get<ir::ConvTranspose>(call.op).group;
  const Shape& x = call.inputs[0]->shape();
  const Shape& y = call.outputs[0].shape;
  const Tensor* bias = optional_input(call, 2);
  const dnnl::memory::desc weights = weights_of(call.inputs[1]->shape(), group);
  const dnnl::memory::desc any_weights(weights.dims(), dnnl::memory::data_type::f32,
                                       dnnl::memory::format_tag::any);
  const dnnl::memory::desc bias_desc =
      bias ? onednn::row_major(bias->shape()) : dnnl::memory::desc();
  dnnl::memory::dims dilations = window.dilations;
  for (std::int64_t& dilation : dilations) --dilation;
  const deconvolution_forward::desc desc(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::deconvolution_direct,
      onednn::any_layout(x), any_weights, bias_desc, onednn::any_layout(y), window.strides,
      dilations, window.pads_begin, window.pads_end);
  const deconvolution_forward::primitive_desc chosen(desc, onednn::attributes(), onednn::engine());
  onednn::Recipe recipe{deconvolution_forward(chosen),
                        chosen.scratchpad_desc(),
                        {{DNNL_ARG_SRC, onednn::row_major(x), chosen.src_desc()},
                         {DNNL_ARG_WEIGHTS, weights, chosen.weights_desc()}},
                        {DNNL_ARG_DST, onednn::row_major(y), chosen.dst_desc()}};
  if (bias) recipe.inputs.push_back({DNNL_ARG_BIAS, bias_desc, bias_desc});
  return recipe;
}

Result<std::vector<Tensor>> run(const Call& call) {
  KEEL_TRY(const ir::Window window, transposed_window(call));
  const Tensor* bias = optional_input(call, 2);
  onednn::Problem problem{'d', std::get<ir::ConvTranspose>(call.op).group, bias != nullptr,
                          static_cast<std::int64_t>(window.kernel.size())};
  for (const Shape* list : {&call.inputs[0]->shape(), &call.inputs[1]->shape(), &window.strides,
                            &window.dilations, &window.pads_begin, &window.pads_end})
    problem.insert(problem.end(), list->begin(), list->end());
  Tensor y(DType::F32, call.outputs[0].shape);
  onednn::Pointers pointers{
      {call.inputs[0]->as<float>().data(), call.inputs[1]->as<float>().data()},
      y.fill<float>().data()};
  if (bias) pointers.inputs.push_back(bias->as<float>().data());
  KEEL_TRY_STATUS(onednn::run(
      problem, [&] { return make(call, window); }, pointers));
  return std::vector<Tensor>{std::move(y)};
}

}  // namespace

const Kernel kOnednnConvTranspose{"onednn-conv-transpose", supports, run};

}  // namespace keel::kernels
