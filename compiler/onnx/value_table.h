#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>

#include "compiler/base/result.h"
#include "compiler/ir/graph.h"

namespace keel::onnx_io {

/// The values of the graph under construction by their ONNX names.
class ValueTable {
 public:
  /// Reserves a name the file gives to a value.
  /// \error InvalidModel  it is empty, or another value has it: ONNX names are assigned once
  Status reserve(const std::string& name);
  bool is_reserved(const std::string& name) const { return reserved_.contains(name); }

  /// A name no value has yet: `wanted`, or `wanted` with `_1`, `_2`, ... It is reserved.
  std::string make_name(const std::string& wanted);

  void define(const std::string& name, ir::ValueId id) { ids_[name] = id; }
  bool is_defined(const std::string& name) const { return ids_.contains(name); }
  /// \pre is_defined(name)
  ir::ValueId at(const std::string& name) const;

 private:
  std::unordered_set<std::string> reserved_;
  std::unordered_map<std::string, ir::ValueId> ids_;
};

}  // namespace keel::onnx_io
