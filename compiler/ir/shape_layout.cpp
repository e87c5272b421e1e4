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
  if (in.dtype(1) != DType::I64 && in.dtype(1) != DType::I32)
    return invalid_model("indices are " + std::string(name(in.dtype(1))) + ", not i64 or i32");
  const std::int64_t extent = in.shape(0)[axis];
  if (in.facts[1].constant != nullptr) {
    KEEL_TRY(const Ints indices, ints_of(*in.facts[1].constant));
    for (const std::int64_t i : indices)
      if (i < -extent || i >= extent)
        return invalid_model("index " + std::to_string(i) + " is outside [" +
                             std::to_string(-extent) + ", " + std::to_string(extent) +
                             ") of axis " + std::to_string(axis));
  }
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
  if (in.has(2) && element_count(in.shape(2)) != 1)
    return invalid_model("the padding value has shape " + to_text(in.shape(2)) +
                         ", not one element");
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

Types infer(const ConstantOfShape& op, const RuleInputs& in) {
  KEEL_TRY(Shape shape, constant_ints(in, 0, "shape"));
  return one(op.dtype, std::move(shape));
}

}  // namespace keel::ir
