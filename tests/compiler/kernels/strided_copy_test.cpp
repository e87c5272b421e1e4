#include "compiler/kernels/strided_copy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "compiler/base/random.h"
#include "compiler/kernels/index.h"

namespace keel::kernels {
namespace {

// A random view of a row-major array: axes permuted, and some broadcast, skipped over or reversed.
struct View {
  Shape shape, strides;
  std::int64_t offset = 0;
  std::size_t size = 1;
};

View random_view(Rng& rng) {
  const std::size_t rank = rng.below(5);
  Shape extents;
  for (std::size_t i = 0; i < rank; ++i)
    extents.push_back(static_cast<std::int64_t>(rng.below(8) == 0 ? 70 : 1 + rng.below(5)));
  const Shape own = row_major_strides(extents);
  std::vector<std::size_t> order(rank);
  std::iota(order.begin(), order.end(), 0u);
  for (std::size_t i = rank; i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
  View view;
  view.size = static_cast<std::size_t>(element_count(extents));
  for (const std::size_t axis : order) {
    const std::uint64_t kind = rng.below(4);
    view.shape.push_back(extents[axis]);
    view.strides.push_back(own[axis]);
    if (kind == 0) view.strides.back() = 0;
    if (kind == 1) {
      view.offset += (extents[axis] - 1) * own[axis];
      view.strides.back() = -own[axis];
    }
    if (kind == 2 && extents[axis] > 2) {
      view.shape.back() = (extents[axis] + 1) / 2;
      view.strides.back() = 2 * own[axis];
    }
  }
  return view;
}

template <class T>
void expect_copies(const View& view) {
  std::vector<T> from(view.size);
  std::iota(from.begin(), from.end(), T{1});
  std::vector<T> expected;
  for_each_index(view.shape, [&](const Shape& index) {
    expected.push_back(
        from[static_cast<std::size_t>(view.offset) + offset_of(index, view.strides)]);
  });
  std::vector<T> to(expected.size());
  strided_copy(view.shape, sizeof(T), reinterpret_cast<std::byte*>(to.data()),
               row_major_strides(view.shape),
               reinterpret_cast<const std::byte*>(from.data() + view.offset), view.strides);
  EXPECT_EQ(to, expected) << to_text(view.shape) << " strides " << to_text(view.strides);
}

TEST(StridedCopy, ReadsAnyViewOfAnyElementSize) {
  Rng rng(3);
  for (int i = 0; i < 400; ++i) {
    const View view = random_view(rng);
    expect_copies<std::uint8_t>(view);
    expect_copies<std::uint16_t>(view);
    expect_copies<std::uint32_t>(view);
    expect_copies<std::uint64_t>(view);
  }
}

TEST(StridedCopy, CopiesNothingOfAnEmptyShape) {
  const std::byte from{1};
  std::byte to{2};
  strided_copy({3, 0}, 1, &to, {0, 1}, &from, {0, 1});
  EXPECT_EQ(to, std::byte{2});
}

}  // namespace
}  // namespace keel::kernels
