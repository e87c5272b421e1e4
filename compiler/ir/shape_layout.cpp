#include <algorithm>
#include <array>
#include <string>

#include "compiler/ir/shape_rules.h"

namespace keel::ir {
namespace {

Types infer_reshape(const Reshape& op, const RuleInputs& in) {
  KEEL_TRY(const Ints wanted, constant_ints(in, 1, "shape"));
  const Shape& from = in.shape(0);
  const auto broken = [&](const std::string& why) {
    return invalid_model("cannot reshape " + to_text(from) + " to " + to_text(wanted) + ": " + why);
  };
  Shape shape = wanted;
  std::optional<std::size_t> free_axis;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] < -1) return broken("an extent is below -1");
    if (shape[i] == -1) {
      if (free_axis) return broken("two extents are -1");
      free_axis = i;
      shape[i] = 1;
    } else if (shape[i] == 0 && !op.allow_zero) {
      if (i >= from.size()) return broken("extent 0 copies an axis that does not exist");
      shape[i] = from[i];
    }
  }
  KEEL_TRY_STATUS(check_extents(shape));
  const std::int64_t count = element_count(from), known = element_count(shape);
  if (free_axis) {
    if (known == 0) return broken("the extent -1 could be anything");
    if (count % known != 0) return broken("the element counts do not divide");
    shape[*free_axis] = count / known;
  } else if (count != known) {
    return broken("the element counts are " + std::to_string(count) + " and " +
                  std::to_string(known));
  }
  return one(in.dtype(0), std::move(shape));
}

Status one_condition(const RuleInputs& in) {
  if (in.dtype(0) == DType::Bool && element_count(in.shape(0)) == 1) return Done{};
  return invalid_model("the condition is " + to_text(in.type(0)) + ", not one bool");
}

Types infer_squeeze(const RuleInputs& in) {
  const Shape& from = in.shape(0);
  Ints axes;
  if (in.has(1)) {
    KEEL_TRY(const Ints given, constant_ints(in, 1, "axes"));
    KEEL_TRY(axes, resolve_axes(given, from.size()));
  } else {
    for (std::size_t i = 0; i < from.size(); ++i)
      if (from[i] == 1) axes.push_back(static_cast<std::int64_t>(i));
  }
  Shape shape;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (!std::ranges::binary_search(axes, static_cast<std::int64_t>(i))) {
      shape.push_back(from[i]);
    } else if (from[i] != 1) {
      return invalid_model("cannot squeeze axis " + std::to_string(i) + " of " + to_text(from) +
                           ": its extent is " + std::to_string(from[i]) + ", not 1");
    }
  }
  return one(in.dtype(0), std::move(shape));
}

Types infer_unsqueeze(const RuleInputs& in) {
  KEEL_TRY(const Ints given, constant_ints(in, 1, "axes"));
  KEEL_TRY(const Ints axes, resolve_axes(given, in.rank(0) + given.size()));
  Shape shape = in.shape(0);
  for (const std::int64_t axis : axes) shape.insert(shape.begin() + axis, 1);
  return one(in.dtype(0), std::move(shape));
}

Types infer_flatten(const Reshape& op, const RuleInputs& in) {
  // The axis may also be the rank: everything before it, and one column.
  const auto rank = static_cast<std::int64_t>(in.rank(0));
  std::size_t axis = in.rank(0);
  if (op.axis != rank) {
    KEEL_TRY(axis, resolve_axis(op.axis, in.rank(0)));
  }
  const auto middle = in.shape(0).begin() + static_cast<std::ptrdiff_t>(axis);
  return one(in.dtype(0), {element_count({in.shape(0).begin(), middle}),
                           element_count({middle, in.shape(0).end()})});
}

}  // namespace

Types infer(const Reshape& op, const RuleInputs& in) {
  switch (op.kind) {
    case ReshapeKind::Reshape:
      return infer_reshape(op, in);
    case ReshapeKind::Squeeze:
      return infer_squeeze(in);
    case ReshapeKind::Unsqueeze:
      return infer_unsqueeze(in);
    case ReshapeKind::Flatten:
      return infer_flatten(op, in);
  }
  KEEL_CHECK(false && "a ReshapeKind outside its enumeration");
}

Types infer(const Transpose& op, const RuleInputs& in) {
  const Shape& from = in.shape(0);
  if (op.perm.empty()) return one(in.dtype(0), {from.rbegin(), from.rend()});
  Ints sorted = op.perm, identity;
  for (std::size_t i = 0; i < from.size(); ++i) identity.push_back(static_cast<std::int64_t>(i));
  std::ranges::sort(sorted);
  if (sorted != identity)
    return invalid_model("perm " + to_text(op.perm) + " is not a permutation of the axes of " +
                         to_text(from));
  Shape shape;
  for (const std::int64_t axis : op.perm) shape.push_back(from[static_cast<std::size_t>(axis)]);
  return one(in.dtype(0), std::move(shape));
}

Types infer(const LoopEnd&, const RuleInputs& in) {
  KEEL_TRY_STATUS(one_condition(in));
  return one(in.dtype(1), in.shape(1));
}

Types infer(const Choose&, const RuleInputs& in) {
  KEEL_TRY_STATUS(one_condition(in));
  KEEL_TRY_STATUS(same_dtype(in, 1, 2));
  if (const Tensor* condition = in.facts[0].constant)
    return one(in.dtype(1), in.shape(condition->as<std::uint8_t>()[0] != 0 ? 1 : 2));
  if (in.shape(1) == in.shape(2)) return one(in.dtype(1), in.shape(1));
  return Error{ErrorCode::Unsupported,
               "the branches give " + to_text(in.shape(1)) + " and " + to_text(in.shape(2)) +
                   ", and the data decides which",
               "", "give samples: the shapes of one stand for all"};
}

Types infer(const Concat& op, const RuleInputs& in) {
  KEEL_TRY(const std::size_t axis, resolve_axis(op.axis, in.rank(0)));
  Shape shape = in.shape(0);
  for (std::size_t i = 1; i < in.size(); ++i) {
    KEEL_TRY_STATUS(same_dtype(in, 0, i));
    Shape other = in.shape(i);
    if (other.size() == shape.size()) other[axis] = shape[axis];
    if (other != shape)
      return invalid_model("cannot concatenate " + to_text(in.shape(0)) + " and " +
                           to_text(in.shape(i)) + " along axis " + std::to_string(axis));
    shape[axis] += in.shape(i)[axis];
  }
  return one(in.dtype(0), std::move(shape));
}

Types infer(const Slice&, const RuleInputs& in) {
  constexpr std::array kRoles = {"starts", "ends", "axes", "steps"};
  std::array<const Tensor*, kRoles.size()> parameters{};
  for (std::size_t i = 0; i < kRoles.size(); ++i) {
    if (!in.has(i + 1)) continue;
    KEEL_TRY_STATUS(constant_ints(in, i + 1, kRoles[i]));
    parameters[i] = in.facts[i + 1].constant;
  }
  KEEL_TRY(SliceRange range, resolve_slice(in.shape(0), parameters));
  return one(in.dtype(0), std::move(range.extents));
}

Types infer(const Split& op, const RuleInputs& in) {
  KEEL_TRY(const std::size_t axis, resolve_axis(op.axis, in.rank(0)));
  const std::int64_t extent = in.shape(0)[axis];
  const auto parts = static_cast<std::int64_t>(in.output_count);
  KEEL_CHECK(parts > 0);
  Ints sizes;
  if (in.has(1)) {
    KEEL_TRY(sizes, constant_ints(in, 1, "sizes"));
  } else {
    // The last part is smaller where the extent does not divide.
    const std::int64_t size = (extent + parts - 1) / parts;
    sizes.assign(in.output_count, size);
    sizes.back() = extent - size * (parts - 1);
  }
  std::int64_t rest = extent;
  for (const std::int64_t size : sizes) {
    if (size < 0 || size > rest) rest = -1;
    if (rest >= 0) rest -= size;
  }
  if (rest != 0)
    return invalid_model("sizes " + to_text(sizes) + " do not add up to extent " +
                         std::to_string(extent) + " of axis " + std::to_string(axis));
  std::vector<TensorType> types;
  for (const std::int64_t size : sizes) {
    types.push_back(in.type(0));
    types.back().shape[axis] = size;
  }
  return types;
}

Types infer(const Gather& op, const RuleInputs& in) {
  KEEL_TRY(const std::size_t axis, resolve_axis(op.axis, in.rank(0)));
  KEEL_TRY_STATUS(index_operand(in, 1, in.shape(0)[axis], axis));
  const auto at = static_cast<std::ptrdiff_t>(axis);
  Shape shape(in.shape(0).begin(), in.shape(0).begin() + at);
  shape.insert(shape.end(), in.shape(1).begin(), in.shape(1).end());
  shape.insert(shape.end(), in.shape(0).begin() + at + 1, in.shape(0).end());
  return one(in.dtype(0), std::move(shape));
}

Types infer(const Expand&, const RuleInputs& in) {
  KEEL_TRY(const Ints wanted, constant_ints(in, 1, "shape"));
  KEEL_TRY_STATUS(check_extents(wanted));
  std::optional<Shape> shape = broadcast(in.shape(0), wanted);
  if (!shape)
    return invalid_model("cannot expand " + to_text(in.shape(0)) + " to " + to_text(wanted));
  return one(in.dtype(0), *std::move(shape));
}

Types infer(const Tile&, const RuleInputs& in) {
  KEEL_TRY(const Ints repeats, constant_ints(in, 1, "repeats"));
  Shape shape = in.shape(0);
  if (repeats.size() != shape.size())
    return invalid_model("repeats has " + std::to_string(repeats.size()) +
                         " values, not one for each of " + std::to_string(shape.size()) + " axes");
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (repeats[i] < 0 || __builtin_mul_overflow(shape[i], repeats[i], &shape[i]))
      return invalid_model("axis " + std::to_string(i) + " of " + to_text(in.shape(0)) +
                           " cannot be repeated " + std::to_string(repeats[i]) + " times");
  return one(in.dtype(0), std::move(shape));
}

Types infer(const Pad& op, const RuleInputs& in) {
  KEEL_TRY(const Ints pads, constant_ints(in, 1, "pads"));
  Shape shape = in.shape(0);
  if (pads.size() != 2 * shape.size())
    return invalid_model("pads has " + std::to_string(pads.size()) +
                         " values, not two for each of " + std::to_string(shape.size()) + " axes");
  KEEL_TRY_STATUS(one_element(in, 2, "padding value"));
  for (std::size_t i = 0; i < pads.size(); ++i) {
    if (pads[i] < -kLargestElementCount || pads[i] > kLargestElementCount)
      return invalid_model("pads has the value " + std::to_string(pads[i]) + ", beyond " +
                           std::to_string(kLargestElementCount));
    shape[i % shape.size()] += pads[i];
  }
  KEEL_TRY_STATUS(check_extents(shape));
  for (std::size_t i = 0; op.mode != PadMode::Constant && i < shape.size(); ++i) {
    const std::int64_t begin = pads[i], end = pads[shape.size() + i];
    const std::int64_t left =
        in.shape(0)[i] + std::min<std::int64_t>(begin, 0) + std::min<std::int64_t>(end, 0);
    if (left <= 0 && shape[i] > 0)
      return invalid_model("axis " + std::to_string(i) + " of " + to_text(in.shape(0)) +
                           " has no element to pad with");
  }
  return one(in.dtype(0), std::move(shape));
}

Types infer(const ShapeOf& op, const RuleInputs& in) {
  const auto rank = static_cast<std::int64_t>(in.rank(0));
  const auto clamped = [&](std::int64_t at) {
    return std::clamp<std::int64_t>(at < 0 ? at + rank : at, 0, rank);
  };
  return one(DType::I64, {std::max<std::int64_t>(clamped(op.end) - clamped(op.start), 0)});
}

Types infer(const SizeOf&, const RuleInputs&) { return one(DType::I64, {}); }

Types infer(const DepthSpace& op, const RuleInputs& in) {
  Shape shape = in.shape(0);
  // A larger block has no element to move, and its square might not be an i64.
  constexpr std::int64_t kLargestBlock = std::int64_t{1} << 20;
  if (shape.size() != 4 || op.block < 1 || op.block > kLargestBlock)
    return invalid_model("blocks of " + std::to_string(op.block) + " pixels in x of shape " +
                         to_text(shape));
  const std::int64_t area = op.block * op.block;
  const bool to_space = op.kind == DepthSpaceKind::DepthToSpace;
  const bool divides =
      to_space ? shape[1] % area == 0 : shape[2] % op.block == 0 && shape[3] % op.block == 0;
  if (!divides)
    return invalid_model("blocks of " + std::to_string(op.block) + " pixels do not divide " +
                         (to_space ? "the channels of " : "the planes of ") + to_text(shape));
  if (to_space)
    return one(in.dtype(0), {shape[0], shape[1] / area, shape[2] * op.block, shape[3] * op.block});
  if (__builtin_mul_overflow(shape[1], area, &shape[1]))
    return invalid_model("x of shape " + to_text(in.shape(0)) + " has too many channels");
  return one(in.dtype(0), {shape[0], shape[1], shape[2] / op.block, shape[3] / op.block});
}

Types infer(const ReverseSequence& op, const RuleInputs& in) {
  KEEL_TRY(const std::size_t batch, resolve_axis(op.batch_axis, in.rank(0)));
  KEEL_TRY(const std::size_t time, resolve_axis(op.time_axis, in.rank(0)));
  if (batch == time)
    return invalid_model("batch axis and time axis are both " + std::to_string(batch));
  KEEL_TRY_STATUS(expect_shape(in, 1, "list of sequence lengths", {in.shape(0)[batch]}));
  return one(in.dtype(0), in.shape(0));
}

Types infer(const Trilu&, const RuleInputs& in) {
  if (in.rank(0) < 2)
    return invalid_model("x of shape " + to_text(in.shape(0)) + " has no matrices");
  KEEL_TRY_STATUS(one_element(in, 1, "diagonal"));
  return one(in.dtype(0), in.shape(0));
}

Types infer(const CenterCropPad& op, const RuleInputs& in) {
  KEEL_TRY(const Ints extents, constant_ints(in, 1, "shape"));
  Shape shape = in.shape(0);
  KEEL_TRY_STATUS(resolve_axes(op.axes, shape.size()));
  const std::size_t count = op.axes.empty() ? shape.size() : op.axes.size();
  if (extents.size() != count)
    return invalid_model("shape has " + std::to_string(extents.size()) +
                         " values, not one for each of " + std::to_string(count) + " axes");
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t axis = i;
    if (!op.axes.empty()) {
      KEEL_TRY(axis, resolve_axis(op.axes[i], shape.size()));
    }
    shape[axis] = extents[i];
  }
  return one(in.dtype(0), std::move(shape));
}

Types infer(const ConstantOfShape& op, const RuleInputs& in) {
  KEEL_TRY(Shape shape, constant_ints(in, 0, "shape"));
  return one(op.dtype, std::move(shape));
}

}  // namespace keel::ir
