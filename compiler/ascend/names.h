#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keel::ascend {

/// One node as the model file has it.
struct FileNode {
  std::string name;  ///< may be empty
  std::string onnx_op;
  std::optional<std::size_t> inside = {};  ///< position of the node in whose subgraph it is
};

/// What the nodes of a model will be called.
struct NodeNames {
  std::vector<std::string> names;  ///< unique, one per FileNode
  /// True if the file must be rewritten with these names before the vendor's compiler sees it,
  /// because some were empty or not unique.
  bool needs_copy = false;
};

/// The vendor compiler's naming: an unnamed node is `<OpType>_<n>`, n counting unnamed nodes in
/// file order from 0. Where that or the file itself repeats a name, later ones get `_1`, `_2`, ...;
/// no made-up name takes one the file gives.
NodeNames assign_names(std::span<const FileNode> nodes);

}  // namespace keel::ascend
