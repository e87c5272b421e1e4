#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/ir/graph.h"

namespace keel::onnx_io {

/// The values of the graph under construction by their ONNX names. A subgraph has a scope of its
/// own, entered once for each time its nodes are imported: it sees the names of the scopes around
/// it, and its own values get new names in the graph.
class ValueTable {
 public:
  ValueTable() : scopes_(1) {}

  void enter_scope() { scopes_.emplace_back(); }
  void leave_scope() { scopes_.pop_back(); }
  bool in_subgraph() const { return scopes_.size() > 1; }

  /// Reserves a name the file gives to a value of this scope.
  /// \error InvalidModel  it is empty, or another value has it: ONNX names are assigned once
  Status reserve(const std::string& name);
  /// Whether this scope or one around it has the name.
  bool is_reserved(const std::string& name) const;

  /// A name no value has yet: `wanted`, or `wanted` with `_1`, `_2`, ... It is reserved.
  std::string make_name(const std::string& wanted);
  /// What the value that the file calls `name` is called in the graph: that, or in a subgraph a new
  /// name.
  std::string name_in_graph(const std::string& name);

  void define(const std::string& name, ir::ValueId id) { scopes_.back().ids[name] = id; }
  bool is_defined(const std::string& name) const { return find(name) != nullptr; }
  /// \pre is_defined(name)
  ir::ValueId at(const std::string& name) const;

 private:
  struct Scope {
    std::unordered_set<std::string> reserved;
    std::unordered_map<std::string, ir::ValueId> ids;
  };
  const ir::ValueId* find(const std::string& name) const;

  std::vector<Scope> scopes_;
  std::unordered_set<std::string> in_graph_;          ///< names that values of the graph have
  std::unordered_map<std::string, int> last_suffix_;  ///< of those that make_name() was asked for
};

}  // namespace keel::onnx_io
