#include <algorithm>

#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/onednn.h"
#include "compiler/kernels/windows.h"

namespace keel::kernels {
namespace {

using dnnl::convolution_forward;

// Most spatial axes oneDNN convolves over.
constexpr std::size_t kMostSpatialAxes = 3;

bool supports(const Call& call) {
  return std::holds_alternative<ir::Conv>(call.op) && takes_floats(call) &&
         call.inputs[0]->shape().size() <= 2 + kMostSpatialAxes &&
         element_count(call.outputs[0].shape) > 0 && call.inputs[1]->size() > 0;
}

// [m, c/group, kernel...] as [group, m/group, c/group, kernel...].
Shape grouped(Shape weights, std::int64_t group) {
  if (group == 1) return weights;
  weights[0] /= group;
  weights.insert(weights.begin(), group);
  return weights;
}

dnnl::memory::dims less_one(const ir::Ints& dilations) {
  dnnl::memory::dims result;
  for (const std::int64_t dilation : dilations) result.push_back(dilation - 1);
  return result;
}

constexpr std::int64_t kBlock = 16;  // channels in a block of onednn::channel_blocks()

// Layouts of x and y the convolution shall work in. Left to itself oneDNN takes channels last, and
// then the reorders from and to row-major can take longer than the convolution.
struct Layouts {
  dnnl::memory::desc x, y;
};

Layouts layouts_of(const Call& call, const ir::Window& window) {
  const Shape& x = call.inputs[0]->shape();
  const Shape& w = call.inputs[1]->shape();
  const Shape& y = call.outputs[0].shape;
  const std::int64_t group = std::get<ir::Conv>(call.op).group;
  const auto all_one = [](const ir::Ints& list) {
    return std::ranges::all_of(list, [](std::int64_t value) { return value == 1; });
  };
  // A matrix product of the planes as they are.
  if (group == 1 && all_one(window.kernel) && all_one(window.strides))
    return {onednn::row_major(x), onednn::row_major(y)};
  const bool is_depthwise = w[1] == 1 && w[0] == group;
  const bool fills_blocks =
      group == 1 || is_depthwise || (w[1] % kBlock == 0 && w[0] / group % kBlock == 0);
  if (!onednn::has_avx512() || !fills_blocks) return {onednn::any_layout(x), onednn::any_layout(y)};
  const bool is_image = group == 1 && x[1] < kBlock;  // a block would be mostly padding
  return {is_image ? onednn::row_major(x) : onednn::channel_blocks(x), onednn::channel_blocks(y)};
}

onednn::Recipe make(const Call& call, const ir::Window& window) {
  const Shape& x = call.inputs[0]->shape();
  const Shape w = grouped(call.inputs[1]->shape(), std::get<ir::Conv>(call.op).group);
  const Tensor* bias = optional_input(call, 2);
  const Shape& y = call.outputs[0].shape;
  const dnnl::memory::desc bias_desc =
      bias ? onednn::row_major(bias->shape()) : dnnl::memory::desc();
  const Layouts layouts = layouts_of(call, window);
  // Direct, as Winograd's transform rounds differently from the sum of products.
  const convolution_forward::desc desc(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, layouts.x,
      onednn::any_layout(w), bias_desc, layouts.y, window.strides, less_one(window.dilations),
      window.pads_begin, window.pads_end);
  const convolution_forward::primitive_desc chosen(desc, onednn::attributes(), onednn::engine());
  onednn::Recipe recipe{convolution_forward(chosen),
                        chosen.scratchpad_desc(),
                        {{DNNL_ARG_SRC, onednn::row_major(x), chosen.src_desc()},
                         {DNNL_ARG_WEIGHTS, onednn::row_major(w), chosen.weights_desc()}},
                        {DNNL_ARG_DST, onednn::row_major(y), chosen.dst_desc()}};
  if (bias) recipe.inputs.push_back({DNNL_ARG_BIAS, bias_desc, bias_desc});
  return recipe;
}

Result<std::vector<Tensor>> run(const Call& call) {
  KEEL_TRY(const ir::Window window, conv_window(call));
  const Tensor* bias = optional_input(call, 2);
  onednn::Problem problem{'c', std::get<ir::Conv>(call.op).group, bias != nullptr,
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

const Kernel kOnednnConv{"onednn-conv", supports, run};

}  // namespace keel::kernels
