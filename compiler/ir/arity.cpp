#include "compiler/ir/arity.h"

#include <cstdint>
#include <string>

namespace keel::ir {
namespace {

std::string wanted_text(const Arity& wanted) {
  if (wanted.required == wanted.most) return std::to_string(wanted.required);
  if (wanted.most == kAnyNumber) return std::to_string(wanted.required) + " or more";
  return std::to_string(wanted.required) + " to " + std::to_string(wanted.most);
}

}  // namespace

Arity arity(const Op& op) {
  return std::visit(
      []<class Family>(const Family& family) {
        if constexpr (requires { Family::kInputs; })
          return Family::kInputs;
        else
          return Family::inputs(family);
      },
      op);
}

std::size_t most_outputs(const Op& op) {
  return std::visit(
      []<class Family>(const Family&) {
        if constexpr (requires { Family::kOutputs; })
          return Family::kOutputs.most;
        else
          return std::size_t{1};
      },
      op);
}

Status check_inputs(const Op& op, std::span<const bool> present) {
  const Arity wanted = arity(op);
  if (present.size() < wanted.required || present.size() > wanted.most)
    return Error{ErrorCode::InvalidModel,
                 std::string(name(op)) + " takes " + wanted_text(wanted) + " inputs, not " +
                     std::to_string(present.size()),
                 "", ""};
  // A Concat of any length may leave none out.
  const std::size_t required = wanted.most == kAnyNumber ? present.size() : wanted.required;
  for (std::size_t i = 0; i < required; ++i)
    if (!present[i])
      return Error{
          ErrorCode::InvalidModel,
          "input " + std::to_string(i) + " of " + std::string(name(op)) + " is required but absent",
          "", ""};
  return Done{};
}

}  // namespace keel::ir
