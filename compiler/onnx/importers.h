#pragma once

#include <algorithm>

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

// import_index.cpp
Result<ir::Op> import_gather_elements(NodeImport& node);
Result<ir::Op> import_gather_nd(NodeImport& node);
Result<ir::Op> import_scatter_elements(NodeImport& node);
Result<ir::Op> import_scatter_nd(NodeImport& node);
Result<ir::Op> import_one_hot(NodeImport& node);
Result<ir::Op> import_eye_like(NodeImport& node);
Result<ir::Op> import_compress(NodeImport& node);
Result<ir::Op> import_unique(NodeImport& node);
Result<ir::Op> import_non_max_suppression(NodeImport& node);
Result<ir::Op> import_arg_reduce(NodeImport& node);
Result<ir::Op> import_top_k(NodeImport& node);
Result<ir::Op> import_cum_sum(NodeImport& node);
Result<ir::Op> import_hardmax(NodeImport& node);

// import_resize.cpp
Result<ir::Op> import_resize(NodeImport& node);
Result<ir::Op> import_upsample(NodeImport& node);
Result<ir::Op> import_grid_sample(NodeImport& node);
Result<ir::Op> import_roi_align(NodeImport& node);

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
Result<ir::Op> import_depth_space(NodeImport& node);
Result<ir::Op> import_reverse_sequence(NodeImport& node);
Result<ir::Op> import_trilu(NodeImport& node);
Result<ir::Op> import_center_crop_pad(NodeImport& node);
Result<ir::Op> import_shape(NodeImport& node);
Result<ir::Op> import_constant_of_shape(NodeImport& node);

/// Makes the integers of attribute `name` input `i`, where older opsets have the attribute.
Status attribute_to_input(NodeImport& node, std::string_view name, std::size_t i);

/// One element that holds `value`, in the dtype of `operand`: `dtype` as far as the file says.
ir::ValueId constant_like(NodeImport& node, const std::string& suffix, float value,
                          ir::ValueId operand, std::optional<DType> dtype);

/// Makes a number which earlier opsets have as an attribute input `i`, in the dtype of input 0; one
/// that is absent stays so. \error InvalidModel  the node already has that input
Status number_to_input(NodeImport& node, std::string_view name, std::size_t i);

/// The dtype that attribute `name` numbers as TensorProto does. \error Unsupported  keel has no
/// such
Result<DType> element_type_attribute(NodeImport& node, const char* name, DType otherwise);

/// The error of a form of `node` that cannot run: "Pad with mode 'wrap'".
Error unsupported_form(const NodeImport& node, const std::string& form);

Error invalid_node(std::string what);

/// The enumerator that the text attribute `name` spells. \error Unsupported  it spells none
template <class E>
Result<E> kind_attribute(NodeImport& node, std::string_view name, E otherwise) {
  const auto& names = ir::names_of(otherwise);
  const Result<std::string> text =
      node.attributes().text(name, names[static_cast<std::size_t>(otherwise)]);
  if (!text.ok()) return text.error();
  const auto found = std::ranges::find(names, *text);
  if (found == names.end())
    return unsupported_form(node, "with " + std::string(name) + " '" + *text + "'");
  return static_cast<E>(found - names.begin());
}

}  // namespace keel::onnx_io
