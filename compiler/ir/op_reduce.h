#pragma once

#include "compiler/ir/op_field.h"

namespace keel::ir {

enum class ReduceKind : std::uint8_t {
  ReduceSum,
  ReduceMean,
  ReduceMax,
  ReduceMin,
  ReduceProd,
  ReduceSumSquare,
  ReduceL1,
  ReduceL2,
  ReduceLogSum,
  ReduceLogSumExp,
};
constexpr std::array kReduceNames = std::to_array<std::string_view>(
    {"ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceSumSquare",
     "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp"});

/// Reduction over axes. Inputs: x, axes (i64 constant) or none for all.
struct Reduce {
  static constexpr Arity kInputs{1, 2};
  ReduceKind kind = ReduceKind::ReduceSum;
  bool keepdims = true;
  bool noop_with_empty_axes = false;
  static constexpr auto fields() {
    return std::tuple(Field{"keepdims", &Reduce::keepdims},
                      Field{"noop_with_empty_axes", &Reduce::noop_with_empty_axes});
  }
  bool operator==(const Reduce&) const = default;
};

enum class ArgReduceKind : std::uint8_t { ArgMax, ArgMin };
constexpr std::array kArgReduceNames = std::to_array<std::string_view>({"ArgMax", "ArgMin"});

/// Where along `axis` the extreme is, as i64; the first of equal ones, or the last.
struct ArgReduce {
  static constexpr Arity kInputs{1, 1};
  ArgReduceKind kind = ArgReduceKind::ArgMax;
  std::int64_t axis = 0;
  bool keepdims = true;
  bool select_last = false;
  static constexpr auto fields() {
    return std::tuple(Field{"axis", &ArgReduce::axis}, Field{"keepdims", &ArgReduce::keepdims},
                      Field{"select_last", &ArgReduce::select_last});
  }
  bool operator==(const ArgReduce&) const = default;
};

/// The k extremes along `axis`, and their i64 places there; the first place of equal ones first.
/// Inputs: x, k (i64 constant).
struct TopK {
  static constexpr std::string_view kName = "TopK";
  static constexpr Arity kInputs{2, 2};
  static constexpr Arity kOutputs{1, 2};
  std::int64_t axis = -1;
  bool largest = true;
  bool sorted = true;
  static constexpr auto fields() {
    return std::tuple(Field{"axis", &TopK::axis}, Field{"largest", &TopK::largest},
                      Field{"sorted", &TopK::sorted});
  }
  bool operator==(const TopK&) const = default;
};

/// Running sums. Inputs: x, axis (i32 or i64 constant).
struct CumSum {
  static constexpr std::string_view kName = "CumSum";
  static constexpr Arity kInputs{2, 2};
  bool exclusive = false;
  bool reverse = false;
  static constexpr auto fields() {
    return std::tuple(Field{"exclusive", &CumSum::exclusive}, Field{"reverse", &CumSum::reverse});
  }
  bool operator==(const CumSum&) const = default;
};

}  // namespace keel::ir
