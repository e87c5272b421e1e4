#include "profiler/calibration/kernel_text.h"

namespace keel::calibration {
namespace {

template <class List>
std::string joined(const List& list, const char* separator = ", ") {
  std::string text;
  for (const auto& one : list) {
    if (!text.empty()) text += separator;
    if constexpr (std::is_same_v<std::decay_t<decltype(one)>, std::string>)
      text += one;
    else
      text += std::to_string(one);
  }
  return text;
}

}  // namespace

std::string KernelText::input(std::string_view dtype, const Shape& shape) {
  const std::string name = next_name();
  lines_ += name + ": " + std::string(dtype) + "[" + joined(shape, ",") + "] = input\n";
  return name;
}

std::string KernelText::ints(const Ints& values) {
  const std::string name = next_name();
  lines_ +=
      name + ": i64[" + std::to_string(values.size()) + "] = constant {" + joined(values) + "}\n";
  return name;
}

std::string KernelText::scalar(std::string_view dtype, std::string_view value) {
  const std::string name = next_name();
  lines_ += name + ": " + std::string(dtype) + "[1] = constant {" + std::string(value) + "}\n";
  return name;
}

std::string KernelText::node(std::string_view op, std::initializer_list<std::string> inputs,
                             std::string_view attributes) {
  const std::string name = next_name();
  lines_ += name + " = " + std::string(op) + "(" + joined(inputs) + ")";
  if (!attributes.empty()) lines_ += " " + std::string(attributes);
  lines_ += " kernel_group=0\n";
  return name;
}

std::string KernelText::cast(const std::string& value, std::string_view from, std::string_view to) {
  return from == to ? value : node("Cast", {value}, "to=" + std::string(to));
}

std::string KernelText::text() const { return lines_ + "return " + joined(outputs_) + "\n"; }

}  // namespace keel::calibration
