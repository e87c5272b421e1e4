#include "compiler/onnx/value_table.h"

namespace keel::onnx_io {

Status ValueTable::reserve(const std::string& name) {
  if (name.empty())
    return Error{ErrorCode::InvalidModel, "an input or initializer has no name", "",
                 "export the model again with named values"};
  if (reserved_.insert(name).second) return Done{};
  return Error{ErrorCode::InvalidModel, "value '" + name + "' is defined twice", "",
               "give every value of the model a name of its own"};
}

std::string ValueTable::make_name(const std::string& wanted) {
  std::string name = wanted;
  for (int i = 1; !reserved_.insert(name).second; ++i) name = wanted + "_" + std::to_string(i);
  return name;
}

ir::ValueId ValueTable::at(const std::string& name) const {
  const auto found = ids_.find(name);
  KEEL_CHECK(found != ids_.end());
  return found->second;
}

}  // namespace keel::onnx_io
