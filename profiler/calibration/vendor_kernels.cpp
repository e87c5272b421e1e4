#include "profiler/calibration/vendor_kernels.h"

#include <algorithm>
#include <array>

#include "profiler/calibration/kernel_text.h"

namespace keel::calibration {
namespace {

struct Builder {
  std::string_view op;
  Kernels (*kernels)(const OperatorRow&);
};

constexpr auto kBuilders = std::to_array<Builder>({
    {"adaptive_avg_pool_3d", average_pool_kernels},
    {"add", elementwise_kernels},
    {"add_rms_norm_dynamic_quant", add_rms_norm_quant_kernels},
    {"apply_adam_w", adam_kernels},
    {"apply_rotary_pos_emb", rotary_kernels},
    {"conv_2d", conv_kernels},
    {"conv_3d_backprop_filter", conv_filter_kernels},
    {"depthwise_conv_2d", conv_kernels},
    {"dequant_swiglu_quant", swiglu_quant_kernels},
    {"div", elementwise_kernels},
    {"dynamic_quant", dynamic_quant_kernels},
    {"erf", elementwise_kernels},
    {"exp", exp_kernels},
    {"flash_attention", attention_kernels},
    {"foreach_addcdiv_scalar", addcdiv_kernels},
    {"foreach_norm", norm_kernels},
    {"gather", gather_kernels},
    {"gcd", gcd_kernels},
    {"gelu", elementwise_kernels},
    {"gemm", gemm_kernels},
    {"gqa", attention_kernels},
    {"grid_sampler_3d", grid_sampler_kernels},
    {"grouped_matmul", grouped_matmul_kernels},
    {"grouped_matmul_swiglu_quant", grouped_swiglu_quant_kernels},
    {"layer_norm", layer_norm_kernels},
    {"masked_scale", masked_scale_kernels},
    {"matmul", gemm_kernels},
    {"maximum", elementwise_kernels},
    {"mha", attention_kernels},
    {"minimum", elementwise_kernels},
    {"mish", elementwise_kernels},
    {"mla", latent_attention_kernels},
    {"mla_prolog", mla_prolog_kernels},
    {"moe_finalize_routing", finalize_routing_kernels},
    {"moe_gating_top_k_softmax", gating_top_k_kernels},
    {"moe_re_routing", re_routing_kernels},
    {"mul", elementwise_kernels},
    {"relu", elementwise_kernels},
    {"rms_norm", rms_norm_kernels},
    {"roi_align", roi_align_kernels},
    {"scatter", scatter_kernels},
    {"sigmoid", elementwise_kernels},
    {"silu", swish_gate_kernels},
    {"softmax", softmax_kernels},
    {"sparse_flash_attention", sparse_attention_kernels},
    {"sub", elementwise_kernels},
    {"swi_glu", swish_gate_kernels},
    {"swiglu", swish_gate_kernels},
    {"tanh", elementwise_kernels},
    {"transpose", transpose_kernels},
    {"unsorted_segment_sum", segment_sum_kernels},
    {"weight_quant_batch_matmul", weight_quant_kernels},
});
static_assert(std::ranges::is_sorted(kBuilders, {}, &Builder::op));

}  // namespace

Kernels vendor_kernels(const OperatorRow& row) {
  const auto* found = std::ranges::find(kBuilders, row.op, &Builder::op);
  return found != kBuilders.end() ? found->kernels(row) : Kernels{};
}

std::vector<std::string_view> vendor_operators() {
  std::vector<std::string_view> names;
  for (const Builder& builder : kBuilders) names.push_back(builder.op);
  return names;
}

std::string unary_kernel(std::string_view op, std::string_view dtype, const Shape& shape,
                         std::string_view attributes) {
  KernelText kernel;
  kernel.output(kernel.node(op, {kernel.input(dtype, shape)}, attributes));
  return kernel.text();
}

std::string cast_kernel(const Shape& shape, std::string_view from, std::string_view to) {
  return unary_kernel("Cast", from, shape, "to=" + std::string(to));
}

std::string transpose_kernel(std::string_view dtype, const Shape& shape, std::string_view perm) {
  return unary_kernel("Transpose", dtype, shape, "perm=[" + std::string(perm) + "]");
}

std::string fill_kernel(const Shape& shape, std::string_view dtype) {
  KernelText kernel;
  kernel.output(
      kernel.node("ConstantOfShape", {kernel.ints(shape)}, "dtype=" + std::string(dtype)));
  return kernel.text();
}

std::string trans_data_kernel(std::string_view dtype, const Shape& shape) {
  constexpr std::int64_t kBlock = 16;
  const std::int64_t blocks = (shape[1] + kBlock - 1) / kBlock;
  std::int64_t positions = 1;
  for (std::size_t axis = 2; axis < shape.size(); ++axis) positions *= shape[axis];
  return transpose_kernel(dtype, {shape[0] * blocks, kBlock, positions}, "0,2,1");
}

}  // namespace keel::calibration
