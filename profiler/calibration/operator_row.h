#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/base/shape.h"

namespace keel::calibration {

/// One operator of the vendor's library as it was measured: what a row of op_latency_*.json says.
struct OperatorRow {
  std::string op;  ///< "rms_norm"
  std::string id;  ///< "rms_norm/3", unique in its file
  std::vector<std::vector<Shape>>
      operands;                     ///< of each its shapes: one, several of a list, or none
  std::vector<std::string> dtypes;  ///< of each operand, as the text form of graphs spells
  std::map<std::string, std::vector<double>> numbers;  ///< attributes that are numbers or lists
  std::map<std::string, std::string> texts;            ///< the other attributes
  std::map<std::string, int> kernels;  ///< launches by name, "Cast" 2; empty where not known
  double measured_us = 0;

  /// The shape of an operand that is not a list.
  const Shape& shape(std::size_t operand) const { return operands[operand][0]; }
  bool has(std::size_t operand) const {
    return operand < operands.size() && !operands[operand].empty();
  }
  double number(const std::string& attribute, double otherwise, std::size_t i = 0) const;
  std::string text(const std::string& attribute) const;
  int launches(const std::string& kernel) const;
};

/// \param text  of op_latency_*.json: rows with op, case, input_shape, dtype, attrs, kernels,
///              measured_us, usable
/// \returns     the usable rows, in the order of the file
/// \error InvalidConfig  it is not JSON of that form; `where` is the file and the row
Result<std::vector<OperatorRow>> read_operator_rows(std::string_view text, const std::string& file);

}  // namespace keel::calibration
