#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/shape.h"

namespace keel::calibration {

/// Writes one kernel as the text of a graph (compiler/ir/text.h) whose nodes run in one launch.
/// Operands are graph inputs, so that no content is needed; names are made up.
class KernelText {
 public:
  /// \param dtype  as the text form spells it: "f16"
  std::string input(std::string_view dtype, const Shape& shape);

  /// A list of integers, for axes, repeats and the like.
  std::string ints(const Ints& values);

  /// A constant of one element.
  std::string scalar(std::string_view dtype, std::string_view value);

  /// \param attributes  "axis=1 compute=f16"
  std::string node(std::string_view op, std::initializer_list<std::string> inputs,
                   std::string_view attributes = "");

  /// `value` in another dtype, itself where it has that already.
  std::string cast(const std::string& value, std::string_view from, std::string_view to);

  void output(const std::string& value) { outputs_.push_back(value); }

  std::string text() const;

 private:
  std::string next_name() { return "v" + std::to_string(count_++); }

  int count_ = 0;
  std::string lines_;
  std::vector<std::string> outputs_;
};

}  // namespace keel::calibration
