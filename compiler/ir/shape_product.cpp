#include <string>

#include "compiler/ir/einsum.h"
#include "compiler/ir/shape_rules.h"

namespace keel::ir {

Types infer(const Einsum& op, const RuleInputs& in) {
  std::vector<Shape> shapes;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (!in.has(i)) return invalid_model("input " + std::to_string(i) + " of Einsum is absent");
    KEEL_TRY_STATUS(same_dtype(in, 0, i));
    shapes.push_back(in.shape(i));
  }
  if (in.dtype(0) == DType::Bool) return invalid_model("Einsum of bool");
  KEEL_TRY(const EinsumLabels labels, einsum_labels(op.equation, shapes));
  Shape shape;
  for (const std::size_t label : labels.output) shape.push_back(labels.extents[label]);
  return one(in.dtype(0), std::move(shape));
}

Types infer(const Det&, const RuleInputs& in) {
  KEEL_TRY_STATUS(float_operand(in));
  Shape shape = in.shape(0);
  if (shape.size() < 2 || shape.back() != shape[shape.size() - 2])
    return invalid_model("Det of " + to_text(shape) + ", not of square matrices");
  shape.resize(shape.size() - 2);
  return one(in.dtype(0), std::move(shape));
}

}  // namespace keel::ir
