#include <gtest/gtest.h>

#include <array>

#include "compiler/base/random.h"
#include "compiler/ir/shape_inference.h"

namespace keel::ir {
namespace {

Tensor ints(const Ints& values) {
  return make_i64({static_cast<std::int64_t>(values.size())}, values);
}

Result<SliceRange> resolve(const Shape& shape, const Ints& starts, const Ints& ends,
                           const Ints& axes, const Ints& steps) {
  const Tensor tensors[] = {ints(starts), ints(ends), ints(axes), ints(steps)};
  return resolve_slice(
      shape, std::array<const Tensor*, 4>{&tensors[0], &tensors[1], &tensors[2], &tensors[3]});
}

// Python's range(extent)[start:end:step], where a start beyond the axis is clamped as ONNX says.
Ints selected(std::int64_t extent, std::int64_t start, std::int64_t end, std::int64_t step) {
  if (start < 0) start += extent;
  if (end < 0) end += extent;
  Ints picked;
  if (step > 0) {
    for (std::int64_t i = std::max<std::int64_t>(start, 0); i < std::min(end, extent); i += step)
      picked.push_back(i);
  } else {
    for (std::int64_t i = std::min(start, extent - 1); i >= 0 && i > end; i += step)
      picked.push_back(i);
  }
  return picked;
}

TEST(SliceRange, SelectsWhatPythonSelects) {
  for (std::int64_t extent = 0; extent <= 5; ++extent)
    for (std::int64_t start = -7; start <= 7; ++start)
      for (std::int64_t end = -7; end <= 7; ++end)
        for (const std::int64_t step : {-3, -2, -1, 1, 2, 3}) {
          const Result<SliceRange> range = resolve({2, extent}, {start}, {end}, {1}, {step});
          ASSERT_TRUE(range.ok());
          Ints picked;
          for (std::int64_t i = 0; i < range->extents[1]; ++i)
            picked.push_back(range->starts[1] + i * range->steps[1]);
          // Below the first element a negative start selects nothing when stepping down.
          const std::int64_t first = start < 0 ? start + extent : start;
          const Ints wanted = step < 0 && first < 0 && extent > 0
                                  ? selected(extent, 0, end, step)
                                  : selected(extent, start, end, step);
          ASSERT_EQ(picked, wanted) << extent << ": " << start << ":" << end << ":" << step;
          ASSERT_EQ(range->extents[0], 2);
        }
}

TEST(SliceRange, ExtremesDoNotOverflow) {
  const SliceRange back = *resolve({5}, {INT64_MAX}, {INT64_MIN}, {0}, {-1});
  EXPECT_EQ(back.starts, Ints{4});
  EXPECT_EQ(back.extents, Ints{5});
  const SliceRange far = *resolve({5}, {INT64_MAX}, {INT64_MIN}, {0}, {INT64_MIN});
  EXPECT_EQ(far.extents, Ints{1});
  const SliceRange wide = *resolve({5}, {INT64_MIN}, {INT64_MAX}, {0}, {INT64_MAX});
  EXPECT_EQ(wide.starts, Ints{0});
  EXPECT_EQ(wide.extents, Ints{1});
}

TEST(SliceRange, AxesAndStepsMayBeAbsent) {
  const Tensor starts = ints({1, 0}), ends = ints({3, -1});
  const SliceRange range =
      *resolve_slice({4, 5, 6}, std::array<const Tensor*, 4>{&starts, &ends, nullptr, nullptr});
  EXPECT_EQ(range.extents, (Ints{2, 4, 6}));
}

std::string error_of(const Result<SliceRange>& range) {
  return range.ok() ? "no error" : range.error().what;
}

TEST(SliceRange, ErrorsNameBothValues) {
  EXPECT_EQ(error_of(resolve({4}, {0, 1}, {1}, {0}, {1})),
            "Slice has 2 starts, 1 ends, 1 axes and 1 steps");
  EXPECT_EQ(error_of(resolve({4}, {0}, {1}, {0}, {0})), "step 0 of Slice is 0");
  EXPECT_EQ(error_of(resolve({4}, {0}, {1}, {1}, {1})), "axis 1 is outside [-1, 1) of rank 1");
  EXPECT_EQ(error_of(resolve({4, 4}, {0, 0}, {1, 1}, {0, -2}, {1, 1})), "axis 0 is given twice");
}

}  // namespace
}  // namespace keel::ir
