#pragma once

#include "compiler/base/result.h"
#include "compiler/ir/op.h"
#include "compiler/onnx/node_import.h"

namespace keel::onnx_io {

// One function per ONNX operator that needs more than its name: each returns the operator of the
// graph, and brings the inputs of `node` into the form of opset 18.
//
// \error InvalidModel  attributes or inputs break the ONNX definition
// \error Unsupported   `what` is the form of the operator keel cannot run: "Pad with mode 'wrap'"

/// An operator whose name and inputs are those of the graph's operator and that has no attributes.
Result<ir::Op> import_plain(NodeImport& node);

// import_elementwise.cpp
Result<ir::Op> import_leaky_relu(NodeImport& node);
Result<ir::Op> import_hard_sigmoid(NodeImport& node);
Result<ir::Op> import_sum(NodeImport& node);
Result<ir::Op> import_max(NodeImport& node);
Result<ir::Op> import_min(NodeImport& node);
Result<ir::Op> import_mean(NodeImport& node);
Result<ir::Op> import_clip(NodeImport& node);
Result<ir::Op> import_cast(NodeImport& node);
Result<ir::Op> import_dropout(NodeImport& node);

// import_compute.cpp
Result<ir::Op> import_conv(NodeImport& node);
Result<ir::Op> import_conv_transpose(NodeImport& node);
Result<ir::Op> import_conv_integer(NodeImport& node);
Result<ir::Op> import_qlinear_conv(NodeImport& node);
Result<ir::Op> import_gemm(NodeImport& node);
Result<ir::Op> import_einsum(NodeImport& node);
Result<ir::Op> import_pool(NodeImport& node);
Result<ir::Op> import_global_lp_pool(NodeImport& node);
Result<ir::Op> import_max_unpool(NodeImport& node);
Result<ir::Op> import_reduce(NodeImport& node);

// import_normalize.cpp
Result<ir::Op> import_softmax(NodeImport& node);
Result<ir::Op> import_layer_normalization(NodeImport& node);
Result<ir::Op> import_batch_normalization(NodeImport& node);
Result<ir::Op> import_instance_normalization(NodeImport& node);
Result<ir::Op> import_group_normalization(NodeImport& node);
Result<ir::Op> import_mean_variance_normalization(NodeImport& node);
Result<ir::Op> import_lrn(NodeImport& node);
Result<ir::Op> import_lp_normalization(NodeImport& node);
Result<ir::Op> import_loss(NodeImport& node);

// import_recurrent.cpp
Result<ir::Op> import_lstm(NodeImport& node);
Result<ir::Op> import_gru(NodeImport& node);
Result<ir::Op> import_rnn(NodeImport& node);

// import_quantize.cpp
Result<ir::Op> import_quantize_linear(NodeImport& node);
Result<ir::Op> import_dequantize_linear(NodeImport& node);

// import_signal.cpp
Result<ir::Op> import_signal_window(NodeImport& node);
Result<ir::Op> import_dft(NodeImport& node);
Result<ir::Op> import_stft(NodeImport& node);
Result<ir::Op> import_mel_weight_matrix(NodeImport& node);

// import_layout.cpp
Result<ir::Op> import_reshape(NodeImport& node);
Result<ir::Op> import_squeeze(NodeImport& node);
Result<ir::Op> import_unsqueeze(NodeImport& node);
Result<ir::Op> import_flatten(NodeImport& node);
Result<ir::Op> import_transpose(NodeImport& node);
Result<ir::Op> import_concat(NodeImport& node);
Result<ir::Op> import_slice(NodeImport& node);
Result<ir::Op> import_split(NodeImport& node);
Result<ir::Op> import_gather(NodeImport& node);
Result<ir::Op> import_pad(NodeImport& node);
Result<ir::Op> import_shape(NodeImport& node);
Result<ir::Op> import_constant_of_shape(NodeImport& node);

/// Makes the integers of attribute `name` input `i`, where older opsets have the attribute.
Status attribute_to_input(NodeImport& node, std::string_view name, std::size_t i);

/// The error of a form of `node` that cannot run: "Pad with mode 'wrap'".
Error unsupported_form(const NodeImport& node, const std::string& form);

Error invalid_node(std::string what);

}  // namespace keel::onnx_io
