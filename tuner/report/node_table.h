#pragma once

#include <optional>
#include <string>
#include <vector>

#include "profiler/accuracy/ranges.h"

namespace keel::report {

/// One node of the model file, as `keel inspect` shows it.
struct NodeRow {
  std::string name;  ///< as the vendor compiler will see it
  std::string onnx_op;
  std::string ascend_type;
  std::string unit;        ///< number of its unit; "-" if folded, or no floats
  std::string unit_class;  ///< "cube", "vector", "layout", "-"
  std::string dtype;       ///< of its result under the mode and the owner's list: "f16"
  std::string state;       ///< "free", "kept", "fixed", "folded"
  /// Of its result in fp32, with data; losses are those of the dtype that the mode lowers the
  /// result to, whoever keeps it.
  std::optional<accuracy::Range> range;
};

/// Aligned columns with a header; ranges as largest, smallest non-zero, and percent of elements
/// that overflow or underflow.
std::string nodes_table(const std::vector<NodeRow>& rows);
/// Header line, then one line a node; RFC 4180 quoting.
std::string nodes_csv(const std::vector<NodeRow>& rows);
/// An array of objects.
std::string nodes_json(const std::vector<NodeRow>& rows);

}  // namespace keel::report
