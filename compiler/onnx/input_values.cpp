#include "compiler/onnx/input_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <type_traits>

#include "compiler/base/host_type.h"
#include "compiler/base/nearest.h"
#include "compiler/onnx/named_parts.h"

namespace keel::onnx_io {
namespace {

constexpr const char* kForm = "write it as --input_value \"sr:16000;training:0\"";

Error bad_flag(std::string what, std::string fix) {
  return {ErrorCode::InvalidConfig, std::move(what), "--input_value", std::move(fix)};
}

}  // namespace

Result<InputValues> parse_input_values(std::string_view text) {
  KEEL_TRY(const auto parts, named_parts(text, "--input_value", "number", kForm));
  InputValues values;
  for (const auto& [name, word] : parts) {
    double value = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), value);
    if (read.ec != std::errc() || read.ptr != word.data() + word.size() || !std::isfinite(value))
      return bad_flag("value '" + std::string(word) + "' is not a finite number", kForm);
    values.emplace(name, value);
  }
  return values;
}

Result<Tensor> fixed_content(const std::string& name, double value, const TensorType& type) {
  return with_host_type(type.dtype, [&](auto zero) -> Result<Tensor> {
    using T = decltype(zero);
    // Every integer type has both bounds as doubles, but for the upper one of 64 bits: beyond it.
    const bool fits = std::is_floating_point_v<T> ||
                      (std::trunc(value) == value &&
                       value >= static_cast<double>(std::numeric_limits<T>::min()) &&
                       value < std::ldexp(1.0, std::numeric_limits<T>::digits));
    if (!fits || (type.dtype == DType::Bool && value != 0 && value != 1))
      return bad_flag(
          "input '" + name + "' is " + to_text(type) + ", which does not hold the value given",
          "give a number of that dtype");
    Tensor content(type.dtype, type.shape);
    std::ranges::fill(content.fill<T>(), static_cast<T>(value));
    return content;
  });
}

Status check_value_names(const InputValues& values, const std::vector<std::string>& inputs) {
  for (const auto& [name, value] : values) {
    if (std::ranges::count(inputs, name) > 0) continue;
    const std::vector<std::string> close = nearest(name, inputs, 1);
    return bad_flag(
        "'" + name + "' is no input of the model",
        close.empty() ? "name an input of the model" : "use '" + close[0] + "' (nearest name)");
  }
  return Done{};
}

}  // namespace keel::onnx_io
