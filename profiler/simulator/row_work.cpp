#include "profiler/simulator/row_work.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>

#include "compiler/base/check.h"
#include "compiler/base/shape.h"
#include "compiler/ir/shape_inference.h"

namespace keel::simulator {
namespace {

// Elements of a row that fill its core: kernels take several shorter rows in one go. A row of 256
// is four repeats of fp32.
constexpr double kFullRow = 256;

std::int64_t product(Shape::const_iterator first, Shape::const_iterator last) {
  return std::accumulate(first, last, std::int64_t{1}, std::multiplies{});
}

std::int64_t product_from(const Shape& shape, std::size_t axis) {
  return product(shape.begin() + static_cast<std::ptrdiff_t>(axis), shape.end());
}

std::int64_t product_before(const Shape& shape, std::size_t axis) {
  return product(shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(axis));
}

std::size_t positive(std::int64_t axis, std::size_t rank) {
  return static_cast<std::size_t>(axis < 0 ? axis + static_cast<std::int64_t>(rank) : axis);
}

struct RowsOf {
  const ir::Graph& graph;
  const ir::Node& node;

  const Shape& input(std::size_t i = 0) const { return graph[node.inputs[i]].type.shape; }
  const Shape& output() const { return graph[node.outputs[0]].type.shape; }

  RowWork rows_of(std::int64_t count, std::int64_t length) const {
    return {.rows =
                static_cast<double>(count) * std::min(1.0, static_cast<double>(length) / kFullRow)};
  }

  // Along one axis: rows where it is the last, else a stride over the axes behind it.
  RowWork along(std::int64_t axis) const {
    const Shape& x = input();
    if (x.empty()) return {};
    if (product_from(x, positive(axis, x.size()) + 1) > 1) return {.strided = true};
    const std::int64_t length = x[positive(axis, x.size())];
    return rows_of(length == 0 ? 0 : element_count(x) / length, length);
  }

  RowWork operator()(const ir::Softmax& op) const { return along(op.flatten ? -1 : op.axis); }
  RowWork operator()(const ir::Hardmax&) const { return along(-1); }
  RowWork operator()(const ir::ArgReduce& op) const { return along(op.axis); }
  RowWork operator()(const ir::TopK& op) const { return along(op.axis); }
  RowWork operator()(const ir::LpNorm& op) const { return along(op.axis); }
  RowWork operator()(const ir::LayerNorm& op) const {
    const Shape& x = input();
    const std::size_t axis = positive(op.axis, x.size());
    return rows_of(product_before(x, axis), product_from(x, axis));
  }
  RowWork operator()(const ir::InstanceNorm&) const { return of_channels(2); }
  RowWork operator()(const ir::GroupNorm& op) const {
    const Shape& x = input();
    const std::int64_t count = x[0] * op.groups;
    return rows_of(count, count == 0 ? 0 : element_count(x) / count);
  }
  RowWork operator()(const ir::Pool& op) const {
    return op.kernel.empty() ? of_channels(2) : RowWork{};
  }
  RowWork of_channels(std::size_t axis) const {
    const Shape& x = input();
    return rows_of(product_before(x, axis), product_from(x, axis));
  }
  RowWork operator()(const ir::Reduce&) const {
    const Shape& x = input();
    std::size_t kept = 0;  // leading axes, up to the last that is not reduced
    if (node.inputs.size() > 1 && node.inputs[1] != ir::kNoValue) {
      const std::optional<Tensor>& axes = graph[node.inputs[1]].constant;
      if (!axes) return {};
      const Result<ir::Ints> values = ir::ints_of(*axes);
      KEEL_CHECK(values.ok());
      for (kept = x.size(); kept > 0; --kept)
        if (std::ranges::none_of(
                *values, [&](std::int64_t axis) { return positive(axis, x.size()) == kept - 1; }))
          break;
    }
    const std::int64_t length = product_from(x, kept);
    return length <= 1 ? RowWork{} : rows_of(product_before(x, kept), length);
  }

  RowWork operator()(const ir::Transpose& op) const {
    const Shape& x = input();
    std::size_t moved = x.size();  // axes in front of those that stay at the end
    if (op.perm.empty()) return {.strided = x.size() > 1};
    while (moved > 0 && op.perm[moved - 1] == static_cast<std::int64_t>(moved) - 1) --moved;
    if (moved == 0) return {};
    if (moved == x.size()) return {.strided = true};
    return {.copied = product_before(x, moved)};
  }
  RowWork operator()(const ir::Concat& op) const {
    const Shape& y = output();
    return {.copied = static_cast<std::int64_t>(node.inputs.size()) *
                      product_before(y, positive(op.axis, y.size()))};
  }
  RowWork operator()(const ir::Split& op) const {
    const Shape& x = input();
    return {.copied = static_cast<std::int64_t>(node.outputs.size()) *
                      product_before(x, positive(op.axis, x.size()))};
  }
  RowWork operator()(const ir::Slice&) const { return runs(); }
  RowWork operator()(const ir::Pad&) const { return runs(); }
  // Of a result that differs from its operand in some extents: behind the last such axis all is
  // contiguous.
  RowWork runs() const {
    const Shape& x = input();
    const Shape& y = output();
    for (std::size_t axis = y.size(); axis > 0; --axis)
      if (x[axis - 1] != y[axis - 1]) return {.copied = product_before(y, axis - 1)};
    return {};
  }

  RowWork operator()(const ir::Gather& op) const {
    const Shape& x = input();
    const std::int64_t row = product_from(x, positive(op.axis, x.size()) + 1);
    return {.gathered = row == 0 ? 0 : element_count(output()) / row};
  }
  RowWork operator()(const ir::GatherNd&) const { return by_index(); }
  RowWork operator()(const ir::ScatterNd&) const { return by_index(); }
  RowWork by_index() const {
    const Shape& indices = input(1);
    return {.gathered = indices.empty() ? 1 : product_before(indices, indices.size() - 1)};
  }
  RowWork operator()(const ir::RoiAlign& op) const {
    constexpr std::int64_t kCorners = 4;  // of a bilinear sample; channels of one lie together
    return {.gathered = output()[0] * op.height * op.width * kCorners};
  }
  template <class Other>
  RowWork operator()(const Other&) const {
    return {};
  }
};

}  // namespace

RowWork row_work(const ir::Graph& graph, const program::Kernel& kernel) {
  RowWork work;
  for (const ir::NodeId member : kernel.members) {
    const RowWork one = std::visit(RowsOf{graph, graph[member]}, graph[member].op);
    work.rows = std::max(work.rows, one.rows);
    work.gathered += one.gathered;
    work.copied += one.copied;
    work.strided |= one.strided;
  }
  return work;
}

}  // namespace keel::simulator
