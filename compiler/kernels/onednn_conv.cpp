#include <algorithm>

#include "compiler/kernels/axis_flags.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/onednn.h"
#include "compiler/kernels/onednn_blocks.h"
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

// The layouts a convolution works in. Left to itself oneDNN takes channels last, and then the
// reorders from and to ours can take longer than the convolution.
enum class Layouts : std::uint8_t { RowMajor = 0, Blocks = 1, ImageToBlocks = 2, Any = 3 };

Layouts layouts_of(const Call& call, const ir::Window& window) {
  const Shape& w = call.inputs[1]->shape();
  const std::int64_t group = std::get<ir::Conv>(call.op).group;
  const auto all_one = [](const ir::Ints& list) {
    return std::ranges::all_of(list, [](std::int64_t value) { return value == 1; });
  };
  // A matrix product of the planes as they are.
  const bool is_pointwise = group == 1 && all_one(window.kernel) && all_one(window.strides);
  if (is_pointwise && call.inputs[0]->block() == 0) return Layouts::RowMajor;
  const bool is_depthwise = w[1] == 1 && w[0] == group;
  const std::int64_t block = onednn::channel_block();
  if (block == 0) return Layouts::Any;
  const bool fills_blocks =
      group == 1 || is_depthwise || (w[1] % block == 0 && w[0] / group % block == 0);
  if (!fills_blocks) return Layouts::Any;
  // A block of an image would be mostly padding.
  return group == 1 && w[1] < block ? Layouts::ImageToBlocks : Layouts::Blocks;
}

dnnl::memory::desc x_desc(const Shape& x, Layouts layouts) {
  switch (layouts) {
    case Layouts::RowMajor:
    case Layouts::ImageToBlocks:
      return onednn::row_major(x);
    case Layouts::Blocks:
      return onednn::channel_blocks(x, onednn::channel_block());
    case Layouts::Any:
      return onednn::any_layout(x);
  }
  KEEL_CHECK(false && "a Layouts outside its enumeration");
}

dnnl::memory::desc y_desc(const Shape& y, Layouts layouts) {
  return layouts == Layouts::ImageToBlocks ? onednn::channel_blocks(y, onednn::channel_block())
                                           : x_desc(y, layouts);
}

bool gives_blocks(const Call& call, Layouts layouts) {
  return call.may_block && (layouts == Layouts::Blocks || layouts == Layouts::ImageToBlocks);
}

// Spatial axes that are nowhere longer than 1. Kernels walk along the last axis: a sequence given
// as [n, c, length, 1] would be walked a step at a time.
AxisFlags trivial_axes(const Shape& x, const ir::Window& window) {
  AxisFlags trivial;
  for (std::size_t i = 0; i < window.kernel.size(); ++i)
    trivial.push_back(x[2 + i] == 1 && window.kernel[i] == 1 && window.output[i] == 1);
  if (std::ranges::find(trivial, false) == trivial.end()) trivial[0] = false;  // one has to stay
  return trivial;
}

// `list`, whose last entries are spatial, without the trivial ones.
ir::Ints without(const AxisFlags& trivial, const ir::Ints& list) {
  const std::size_t first = list.size() - trivial.size();
  ir::Ints rest(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(first));
  for (std::size_t i = 0; i < trivial.size(); ++i)
    if (!trivial[i]) rest.push_back(list[first + i]);
  return rest;
}

convolution_forward::primitive_desc choose(const Shape& x, const Shape& w,
                                           const dnnl::memory::desc& bias, const Shape& y,
                                           const ir::Window& window, Layouts layouts) {
  // Direct, as Winograd's transform rounds differently from the sum of products.
  const convolution_forward::desc desc(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, x_desc(x, layouts),
      onednn::any_layout(w), bias, y_desc(y, layouts), onednn::dims_of(window.strides),
      less_one(window.dilations), onednn::dims_of(window.pads_begin),
      onednn::dims_of(window.pads_end));
  convolution_forward::primitive_desc chosen(desc, onednn::attributes(), onednn::engine());
  const bool is_plain_loop = std::string_view(chosen.impl_info_str()).starts_with("ref");
  if (is_plain_loop && layouts != Layouts::Any) return choose(x, w, bias, y, window, Layouts::Any);
  return chosen;
}

onednn::Recipe make(const Call& call, const ir::Window& full, Layouts layouts) {
  const AxisFlags trivial = trivial_axes(call.inputs[0]->shape(), full);
  const Shape x = without(trivial, call.inputs[0]->shape());
  const Shape w =
      grouped(without(trivial, call.inputs[1]->shape()), std::get<ir::Conv>(call.op).group);
  const Shape y = without(trivial, call.outputs[0].shape);
  const Tensor* bias = optional_input(call, 2);
  ir::Window window = full;
  for (ir::Ints* list : {&window.strides, &window.dilations, &window.pads_begin, &window.pads_end})
    *list = without(trivial, *list);
  const dnnl::memory::desc bias_desc =
      bias ? onednn::row_major(bias->shape()) : dnnl::memory::desc();
  const dnnl::memory::desc y_ours = gives_blocks(call, layouts)
                                        ? onednn::channel_blocks(y, onednn::channel_block())
                                        : onednn::row_major(y);
  const std::int64_t x_block = call.inputs[0]->block();
  const dnnl::memory::desc x_ours =
      x_block == 0 ? onednn::row_major(x) : onednn::channel_blocks(x, x_block);
  const convolution_forward::primitive_desc chosen = choose(x, w, bias_desc, y, window, layouts);
  onednn::Recipe recipe{convolution_forward(chosen),
                        chosen.scratchpad_desc(),
                        {{DNNL_ARG_SRC, x_ours, chosen.src_desc()},
                         {DNNL_ARG_WEIGHTS, onednn::row_major(w), chosen.weights_desc()}},
                        {DNNL_ARG_DST, y_ours, chosen.dst_desc()}};
  if (bias) recipe.inputs.push_back({DNNL_ARG_BIAS, bias_desc, bias_desc});
  return recipe;
}

Result<Tensors> run(const Call& call) {
  KEEL_TRY(const ir::Window window, conv_window(call));
  const Layouts layouts = layouts_of(call, window);
  const Tensor* bias = optional_input(call, 2);
  const bool in_blocks = gives_blocks(call, layouts);
  onednn::Problem problem{'c',
                          std::get<ir::Conv>(call.op).group,
                          bias != nullptr,
                          call.inputs[0]->block(),
                          in_blocks,
                          static_cast<std::int64_t>(window.kernel.size())};
  for (const Shape* list : {&call.inputs[0]->shape(), &call.inputs[1]->shape(), &window.strides,
                            &window.dilations, &window.pads_begin, &window.pads_end})
    problem.insert(problem.end(), list->begin(), list->end());

  const Shape& shape = call.outputs[0].shape;
  Tensor y(DType::F32, in_blocks ? block_shape(shape, onednn::channel_block()) : shape);
  onednn::Pointers pointers{{onednn::source(*call.inputs[0]), onednn::source(*call.inputs[1])},
                            y.fill<float>().data()};
  if (bias) pointers.inputs.push_back(onednn::source(*bias));
  KEEL_TRY_STATUS(onednn::run(
      problem, [&] { return make(call, window, layouts); }, pointers));
  if (in_blocks) y = Tensor::in_blocks(std::move(y), shape);
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kOnednnConv{"onednn-conv", supports, run, /*takes_blocks=*/true};

}  // namespace keel::kernels
