#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/base/result.h"

namespace keel::onnx_io {

/// Collects what a model has that keel cannot run, so that one error can list all of it.
class Unsupported {
 public:
  /// \param label  the operator, and the form of it that cannot run: "Pad with mode 'reflect'"
  /// \param node   the name of the node
  void add(const std::string& label, const std::string& node);

  /// \error InvalidModel  something was added: `what` counts, `where` names the nodes
  Status check() const;

 private:
  std::map<std::string, int> nodes_with_;
  std::vector<std::string> nodes_;
};

}  // namespace keel::onnx_io
