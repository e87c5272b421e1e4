#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ascend/decision.h"
#include "compiler/base/result.h"

namespace keel::ascend {

/// Which operators a line of an owner's file is about.
struct OperatorLine {
  int line = 0;          ///< from 1
  bool by_type = false;  ///< `name` is an Ascend type
  std::string name;
};

/// A line of `--customize_dtypes`.
struct CustomLine : OperatorLine {
  CustomDTypes dtypes;
};

/// `--customize_dtypes`: `NAME::InputDtype:float16,OutputDtype:float32` or
/// `OpType::TYPE:InputDtype:float16,OutputDtype:float16`; either part may be missing. Of several
/// input dtypes the first counts for all.
struct CustomLines {
  std::vector<CustomLine> lines;
  std::vector<Error> warnings;
};

/// \error InvalidConfig  a line of another form, or a dtype that is no float of the NPU
Result<CustomLines> parse_custom_dtypes(std::string_view text, const std::string& where);

/// A line of `--op_precision_mode` that keel honours.
struct ExecutionLine : OperatorLine {
  Execution execution = Execution::Default;
};

/// `--op_precision_mode`: an ini file, sections [ByOpType] and [ByNodeName].
struct ExecutionLines {
  std::vector<ExecutionLine> lines;
  std::vector<Error> warnings;  ///< lines that keel evaluates as if they were not there
};

/// \error InvalidConfig  a line of another form, a section or a value the vendor does not have
Result<ExecutionLines> parse_op_precision(std::string_view text, const std::string& where);

}  // namespace keel::ascend
