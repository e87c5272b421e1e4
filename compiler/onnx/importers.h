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

// import_activation.cpp
Result<ir::Op> import_leaky_relu(NodeImport& node);
Result<ir::Op> import_elu(NodeImport& node);
Result<ir::Op> import_celu(NodeImport& node);
Result<ir::Op> import_thresholded_relu(NodeImport& node);
Result<ir::Op> import_selu(NodeImport& node);
Result<ir::Op> import_hard_sigmoid(NodeImport& node);
Result<ir::Op> import_gelu(NodeImport& node);
Result<ir::Op> import_shrink(NodeImport& node);
Result<ir::Op> import_is_inf(NodeImport& node);
Result<ir::Op> import_mod(NodeImport& node);
Result<ir::Op> import_bit_shift(NodeImport& node);

// import_legacy.cpp: forms before opset 7
Result<ir::Op> import_binary(NodeImport& node);
Result<ir::Op> import_prelu(NodeImport& node);
/// Attribute `to` of a Cast before opset 6: a name. Its number in TensorProto.
Result<std::int64_t> legacy_element_type(NodeImport& node);

// import_elementwise.cpp
Result<ir::Op> import_sum(NodeImport& node);
Result<ir::Op> import_max(NodeImport& node);
Result<ir::Op> import_min(NodeImport& node);
Result<ir::Op> import_mean(NodeImport& node);
Result<ir::Op> import_clip(NodeImport& node);
Result<ir::Op> import_cast(NodeImport& node);
Result<ir::Op> import_cast_like(NodeImport& node);
Result<ir::Op> import_dropout(NodeImport& node);

// import_compute.cpp
Result<ir::Op> import_conv(NodeImport& node);
Result<ir::Op> import_gemm(NodeImport& node);
Result<ir::Op> import_pool(NodeImport& node);
Result<ir::Op> import_reduce(NodeImport& node);
Result<ir::Op> import_softmax(NodeImport& node);
Result<ir::Op> import_layer_normalization(NodeImport& node);
Result<ir::Op> import_batch_normalization(NodeImport& node);

// import_recurrent.cpp
Result<ir::Op> import_lstm(NodeImport& node);

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
