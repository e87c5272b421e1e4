#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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
  /// With data: worst relative L2 of its result over the samples when it alone is lowered, and in
  /// the variant that lowers all; samples in which that variant has Inf or NaN here.
  struct Error {
    double alone = 0, accumulated = 0;
    std::uint64_t non_finite = 0;
  };
  std::optional<Error> error;
};

/// What rows may be sorted by, largest first; "file" keeps their order.
constexpr std::array kNodeOrders = std::to_array<std::string_view>(
    {"file", "alone", "accumulated", "overflow", "underflow", "non_finite"});

/// \pre `order` is one of kNodeOrders. Rows without the figure come last.
void sort_nodes(std::vector<NodeRow>& rows, std::string_view order);

/// Those whose name, operator or Ascend type contains `text`.
std::vector<NodeRow> filter_nodes(const std::vector<NodeRow>& rows, std::string_view text);

/// Aligned columns with a header; ranges as largest, smallest non-zero, and percent of elements
/// that overflow or underflow.
std::string nodes_table(const std::vector<NodeRow>& rows);
/// Header line, then one line a node; RFC 4180 quoting.
std::string nodes_csv(const std::vector<NodeRow>& rows);
/// An array of objects.
std::string nodes_json(const std::vector<NodeRow>& rows);

}  // namespace keel::report
