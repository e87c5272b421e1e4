#include <string>

#include "compiler/ir/shape_rules.h"

// Operators that move elements within a tensor.

namespace keel::ir {

Types infer(const DepthSpace& op, const RuleInputs& in) {
  const Shape& x = in.shape(0);
  if (x.size() != 4) return invalid_model("input 0 " + to_text(x) + " is not [n, c, h, w]");
  constexpr std::int64_t kLargestBlock = 1 << 15;  // its square fits
  if (op.block < 1 || op.block > kLargestBlock)
    return invalid_model("blocksize is " + std::to_string(op.block));
  const std::int64_t area = op.block * op.block;
  if (op.kind == DepthSpaceKind::DepthToSpace) {
    if (x[1] % area != 0)
      return invalid_model("blocks of " + std::to_string(area) + " do not divide " +
                           std::to_string(x[1]) + " channels");
    return one(in.dtype(0), {x[0], x[1] / area, x[2] * op.block, x[3] * op.block});
  }
  if (x[2] % op.block != 0 || x[3] % op.block != 0)
    return invalid_model("blocksize " + std::to_string(op.block) + " does not divide " +
                         to_text(x));
  return one(in.dtype(0), {x[0], x[1] * area, x[2] / op.block, x[3] / op.block});
}

Types infer(const ReverseSequence& op, const RuleInputs& in) {
  if (in.rank(0) < 2)
    return invalid_model("input 0 " + to_text(in.shape(0)) + " has no axis of time and of batch");
  const bool batch_first = op.batch_axis == 0 && op.time_axis == 1;
  if (!batch_first && !(op.batch_axis == 1 && op.time_axis == 0))
    return invalid_model("batch_axis " + std::to_string(op.batch_axis) + " and time_axis " +
                         std::to_string(op.time_axis) + " are not 0 and 1");
  KEEL_TRY_STATUS(expect_shape(in, 1, "list of sequence lengths",
                               {in.shape(0)[static_cast<std::size_t>(op.batch_axis)]}));
  if (in.dtype(1) != DType::I64)
    return invalid_model("the sequence lengths are " + std::string(name(in.dtype(1))) +
                         ", not i64");
  return one(in.dtype(0), in.shape(0));
}

Types infer(const Trilu&, const RuleInputs& in) {
  if (in.rank(0) < 2) return invalid_model("input 0 " + to_text(in.shape(0)) + " is no matrix");
  if (in.has(1) && (element_count(in.shape(1)) != 1 || in.dtype(1) != DType::I64))
    return invalid_model("the diagonal is " + to_text(in.type(1)) + ", not one i64");
  return one(in.dtype(0), in.shape(0));
}

Types infer(const CenterCropPad& op, const RuleInputs& in) {
  KEEL_TRY(const Ints extents, constant_ints(in, 1, "extents"));
  Ints axes = op.axes;
  if (axes.empty())
    for (std::size_t i = 0; i < in.rank(0); ++i) axes.push_back(static_cast<std::int64_t>(i));
  if (axes.size() != extents.size())
    return invalid_model(std::to_string(extents.size()) + " extents for " +
                         std::to_string(axes.size()) + " axes");
  Shape shape = in.shape(0);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    KEEL_TRY(const std::size_t axis, resolve_axis(axes[i], in.rank(0)));
    shape[axis] = extents[i];
  }
  return one(in.dtype(0), std::move(shape));
}

Types infer(const SizeOf&, const RuleInputs&) { return one(DType::I64, {}); }

}  // namespace keel::ir
