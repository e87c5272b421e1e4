#include <gtest/gtest.h>

#include "compiler/ir/shape_inference.h"

namespace keel::ir {
namespace {

// The windows a sliding loop finds: those that start inside the input or its begin padding.
std::int64_t count_windows(const Window& window, std::int64_t extent, bool ceil_mode) {
  const std::int64_t reach = window.dilations[0] * (window.kernel[0] - 1) + 1;
  const std::int64_t padded = extent + window.pads_begin[0] + window.pads_end[0];
  std::int64_t count = 0;
  for (std::int64_t start = 0;; start += window.strides[0], ++count) {
    const bool fits = start + reach <= padded;
    const bool partly = ceil_mode && start - window.strides[0] + reach < padded &&
                        start < extent + window.pads_begin[0];
    if (!fits && !partly) return count;
  }
}

TEST(Window, OutputIsTheNumberOfWindowsThatFit) {
  for (std::int64_t extent = 1; extent <= 9; ++extent)
    for (std::int64_t kernel = 1; kernel <= 4; ++kernel)
      for (std::int64_t stride = 1; stride <= 3; ++stride)
        for (std::int64_t dilation = 1; dilation <= 2; ++dilation)
          for (std::int64_t pad = 0; pad < kernel; ++pad)
            for (const bool ceil_mode : {false, true}) {
              const Result<Window> window =
                  resolve_window({extent}, {kernel}, {stride}, {dilation}, {pad, kernel - 1 - pad},
                                 AutoPad::NotSet, ceil_mode);
              const std::int64_t reach = dilation * (kernel - 1) + 1;
              if (extent + kernel - 1 < reach) {
                EXPECT_FALSE(window.ok());
                continue;
              }
              ASSERT_TRUE(window.ok()) << window.error().what;
              EXPECT_EQ(window->output[0], count_windows(*window, extent, ceil_mode))
                  << "extent " << extent << " kernel " << kernel << " stride " << stride
                  << " dilation " << dilation << " pad " << pad << " ceil " << ceil_mode;
            }
}

TEST(Window, SameKeepsTheExtentOverTheStride) {
  const Window upper = *resolve_window({7}, {4}, {2}, {}, {}, AutoPad::SameUpper, false);
  EXPECT_EQ(upper.output, Ints{4});
  EXPECT_EQ(upper.pads_begin, Ints{1});
  EXPECT_EQ(upper.pads_end, Ints{2});
  const Window lower = *resolve_window({7}, {4}, {2}, {}, {}, AutoPad::SameLower, false);
  EXPECT_EQ(lower.pads_begin, Ints{2});
  EXPECT_EQ(lower.pads_end, Ints{1});
}

TEST(Window, ValidIgnoresPads) {
  const Window window = *resolve_window({7}, {3}, {}, {}, {5, 5}, AutoPad::Valid, false);
  EXPECT_EQ(window.output, Ints{5});
  EXPECT_EQ(window.pads_begin, Ints{0});
}

std::string error_of(const Result<Window>& window) {
  return window.ok() ? "no error" : window.error().what;
}

TEST(Window, ErrorsNameBothValues) {
  EXPECT_EQ(error_of(resolve_window({3}, {5}, {}, {}, {0, 1}, AutoPad::NotSet, false)),
            "a window that spans 5 does not fit the padded extent 4 of spatial axis 0");
  EXPECT_EQ(error_of(resolve_window({3}, {1}, {1, 1}, {}, {}, AutoPad::NotSet, false)),
            "strides has 2 values, not 1");
  EXPECT_EQ(error_of(resolve_window({3}, {1}, {0}, {}, {}, AutoPad::NotSet, false)),
            "strides has the value 0, outside [1, 2147483648]");
  EXPECT_EQ(error_of(resolve_window({3}, {1}, {}, {}, {-1, 0}, AutoPad::NotSet, false)),
            "pads has the value -1, outside [0, 2147483648]");
  EXPECT_EQ(error_of(resolve_window({3}, {INT64_MAX}, {}, {}, {}, AutoPad::NotSet, false)),
            "kernel has the value 9223372036854775807, outside [1, 2147483648]");
}

}  // namespace
}  // namespace keel::ir
