#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "profiler/calibration/operator_row.h"

namespace keel::calibration {

/// The kernels an operator of the vendor's library launched, each as the text of a graph that is
/// one kernel (kernel_text.h), so that the predictor sees what it sees of a compiled model. Empty
/// where no kernels are known for the operator.
///
/// What a graph cannot say is said by the nearest that moves and computes as much: in-place
/// updates write a tensor of their own; expert lists have groups of equal size; int8 products
/// count as fp16; a Gcd is eight remainders.
std::vector<std::string> vendor_kernels(const OperatorRow& row);

/// Names of the operators vendor_kernels() knows, sorted.
std::vector<std::string_view> vendor_operators();

// The builders of each kind; vendor_kernels() has the table.
using Kernels = std::vector<std::string>;

Kernels elementwise_kernels(const OperatorRow& row);  // unary and binary, by name
Kernels exp_kernels(const OperatorRow& row);
Kernels masked_scale_kernels(const OperatorRow& row);
Kernels gcd_kernels(const OperatorRow& row);
Kernels addcdiv_kernels(const OperatorRow& row);
Kernels adam_kernels(const OperatorRow& row);
Kernels swish_gate_kernels(const OperatorRow& row);

Kernels norm_kernels(const OperatorRow& row);
Kernels rms_norm_kernels(const OperatorRow& row);
Kernels add_rms_norm_quant_kernels(const OperatorRow& row);
Kernels dynamic_quant_kernels(const OperatorRow& row);
Kernels swiglu_quant_kernels(const OperatorRow& row);
Kernels average_pool_kernels(const OperatorRow& row);
Kernels softmax_kernels(const OperatorRow& row);
Kernels layer_norm_kernels(const OperatorRow& row);
Kernels gating_top_k_kernels(const OperatorRow& row);

Kernels gemm_kernels(const OperatorRow& row);
Kernels grouped_matmul_kernels(const OperatorRow& row);
Kernels grouped_swiglu_quant_kernels(const OperatorRow& row);
Kernels weight_quant_kernels(const OperatorRow& row);
Kernels conv_filter_kernels(const OperatorRow& row);
Kernels conv_kernels(const OperatorRow& row);
Kernels mla_prolog_kernels(const OperatorRow& row);

Kernels attention_kernels(const OperatorRow& row);
Kernels latent_attention_kernels(const OperatorRow& row);
Kernels sparse_attention_kernels(const OperatorRow& row);
Kernels rotary_kernels(const OperatorRow& row);

Kernels transpose_kernels(const OperatorRow& row);
Kernels gather_kernels(const OperatorRow& row);
Kernels scatter_kernels(const OperatorRow& row);
Kernels segment_sum_kernels(const OperatorRow& row);
Kernels re_routing_kernels(const OperatorRow& row);
Kernels finalize_routing_kernels(const OperatorRow& row);
Kernels roi_align_kernels(const OperatorRow& row);
Kernels grid_sampler_kernels(const OperatorRow& row);

// Kernels that several operators launch beside their own.
std::string cast_kernel(const Shape& shape, std::string_view from, std::string_view to);
std::string fill_kernel(const Shape& shape, std::string_view dtype);
/// To or from blocks of channels: [n, c, spatial] with c padded to 16, channels last in a block.
std::string trans_data_kernel(std::string_view dtype, const Shape& shape);
std::string transpose_kernel(std::string_view dtype, const Shape& shape, std::string_view perm);
/// A kernel of one operator with one operand.
std::string unary_kernel(std::string_view op, std::string_view dtype, const Shape& shape,
                         std::string_view attributes = "");

}  // namespace keel::calibration
