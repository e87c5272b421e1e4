#pragma once

#include <cstdint>
#include <vector>

namespace onnx {
class NodeProto;
}

namespace keel::onnx_io {

/// Where a node may have float16 in place of float: by position, for tensors that are float now.
struct HalfForm {
  std::vector<bool> inputs;
  std::vector<bool> outputs;

  /// Whether anything of the node may be float16.
  bool exists() const;
};

/// What ONNX's definition of the operator at `opset` allows. Inputs that are numbers of the
/// operator and not data (the roi of Resize, the depth of OneHot, the statistics of a batch norm)
/// stay float where they may have a type of their own, and so does a node whose result has a type
/// that no input fixes (RandomNormal, EyeLike). \param floats  for each input: whether it is a
/// float tensor
HalfForm half_form(const ::onnx::NodeProto& node, std::int64_t opset,
                   const std::vector<bool>& floats);

/// For each output of the node: whether it is a float tensor. \pre no subgraphs
std::vector<bool> float_results(const ::onnx::NodeProto& node, std::int64_t opset,
                                const std::vector<bool>& floats);

}  // namespace keel::onnx_io
