#include "compiler/onnx/input_shapes.h"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "compiler/base/nearest.h"
#include "compiler/ir/shape_inference.h"
#include "compiler/onnx/element_type.h"
#include "compiler/onnx/named_parts.h"

namespace keel::onnx_io {
namespace {

using ::onnx::ValueInfoProto;

constexpr const char* kForm = "write it as --input_shape \"x:1,3,224,224;y:1,16\"";

Error bad_flag(std::string what, std::string fix) {
  return {ErrorCode::InvalidConfig, std::move(what), "--input_shape", std::move(fix)};
}

Result<Shape> parse_extents(std::string_view text) {
  Shape shape;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view word = text.substr(0, comma);
    std::int64_t extent = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), extent);
    if (read.ec != std::errc() || read.ptr != word.data() + word.size() || extent < 1)
      return bad_flag("extent '" + std::string(word) + "' is not a positive number", kForm);
    shape.push_back(extent);
    if (comma == std::string_view::npos) break;
    text = text.substr(comma + 1);
  }
  const Status possible = ir::check_extents(shape);
  if (!possible.ok()) return bad_flag(possible.error().what, kForm);
  return shape;
}

Result<Shape> overridden(const std::string& name, const DeclaredInput& input, const Shape& given) {
  const auto contradicts = [&](const std::string& what) {
    return bad_flag("input '" + name + "' is " + input.text + " in the model, " + what,
                    "give extents that agree with the model");
  };
  if (!input.has_rank) return given;
  if (given.size() != input.extents.size())
    return contradicts(to_text(given) + " has rank " + std::to_string(given.size()));
  for (std::size_t i = 0; i < given.size(); ++i)
    if (input.extents[i] && *input.extents[i] != given[i])
      return contradicts(to_text(given) + " has extent " + std::to_string(given[i]) + " at axis " +
                         std::to_string(i));
  return given;
}

Shape fixed_shape(const DeclaredInput& input) {
  Shape shape;
  for (const std::optional<std::int64_t>& extent : input.extents)
    shape.push_back(extent.value_or(1));
  return shape;
}

std::string flag_part(const std::string& name, const Shape& shape) {
  const std::string text = to_text(shape);
  return name + ":" + text.substr(1, text.size() - 2);
}

// Lists what is missing, and the whole flag with what the user already gave kept.
Error missing_extents(const std::vector<const ValueInfoProto*>& inputs,
                      const std::vector<DeclaredInput>& types, const InputShapes& shapes) {
  std::string missing, flag;
  std::size_t count = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!types[i].is_dynamic()) continue;
    const std::string& name = inputs[i]->name();
    const auto given = shapes.find(name);
    flag += flag.empty() ? "" : ";";
    if (given != shapes.end()) {
      flag += flag_part(name, given->second);
      continue;
    }
    flag += flag_part(name, fixed_shape(types[i]));
    missing += (count++ == 0 ? "" : ", ") + name + " " + types[i].text;
  }
  return {ErrorCode::InvalidModel,
          std::to_string(count) + (count == 1 ? " input has" : " inputs have") +
              " dynamic extents: " + missing,
          "", "add --input_shape \"" + flag + "\", with the extents you deploy in place of each 1"};
}

}  // namespace

bool DeclaredInput::is_dynamic() const {
  return !has_rank ||
         !std::ranges::all_of(extents, [](const auto& extent) { return extent.has_value(); });
}

bool DeclaredInput::takes(const Shape& shape) const {
  return !has_rank || std::ranges::equal(extents, shape, [](const auto& fixed, std::int64_t given) {
    return !fixed || *fixed == given;
  });
}

Result<DeclaredInput> declared(const ValueInfoProto& input) {
  const auto broken = [&](const std::string& what) {
    return Error{ErrorCode::InvalidModel, what, "input '" + input.name() + "'", ""};
  };
  if (!input.type().has_tensor_type()) return broken("the input is not a tensor");
  const auto& type = input.type().tensor_type();
  const std::optional<DType> dtype = dtype_of(type.elem_type());
  if (!dtype)
    return broken("element type " + element_type_name(type.elem_type()) + " is not supported");
  DeclaredInput result{
      input.name(), *dtype, type.has_shape(), {}, type.has_shape() ? "[" : "of unknown rank"};
  if (!result.has_rank) return result;
  for (const auto& dimension : type.shape().dim()) {
    if (!result.extents.empty()) result.text += ",";
    // Some exporters write a dynamic extent as -1.
    if (!dimension.has_dim_value() || dimension.dim_value() == -1) {
      result.extents.push_back(std::nullopt);
      result.text += dimension.dim_param().empty() ? "?" : dimension.dim_param();
      continue;
    }
    if (dimension.dim_value() < 0)
      return broken("extent " + std::to_string(dimension.dim_value()) + " is negative");
    result.extents.emplace_back(dimension.dim_value());
    result.text += std::to_string(dimension.dim_value());
  }
  result.text += "]";
  return result;
}

Result<InputShapes> parse_input_shapes(std::string_view text) {
  KEEL_TRY(const auto parts, named_parts(text, "--input_shape", "1,2,3", kForm));
  InputShapes shapes;
  for (const auto& [name, extents] : parts) {
    KEEL_TRY(Shape shape, parse_extents(extents));
    shapes.emplace(name, std::move(shape));
  }
  return shapes;
}

Result<std::vector<TensorType>> input_types(const std::vector<const ValueInfoProto*>& inputs,
                                            const InputShapes& shapes) {
  std::vector<std::string> names;
  for (const ValueInfoProto* input : inputs) names.push_back(input->name());
  for (const auto& [name, shape] : shapes) {
    if (std::ranges::count(names, name) > 0) continue;
    const std::vector<std::string> close = nearest(name, names, 1);
    std::string list;
    for (const std::string& known : names) list += (list.empty() ? "'" : ", '") + known + "'";
    return bad_flag(
        "'" + name + "' is no input of the model",
        close.empty() ? "name one of " + list : "use '" + close[0] + "' (nearest name)");
  }

  std::vector<DeclaredInput> types;
  std::vector<TensorType> result;
  bool complete = true;
  for (const ValueInfoProto* input : inputs) {
    KEEL_TRY(DeclaredInput type, declared(*input));
    const auto given = shapes.find(input->name());
    TensorType fixed{type.dtype, fixed_shape(type)};
    if (given != shapes.end()) {
      KEEL_TRY(fixed.shape, overridden(input->name(), type, given->second));
    } else if (type.is_dynamic()) {
      complete = false;
    }
    Status possible = ir::check_extents(fixed.shape);
    if (!possible.ok()) return std::move(possible).error().in("input '" + input->name() + "'");
    types.push_back(std::move(type));
    result.push_back(std::move(fixed));
  }
  if (!complete) return missing_extents(inputs, types, shapes);
  return result;
}

}  // namespace keel::onnx_io
