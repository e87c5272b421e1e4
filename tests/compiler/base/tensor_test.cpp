#include "compiler/base/tensor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <utility>

namespace keel {
namespace {

TEST(TensorBlocks, HaveTheShapeAndTheBytesOfWhatTheyHold) {
  Tensor held(DType::F32, {2, 3, 4, 8});
  const std::byte* bytes = held.bytes().data();
  const Tensor tensor = Tensor::in_blocks(held, {2, 20, 4});
  EXPECT_EQ(tensor.shape(), (Shape{2, 20, 4}));
  EXPECT_EQ(tensor.size(), 160);
  EXPECT_EQ(tensor.block(), 8);
  EXPECT_EQ(tensor.bytes().size(), 192 * sizeof(float));
  EXPECT_EQ(tensor.blocks().type(), held.type());
  EXPECT_EQ(tensor.blocks().bytes().data(), bytes);
}

TEST(Tensor, BeginsOnACacheLine) {
  for (std::int64_t size = 0; size < 70; ++size) {
    Tensor tensor(DType::U8, {size});
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensor.bytes().data()) % 64, 0u) << size;
    std::ranges::fill(tensor.fill<std::uint8_t>(), std::uint8_t{7});
    const Tensor copy = std::exchange(tensor, Tensor());
    EXPECT_TRUE(std::ranges::all_of(copy.as<std::uint8_t>(), [](int value) { return value == 7; }));
  }
}

TEST(TensorDerived, IsMadeOnceForAllCopiesOfLastingContent) {
  const Tensor tensor = make_f32({2}, std::array{1.0f, 2.0f});
  int made = 0;
  const auto make = [&] {
    ++made;
    return make_f32({1}, std::array{3.0f});
  };
  const Digest key{1, 2};
  tensor.derived(key, make);
  tensor.derived(key, make);
  EXPECT_EQ(made, 2);  // nothing says that anyone will ask again
  tensor.lasting();
  const Tensor copy = tensor.reshaped({2, 1});
  EXPECT_TRUE(copy.is_lasting());
  EXPECT_EQ(tensor.derived(key, make).bytes().data(), copy.derived(key, make).bytes().data());
  EXPECT_EQ(made, 3);
  copy.derived({1, 3}, make);
  EXPECT_EQ(made, 4);
}

}  // namespace
}  // namespace keel
