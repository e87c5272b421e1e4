#include "compiler/ir/arity.h"

#include <cstdint>
#include <string>

namespace keel::ir {
namespace {

struct ArityOf {
  Arity operator()(const Unary&) const { return {1, 1}; }
  Arity operator()(const Binary&) const { return {2, 2}; }
  Arity operator()(const Clip&) const { return {1, 3}; }
  Arity operator()(const Where&) const { return {3, 3}; }
  Arity operator()(const Cast&) const { return {1, 1}; }
  Arity operator()(const Conv&) const { return {2, 3}; }
  Arity operator()(const MatMul&) const { return {2, 3}; }
  Arity operator()(const Gemm&) const { return {2, 3}; }
  Arity operator()(const Pool&) const { return {1, 1}; }
  Arity operator()(const Reduce&) const { return {1, 2}; }
  Arity operator()(const Softmax&) const { return {1, 1}; }
  Arity operator()(const LayerNorm&) const { return {2, 3}; }
  Arity operator()(const BatchNorm&) const { return {5, 5}; }
  Arity operator()(const Lstm&) const { return {3, 8}; }
  Arity operator()(const Reshape& op) const {
    switch (op.kind) {
      case ReshapeKind::Reshape:
      case ReshapeKind::Unsqueeze:
        return {2, 2};
      case ReshapeKind::Squeeze:
        return {1, 2};
      case ReshapeKind::Flatten:
        return {1, 1};
    }
    KEEL_CHECK(false && "a ReshapeKind outside its enumeration");
  }
  Arity operator()(const Transpose&) const { return {1, 1}; }
  Arity operator()(const Concat&) const { return {1, SIZE_MAX}; }
  Arity operator()(const Slice&) const { return {3, 5}; }
  Arity operator()(const Split&) const { return {1, 2}; }
  Arity operator()(const Gather&) const { return {2, 2}; }
  Arity operator()(const Expand&) const { return {2, 2}; }
  Arity operator()(const Tile&) const { return {2, 2}; }
  Arity operator()(const Pad&) const { return {2, 3}; }
  Arity operator()(const ShapeOf&) const { return {1, 1}; }
  Arity operator()(const ConstantOfShape&) const { return {1, 1}; }
  Arity operator()(const Identity&) const { return {1, 1}; }
};

std::string wanted_text(const Arity& wanted) {
  if (wanted.required == wanted.most) return std::to_string(wanted.required);
  if (wanted.most == SIZE_MAX) return std::to_string(wanted.required) + " or more";
  return std::to_string(wanted.required) + " to " + std::to_string(wanted.most);
}

}  // namespace

Arity arity(const Op& op) { return std::visit(ArityOf{}, op); }

std::size_t most_outputs(const Op& op) {
  if (std::holds_alternative<Split>(op)) return SIZE_MAX;
  return std::holds_alternative<Lstm>(op) ? 3 : 1;
}

Status check_inputs(const Op& op, std::span<const bool> present) {
  const Arity wanted = arity(op);
  if (present.size() < wanted.required || present.size() > wanted.most)
    return Error{ErrorCode::InvalidModel,
                 std::string(name(op)) + " takes " + wanted_text(wanted) + " inputs, not " +
                     std::to_string(present.size()),
                 "", ""};
  // A Concat of any length may leave none out.
  const std::size_t required = wanted.most == SIZE_MAX ? present.size() : wanted.required;
  for (std::size_t i = 0; i < required; ++i)
    if (!present[i])
      return Error{
          ErrorCode::InvalidModel,
          "input " + std::to_string(i) + " of " + std::string(name(op)) + " is required but absent",
          "", ""};
  return Done{};
}

}  // namespace keel::ir
