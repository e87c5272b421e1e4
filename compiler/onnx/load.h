#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ascend/names.h"
#include "compiler/base/hash.h"
#include "compiler/base/result.h"
#include "compiler/base/tensor.h"
#include "compiler/ir/graph.h"

namespace keel::onnx_io {

/// Extents the user fixed: input name -> shape.
using InputShapes = std::map<std::string, Shape, std::less<>>;

/// Parses `x:1,3,224,224;y:1,16`. A name may contain colons: the last one divides.
/// \error InvalidConfig  malformed, or an extent that is not a positive number
Result<InputShapes> parse_input_shapes(std::string_view text);

/// Inputs the user fixed to one number: input name -> the value of every element.
using InputValues = std::map<std::string, double, std::less<>>;

/// Parses `sr:16000;training:0`. A name may contain colons: the last one divides.
/// \error InvalidConfig  malformed, or a value that is not a finite number
Result<InputValues> parse_input_values(std::string_view text);

/// An input of the model as the file declares it.
struct DeclaredInput {
  std::string name;
  DType dtype = DType::F32;
  bool has_rank = false;
  std::vector<std::optional<std::int64_t>> extents;  ///< empty where dynamic
  std::string text;                                  ///< "[N,3,224,224]", or "of unknown rank"

  bool is_dynamic() const;
  /// Whether `shape` has the rank and every extent the file fixes.
  bool takes(const Shape& shape) const;
};

/// The inputs of the model in file order, without initializers that are listed as inputs.
/// \error as load(), of what can be said without reading nodes
Result<std::vector<DeclaredInput>> declared_inputs(const std::filesystem::path& path);

/// Of later ones, operators and attributes that are new are refused.
constexpr std::int64_t kLastKnownOpset = 22;

/// Of a loop that the data ends, where nothing else is asked for.
constexpr std::int64_t kLoopIterations = 32;

/// Of one Loop or Scan, whoever ends it.
constexpr std::int64_t kMostLoopIterations = 4096;

struct LoadOptions {
  InputShapes shapes = {};
  /// Inputs that become constants: no sample has them.
  InputValues values = {};
  /// Inputs that every sample gives alike, by name. Where control flow depends on one, it becomes a
  /// constant.
  std::map<std::string, Tensor, std::less<>> known_inputs = {};
  /// Of a Loop that the data ends, how many iterations are in the graph, if its trip count is not
  /// known to be below.
  std::int64_t loop_iterations = kLoopIterations;
};

/// A model as read: operators imported, shapes not yet inferred, nothing folded.
struct Model {
  ir::Graph graph;
  std::int64_t opset = 0;
  std::string producer;
  std::vector<ascend::FileNode> file_nodes;  ///< indexed by OriginId
  /// Empty or repeated node names: the vendor's compiler must be given a renamed copy.
  bool needs_named_copy = false;
  /// The known inputs (LoadOptions) that control flow depends on: constants in `graph`, though
  /// still listed there.
  std::vector<std::string> fixed_inputs;
  Digest digest;  ///< of the model file and its external data
};

/// Reads an ONNX model.
///
/// Opset 7 to 18 (later ones with the operators we know). If, Loop and Scan become the nodes they
/// run (control_flow.h). Initializers that are also listed as
/// graph inputs are constants. External data is memory-mapped. Attributes that newer opsets turned
/// into inputs become constant inputs. Every dimension of every input must be known from the file
/// or from `options.shapes`; types of other values are left to shape inference (Value::type_known
/// is false).
///
/// \error InvalidModel  not an ONNX model, truncated, inconsistent; a dynamic dimension without
///     `--input_shape`; ONE error that lists every node with an operator we cannot run
/// \error InvalidConfig  `options` name no input, or contradict its type
/// \error NotReadable  a file cannot be read
Result<Model> load(const std::filesystem::path& path, const LoadOptions& options);

/// Writes a copy of the model file at `from` to `to` with the given node names, in the order of
/// Graph::origins(): file order, each node before those of its subgraphs.
/// External data is not copied: the copy refers to the same files by a path relative to `to`.
Status write_named_copy(const std::filesystem::path& from, const std::filesystem::path& to,
                        const std::vector<std::string>& names);

/// One tensor from a serialized ONNX TensorProto (`.pb`), as in test_data_set folders.
/// \error InvalidConfig  not a TensorProto, or of a type keel does not hold
Result<Tensor> read_tensor_file(const std::filesystem::path& path);

}  // namespace keel::onnx_io
