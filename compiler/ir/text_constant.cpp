#include "compiler/ir/text_constant.h"

#include <algorithm>
#include <charconv>

#include "compiler/base/host_type.h"
#include "compiler/base/random.h"
#include "compiler/base/rounding.h"

namespace keel::ir {
namespace {

// A text is written by hand; more is a slip of the pen, and would ask for that much memory.
constexpr std::int64_t kLargestElements = std::int64_t{1} << 28;

Error broken(std::string what) { return {ErrorCode::InvalidModel, std::move(what), "", ""}; }

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

template <class T>
Result<T> parse_element(std::string_view text, DType dtype) {
  T value{};
  const std::from_chars_result read =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size())
    return broken("'" + std::string(text) + "' is not a number of dtype " +
                  std::string(name(dtype)));
  return value;
}

template <class T>
Status parse_elements(std::string_view list, Tensor& tensor) {
  const std::span<T> values = tensor.fill<T>();
  std::size_t count = 0;
  list = trimmed(list);
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    KEEL_TRY(const T value, parse_element<T>(trimmed(list.substr(0, comma)), tensor.dtype()));
    if (count < values.size()) values[count] = value;
    ++count;
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
  if (count != values.size())
    return broken(std::to_string(count) + " elements for " + to_text(tensor.type()));
  return Done{};
}

template <class T>
void fill_random(std::uint64_t seed, Tensor& tensor) {
  Rng rng(seed);
  for (T& value : tensor.fill<T>()) value = static_cast<T>(2 * rng.uniform() - 1);
}

Status fill(LineLexer& line, Tensor& tensor) {
  if (line.skip("{")) {
    const std::optional<std::string_view> list = line.until('}');
    if (!list) return broken("the elements do not end in '}'");
    return with_host_type(tensor.dtype(),
                          [&](auto zero) { return parse_elements<decltype(zero)>(*list, tensor); });
  }
  const bool random = line.skip("random(");
  if (!random && !line.skip("splat("))
    return line.expected("'{', 'random(SEED)' or 'splat(VALUE)'");
  const std::optional<std::string_view> argument = line.until(')');
  if (!argument) return broken("the argument does not end in ')'");
  if (!random) {
    return with_host_type(tensor.dtype(), [&](auto zero) -> Status {
      using T = decltype(zero);
      KEEL_TRY(const T value, parse_element<T>(trimmed(*argument), tensor.dtype()));
      std::ranges::fill(tensor.fill<T>(), value);
      return Done{};
    });
  }
  KEEL_TRY(const std::uint64_t seed, parse_element<std::uint64_t>(trimmed(*argument), DType::U64));
  if (tensor.dtype() == DType::F64) {
    fill_random<double>(seed, tensor);
  } else if (is_tunable_float(tensor.dtype())) {
    fill_random<float>(seed, tensor);
  } else {
    return broken("random elements of dtype " + std::string(name(tensor.dtype())));
  }
  return Done{};
}

}  // namespace

std::string elements_text(const Tensor& tensor) {
  return with_host_type(tensor.dtype(), [&](auto zero) {
    std::string text = "{";
    const char* separator = "";
    for (const auto value : tensor.as<decltype(zero)>()) {
      char digits[32];
      text += separator;
      text.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
      separator = ", ";
    }
    return text + "}";
  });
}

Result<Tensor> parse_constant(LineLexer& line, const TensorType& type) {
  if (element_count(type.shape) > kLargestElements)
    return broken("a constant " + to_text(type) + " has more than " +
                  std::to_string(kLargestElements) + " elements");
  Tensor tensor(type.dtype, type.shape);
  KEEL_TRY_STATUS(fill(line, tensor));
  if (is_tunable_float(type.dtype))
    round_in_place(format_of(type.dtype), Overflow::InfNan, tensor.fill<float>());
  return tensor;
}

}  // namespace keel::ir
