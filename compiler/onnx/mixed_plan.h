#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/base/dtype.h"
#include "compiler/base/result.h"
#include "compiler/base/tensor.h"

namespace onnx {
class GraphProto;
class ModelProto;
class NodeProto;
}  // namespace onnx

namespace keel::onnx_io {

/// A Conv that computes the BatchNormalization behind it too, as the compiler folded them.
struct FoldedNorm {
  std::size_t conv = 0, norm = 0;  ///< their positions among all_nodes()
  Tensor weight, bias;             ///< of the convolution of both, F32
};

/// A tensor of the source model, in the graph that defines it, and what becomes of it. Only float
/// tensors change; names of what is not needed are empty.
struct MixedValue {
  enum class Source : std::uint8_t { Input, Stored, Computed };

  std::string name;
  Source source = Source::Computed;
  bool is_float = false;
  bool computed_half = false;    ///< the node that makes it computes it in fp16
  bool is_result = false;        ///< of its own graph: has its name and type also afterwards
  bool wants_single = false;     ///< something reads it as float
  bool wants_half = false;       ///< something reads it as float16
  bool lost_reader = false;      ///< a folded node read it
  std::string single_name = {};  ///< of the tensor that holds it as float
  std::string half_name = {};    ///< of the tensor that holds it as float16

  /// A stored tensor that is left without a reader.
  bool is_left_over() const { return lost_reader && !wants_single && !wants_half; }

  /// The name under which a reader finds it.
  const std::string& read_as(bool half) const { return half ? half_name : single_name; }
};

/// Where a node has no value.
constexpr std::size_t kNoMixedValue = SIZE_MAX;

struct MixedNode {
  std::vector<std::size_t> inputs;   ///< index into MixedPlan::values
  std::vector<std::size_t> outputs;  ///< as inputs
  std::vector<bool> reads_half;      ///< by input
  const FoldedNorm* folded =
      nullptr;           ///< a Conv with these weights, or the norm, which does nothing
  bool lowered = false;  ///< something it reads or makes is float16 by its own choice
};

struct MixedGraph {
  std::vector<std::size_t> order;                       ///< of its nodes, each after what it reads
  std::unordered_map<std::string, std::size_t> values;  ///< those it defines
  std::vector<std::size_t> results;
};

/// Names of a model that are taken: of nodes and of values, in every graph.
class TakenNames {
 public:
  TakenNames() = default;
  explicit TakenNames(const ::onnx::GraphProto& graph);
  /// `wanted`, or that with a number where it is taken; taken from then on.
  std::string make(const std::string& wanted);

 private:
  void add(const ::onnx::GraphProto& graph);
  std::unordered_map<std::string, int> taken_;  // to the last number that was tried
};

/// Dtypes and names of every tensor of a mixed-precision copy of a model.
struct MixedPlan {
  std::vector<MixedValue> values;
  std::unordered_map<const ::onnx::NodeProto*, MixedNode> nodes;
  std::unordered_map<const ::onnx::GraphProto*, MixedGraph> graphs;
  std::vector<std::size_t>
      stays_float;   ///< nodes that were to be F16 and have no such form in ONNX
  TakenNames names;  ///< those of `values` included
};

/// Plans a copy of a model.
///
/// A tensor that both a node in fp16 and one in fp32 read is cast once; one that was made in fp32
/// is read unrounded by those in fp32. Results of the model and of every subgraph, and inputs of
/// subgraphs, are float as they were. An Identity or Dropout that belongs to no unit has the dtype
/// of what it reads.
/// \param dtypes  what each node computes in, F32 or F16, in the order of all_nodes(); empty for
///     one that is no part of what is compiled
/// \param folded  takes effect where both nodes are F16: rounding them apart would cost accuracy
///     that a compiler which folds first does not lose
/// \error InvalidModel  nodes wait for each other in a cycle
Result<MixedPlan> plan_mixed(const ::onnx::ModelProto& model, std::int64_t opset,
                             std::span<const std::optional<DType>> dtypes,
                             std::span<const FoldedNorm> folded);

}  // namespace keel::onnx_io
