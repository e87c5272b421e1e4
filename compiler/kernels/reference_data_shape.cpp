#include <algorithm>
#include <numeric>

#include "compiler/base/host_type.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/take.h"

// Compress, NonZero, Unique: the data decides the shape of the result.

namespace keel::kernels {
namespace {

template <class Family>
bool supports(const Call& call) {
  return std::holds_alternative<Family>(call.op);
}

// x along `axis`, or flat.
struct Slices {
  Tensor x;
  std::size_t axis = 0;
};

Result<Slices> slices_of(const Tensor& x, bool has_axis, std::int64_t axis) {
  if (!has_axis) return Slices{x.reshaped({x.size()}), 0};
  const auto rank = static_cast<std::int64_t>(x.shape().size());
  if (axis < -rank || axis >= rank)
    return Error{ErrorCode::InvalidModel,
                 "axis " + std::to_string(axis) + " is not one of " + to_text(x.shape()), "", ""};
  return Slices{x, axis_index(axis, x.shape().size())};
}

Tensor i64_vector(const std::vector<std::int64_t>& values) {
  return make_i64({static_cast<std::int64_t>(values.size())}, values);
}

bool supports_compress(const Call& call) {
  return std::holds_alternative<ir::Compress>(call.op) && call.inputs[1]->dtype() == DType::Bool;
}

Result<std::vector<Tensor>> run_compress(const Call& call) {
  const auto& op = std::get<ir::Compress>(call.op);
  KEEL_TRY(const Slices slices, slices_of(*call.inputs[0], op.has_axis, op.axis));
  const std::span<const std::uint8_t> condition = call.inputs[1]->as<std::uint8_t>();
  const auto extent = static_cast<std::size_t>(slices.x.shape()[slices.axis]);
  if (condition.size() > extent)
    return Error{ErrorCode::InvalidModel,
                 "Compress has " + std::to_string(condition.size()) + " conditions for " +
                     std::to_string(extent) + " slices",
                 "", ""};
  std::vector<std::int64_t> kept;
  for (std::size_t i = 0; i < condition.size(); ++i)
    if (condition[i] != 0) kept.push_back(static_cast<std::int64_t>(i));
  return std::vector<Tensor>{take(slices.x, slices.axis, kept)};
}

Result<std::vector<Tensor>> run_non_zero(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const std::size_t rank = x.shape().size();
  std::vector<std::vector<std::int64_t>> places(rank);
  with_host_type(x.dtype(), [&](auto element) {
    using T = decltype(element);
    auto value = x.as<T>().begin();
    for_each_index(x.shape(), [&](const Shape& index) {
      if (*value++ == T{0}) return;
      for (std::size_t i = 0; i < rank; ++i) places[i].push_back(index[i]);
    });
  });
  const std::size_t count = rank == 0 ? 0 : places[0].size();
  std::vector<std::int64_t> flat;
  for (const std::vector<std::int64_t>& axis : places)
    flat.insert(flat.end(), axis.begin(), axis.end());
  return std::vector<Tensor>{
      make_i64({static_cast<std::int64_t>(rank), static_cast<std::int64_t>(count)}, flat)};
}

// The elements of one slice, as a value to compare by.
template <class T>
std::vector<T> elements_of(const Tensor& x, std::size_t axis, std::int64_t slice) {
  const Tensor one = take(x, axis, std::span(&slice, 1));
  return {one.as<T>().begin(), one.as<T>().end()};
}

struct UniqueSlices {
  std::vector<std::int64_t> first, inverse, counts;
};

template <class T>
UniqueSlices unique_slices(const Slices& slices, bool sorted) {
  const std::int64_t extent = slices.x.shape()[slices.axis];
  std::vector<std::vector<T>> content;
  for (std::int64_t i = 0; i < extent; ++i)
    content.push_back(elements_of<T>(slices.x, slices.axis, i));
  const auto at = [&](std::int64_t i) -> const std::vector<T>& {
    return content[static_cast<std::size_t>(i)];
  };
  std::vector<std::int64_t> order(content.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, [&](auto a, auto b) { return at(a) < at(b); });

  // Groups of equal slices, each from its first on; then the groups in the order asked for.
  std::vector<std::vector<std::int64_t>> groups;
  for (const std::int64_t i : order) {
    if (groups.empty() || at(groups.back()[0]) != at(i)) groups.emplace_back();
    groups.back().push_back(i);
  }
  if (!sorted) std::ranges::sort(groups, {}, [](const auto& group) { return group[0]; });

  UniqueSlices result{{}, std::vector<std::int64_t>(content.size()), {}};
  for (std::size_t g = 0; g < groups.size(); ++g) {
    result.first.push_back(groups[g][0]);
    result.counts.push_back(static_cast<std::int64_t>(groups[g].size()));
    for (const std::int64_t i : groups[g])
      result.inverse[static_cast<std::size_t>(i)] = static_cast<std::int64_t>(g);
  }
  return result;
}

Result<std::vector<Tensor>> run_unique(const Call& call) {
  const auto& op = std::get<ir::Unique>(call.op);
  KEEL_TRY(const Slices slices, slices_of(*call.inputs[0], op.has_axis, op.axis));
  const UniqueSlices unique = with_host_type(slices.x.dtype(), [&](auto element) {
    return unique_slices<decltype(element)>(slices, op.sorted);
  });
  std::vector<Tensor> outputs{take(slices.x, slices.axis, unique.first), i64_vector(unique.first),
                              i64_vector(unique.inverse), i64_vector(unique.counts)};
  outputs.resize(call.outputs.size());
  return outputs;
}

}  // namespace

const Kernel kReferenceCompress{"reference-compress", supports_compress, run_compress};
const Kernel kReferenceNonZero{"reference-non-zero", supports<ir::NonZero>, run_non_zero};
const Kernel kReferenceUnique{"reference-unique", supports<ir::Unique>, run_unique};

}  // namespace keel::kernels
