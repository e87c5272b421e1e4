#include "compiler/onnx/value_table.h"

#include <algorithm>

namespace keel::onnx_io {

Status ValueTable::reserve(const std::string& name) {
  if (name.empty())
    return Error{ErrorCode::InvalidModel, "an input or initializer has no name", "",
                 "export the model again with named values"};
  if (!in_subgraph()) in_graph_.insert(name);
  if (scopes_.back().reserved.insert(name).second) return Done{};
  return Error{ErrorCode::InvalidModel, "value '" + name + "' is defined twice", "",
               "give every value of the model a name of its own"};
}

bool ValueTable::is_reserved(const std::string& name) const {
  return std::ranges::any_of(scopes_,
                             [&](const Scope& scope) { return scope.reserved.contains(name); });
}

std::string ValueTable::make_name(const std::string& wanted) {
  if (in_graph_.insert(wanted).second) return wanted;
  int& last = last_suffix_[wanted];
  std::string name;
  do {
    name = wanted + "_" + std::to_string(++last);
  } while (!in_graph_.insert(name).second);
  return name;
}

std::string ValueTable::name_in_graph(const std::string& name) {
  return in_subgraph() ? make_name(name) : name;
}

const ir::ValueId* ValueTable::find(const std::string& name) const {
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    const auto found = scope->ids.find(name);
    if (found != scope->ids.end()) return &found->second;
  }
  return nullptr;
}

ir::ValueId ValueTable::at(const std::string& name) const {
  const ir::ValueId* found = find(name);
  KEEL_CHECK(found != nullptr);
  return *found;
}

}  // namespace keel::onnx_io
