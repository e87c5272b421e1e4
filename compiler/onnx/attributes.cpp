#include "compiler/onnx/attributes.h"

#include <onnx/onnx_pb.h>

#include <cmath>

#include "compiler/onnx/initializers.h"

namespace keel::onnx_io {
namespace {

using ::onnx::AttributeProto;

Error broken(std::string what) { return {ErrorCode::InvalidModel, std::move(what), "", ""}; }

std::string described(std::string_view name) { return "attribute '" + std::string(name) + "'"; }

}  // namespace

const AttributeProto* Attributes::find(std::string_view name) const {
  for (const AttributeProto& attribute : node_.attribute())
    if (attribute.name() == name) return &attribute;
  return nullptr;
}

Result<const AttributeProto*> Attributes::read(std::string_view name, int type) {
  read_.emplace(name);
  const AttributeProto* attribute = find(name);
  if (attribute != nullptr && attribute->type() != type)
    return broken(described(name) + " is of type " +
                  ::onnx::AttributeProto_AttributeType_Name(attribute->type()) + ", not " +
                  ::onnx::AttributeProto_AttributeType_Name(
                      static_cast<AttributeProto::AttributeType>(type)));
  return attribute;
}

Result<std::int64_t> Attributes::integer(std::string_view name, std::int64_t otherwise) {
  KEEL_TRY(const AttributeProto* attribute, read(name, AttributeProto::INT));
  return attribute == nullptr ? otherwise : attribute->i();
}

Result<std::int64_t> Attributes::required_integer(std::string_view name) {
  if (!has(name)) return broken(described(name) + " is missing");
  return integer(name, 0);
}

Result<bool> Attributes::flag(std::string_view name, bool otherwise) {
  KEEL_TRY(const std::int64_t value, integer(name, otherwise));
  if (value != 0 && value != 1)
    return broken(described(name) + " is " + std::to_string(value) + ", not 0 or 1");
  return value == 1;
}

Result<float> Attributes::number(std::string_view name, float otherwise) {
  KEEL_TRY(const AttributeProto* attribute, read(name, AttributeProto::FLOAT));
  if (attribute == nullptr) return otherwise;
  if (!std::isfinite(attribute->f()))
    return broken(described(name) + " is " + std::to_string(attribute->f()) +
                  ", not a finite number");
  return attribute->f();
}

Result<std::string> Attributes::text(std::string_view name, std::string_view otherwise) {
  KEEL_TRY(const AttributeProto* attribute, read(name, AttributeProto::STRING));
  return attribute == nullptr ? std::string(otherwise) : attribute->s();
}

Result<std::vector<std::string>> Attributes::texts(std::string_view name) {
  KEEL_TRY(const AttributeProto* attribute, read(name, AttributeProto::STRINGS));
  if (attribute == nullptr) return std::vector<std::string>{};
  return std::vector<std::string>(attribute->strings().begin(), attribute->strings().end());
}

Result<ir::Ints> Attributes::integers(std::string_view name, std::int64_t least) {
  KEEL_TRY(const AttributeProto* attribute, read(name, AttributeProto::INTS));
  if (attribute == nullptr) return ir::Ints{};
  for (const std::int64_t value : attribute->ints())
    if (value < least)
      return broken(described(name) + " has the value " + std::to_string(value) + ", less than " +
                    std::to_string(least));
  return ir::Ints(attribute->ints().begin(), attribute->ints().end());
}

Result<std::vector<float>> Attributes::numbers(std::string_view name) {
  KEEL_TRY(const AttributeProto* attribute, read(name, AttributeProto::FLOATS));
  if (attribute == nullptr) return std::vector<float>{};
  return std::vector<float>(attribute->floats().begin(), attribute->floats().end());
}

Result<Tensor> Attributes::tensor(std::string_view name) {
  KEEL_TRY(const AttributeProto* attribute, read(name, AttributeProto::TENSOR));
  KEEL_CHECK(attribute != nullptr);
  return to_tensor(attribute->t(), external_);
}

Result<const ::onnx::GraphProto*> Attributes::graph(std::string_view name) {
  KEEL_TRY(const AttributeProto* attribute, read(name, AttributeProto::GRAPH));
  if (attribute == nullptr) return broken(described(name) + " is missing");
  return &attribute->g();
}

Status Attributes::check_all_read() const {
  for (const AttributeProto& attribute : node_.attribute())
    if (!read_.contains(attribute.name()))
      return Error{ErrorCode::Unsupported, node_.op_type() + " with " + described(attribute.name()),
                   "", ""};
  return Done{};
}

}  // namespace keel::onnx_io
