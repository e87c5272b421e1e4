#include "compiler/ascend/operator_lines.h"

#include <algorithm>
#include <array>
#include <utility>

namespace keel::ascend {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

struct NumberedLine {
  int number;
  std::string_view text;
};

// Those that are not empty.
std::vector<NumberedLine> lines_of(std::string_view text) {
  std::vector<NumberedLine> lines;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (const std::string_view line = trimmed(text.substr(0, end)); !line.empty())
      lines.push_back({number, line});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Error wrong(const std::string& where, int line, std::string what, std::string fix) {
  return {ErrorCode::InvalidConfig, std::move(what), where + ":" + std::to_string(line),
          std::move(fix)};
}

constexpr std::array kFloats = {std::pair{"float16", DType::F16}, std::pair{"float32", DType::F32},
                                std::pair{"float", DType::F32}, std::pair{"bfloat16", DType::BF16}};

std::optional<DType> float_named(std::string_view name) {
  for (const auto& [text, dtype] : kFloats)
    if (name == text) return dtype;
  return std::nullopt;
}

constexpr std::string_view kInput = "InputDtype:";
constexpr std::string_view kOutput = "OutputDtype:";
constexpr std::string_view kType = "OpType::";

/// Reads the dtypes of one part of a line.
Result<std::optional<DType>> first_dtype(std::string_view list, const std::string& where, int line,
                                         std::vector<Error>& warnings) {
  std::optional<DType> first;
  bool differs = false;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    const std::string_view name = trimmed(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    if (name.empty()) continue;
    const std::optional<DType> dtype = float_named(name);
    if (!dtype)
      return wrong(where, line, "'" + std::string(name) + "' is no dtype keel can give an operator",
                   "use float16, float32 or bfloat16");
    differs = differs || (first && *first != *dtype);
    if (!first) first = dtype;
  }
  if (differs)
    warnings.push_back(wrong(where, line, "keel gives every input the first of the dtypes",
                             "read the figures as those of that"));
  return first;
}

struct ExecutionName {
  std::string_view name;
  Execution execution;
};

// Documentation of --op_precision_mode; those at Default change how an operator is implemented and
// not what it computes in.
constexpr std::array kExecutions = {
    ExecutionName{"enable_float_32_execution", Execution::Fp32},
    ExecutionName{"enable_hi_float_32_execution", Execution::Hf32},
    ExecutionName{"high_precision", Execution::Default},
    ExecutionName{"high_performance", Execution::Default},
    ExecutionName{"support_out_of_bound_index", Execution::Default}};

}  // namespace

Result<CustomLines> parse_custom_dtypes(std::string_view text, const std::string& where) {
  CustomLines result;
  for (const auto& [number, line] : lines_of(text)) {
    const std::size_t start = std::min(line.find(kInput), line.find(kOutput));
    CustomLine entry;
    entry.line = number;
    entry.by_type = line.starts_with(kType);
    std::string_view head = line.substr(0, std::min(start, line.size()));
    if (entry.by_type) head.remove_prefix(kType.size());
    while (head.ends_with(':')) head.remove_suffix(1);
    entry.name = head;
    if (start == std::string_view::npos || head.empty())
      return wrong(where, number, "'" + std::string(line) + "' gives no operator its dtypes",
                   "write NAME::InputDtype:float16,OutputDtype:float32, or "
                   "OpType::TYPE:InputDtype:float16,OutputDtype:float16");
    std::string_view input = line.substr(start);
    std::string_view output;
    if (const std::size_t at = input.find(kOutput); at != std::string_view::npos) {
      output = input.substr(at + kOutput.size());
      input = input.substr(0, at);
    }
    if (input.starts_with(kInput)) input.remove_prefix(kInput.size());
    KEEL_TRY(entry.dtypes.input, first_dtype(input, where, number, result.warnings));
    KEEL_TRY(entry.dtypes.output, first_dtype(output, where, number, result.warnings));
    result.lines.push_back(std::move(entry));
  }
  return result;
}

Result<ExecutionLines> parse_op_precision(std::string_view text, const std::string& where) {
  ExecutionLines result;
  std::optional<bool> by_type;
  for (const auto& [number, line] : lines_of(text)) {
    if (line.starts_with('#') || line.starts_with(';')) continue;
    if (line.starts_with('[')) {
      if (line != "[ByOpType]" && line != "[ByNodeName]")
        return wrong(where, number, "there is no section '" + std::string(line) + "'",
                     "use [ByOpType] or [ByNodeName]");
      by_type = line == "[ByOpType]";
      continue;
    }
    const std::size_t equals = line.find('=');
    const std::string_view name = trimmed(line.substr(0, std::min(equals, line.size())));
    if (equals == std::string_view::npos || name.empty() || !by_type)
      return wrong(where, number, "'" + std::string(line) + "' is not NAME=VALUE within a section",
                   "write [ByOpType] or [ByNodeName] above lines of NAME=VALUE");
    const std::string_view value = trimmed(line.substr(equals + 1));
    const auto* known = std::ranges::find(kExecutions, value, &ExecutionName::name);
    if (known == kExecutions.end()) {
      std::string names;
      for (const ExecutionName& each : kExecutions)
        names += (names.empty() ? "" : ", ") + std::string(each.name);
      return wrong(where, number, "'" + std::string(value) + "' is no mode of an operator",
                   "use one of " + names);
    }
    if (known->execution == Execution::Default) {
      result.warnings.push_back(
          wrong(where, number,
                "'" + std::string(line) + "' chooses an implementation that keel does not evaluate",
                "expect other figures of the chip than keel's"));
      continue;
    }
    ExecutionLine entry;
    entry.line = number;
    entry.by_type = *by_type;
    entry.name = name;
    entry.execution = known->execution;
    result.lines.push_back(std::move(entry));
  }
  return result;
}

}  // namespace keel::ascend
