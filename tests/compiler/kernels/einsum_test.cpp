#include "tests/compiler/kernels/owned_call.h"

namespace keel::kernels {
namespace {

const Tensor kMatrix = f32({2, 3}, {1, 2, 3, 4, 5, 6});

Tensor einsum(const std::string& equation, std::vector<std::optional<Tensor>> inputs) {
  return result_of({ir::Einsum{equation}, std::move(inputs)});
}

TEST(Einsum, WithoutAnOutputTakesWhatOccursOnceInAlphabeticalOrder) {
  const Tensor y = einsum("ba", {kMatrix});
  EXPECT_EQ(y.shape(), (Shape{3, 2}));
  EXPECT_TRUE(has(y.as<float>(), {1, 4, 2, 5, 3, 6}));
  EXPECT_TRUE(has(einsum("ij,ij", {kMatrix, kMatrix}).as<float>(), {91}));
  EXPECT_EQ(einsum("...a", {kMatrix}).shape(), (Shape{2, 3}));
}

TEST(Einsum, ARepeatedLetterWalksTheDiagonal) {
  const Tensor square = f32({2, 2}, {1, 2, 3, 4});
  EXPECT_TRUE(has(einsum("ii->i", {square}).as<float>(), {1, 4}));
  EXPECT_TRUE(has(einsum("ii", {square}).as<float>(), {5}));
}

TEST(Einsum, EllipsesBroadcastFromTheirLastAxis) {
  const Tensor a = f32({2, 1, 2}, {1, 2, 3, 4}), b = f32({2, 2}, {1, 10, 100, 1000});
  const Tensor y = einsum("...i,...i->...", {a, b});
  EXPECT_EQ(y.shape(), (Shape{2, 2}));
  EXPECT_TRUE(has(y.as<float>(), {21, 2100, 43, 4300}));
}

TEST(Einsum, OfNothingIsZero) {
  EXPECT_TRUE(
      has(einsum("ij,jk->ik", {Tensor(DType::F32, {1, 0}), Tensor(DType::F32, {0, 2})}).as<float>(),
          {0, 0}));
}

TEST(Einsum, RefusesMalformedEquations) {
  const auto refusal = [](const std::string& equation, std::size_t operands = 1) {
    return refusal_of(ir::Einsum{equation}, std::vector<std::optional<Tensor>>(operands, kMatrix));
  };
  EXPECT_EQ(refusal("ij,jk->ik", 2),
            "einsum equation 'ij,jk->ik' gives one label the extents 3 and 2");
  EXPECT_EQ(refusal("ii->i"), "einsum equation 'ii->i' gives one label the extents 2 and 3");
  EXPECT_EQ(refusal("ij->ik"),
            "einsum equation 'ij->ik' has 'k' in its output, which is not once there and in an "
            "input");
  EXPECT_EQ(refusal("ij->ii"),
            "einsum equation 'ij->ii' has 'i' in its output, which is not once there and in an "
            "input");
  EXPECT_EQ(refusal("ij,ij->"), "einsum equation 'ij,ij->' has 2 operands, the node 1");
  EXPECT_EQ(refusal("ijk->"), "einsum equation 'ijk->' names 3 axes of [2,3]");
  EXPECT_EQ(refusal("i->"), "einsum equation 'i->' names 1 axes of [2,3]");
  EXPECT_EQ(refusal("i1->"), "einsum equation 'i1->' has the character '1'");
  EXPECT_EQ(refusal("i..->"), "einsum equation 'i..->' has the character '.'");
  EXPECT_EQ(refusal("......->"), "einsum equation '......->' has two ellipses in one operand");
  EXPECT_EQ(refusal("ij->->"), "einsum equation 'ij->->' has the character '-'");
  EXPECT_EQ(refusal(""), "einsum equation '' names 0 axes of [2,3]");
}

TEST(Einsum, RefusesAnOutputOfTooManyElements) {
  const Tensor wide = Tensor(DType::F32, {1 << 20, 0});
  EXPECT_EQ(refusal_of(ir::Einsum{"ax,bx,cx->abc"}, {wide, wide, wide}),
            "shape [1048576,1048576,1048576] has more than 1099511627776 elements");
}

TEST(Det, IsThatOfTheIdentityWithoutRows) {
  EXPECT_TRUE(has(floats_of({ir::Det{}, {Tensor(DType::F32, {2, 0, 0})}}), {1, 1}));
  EXPECT_TRUE(has(floats_of({ir::Det{}, {f32({2, 2}, {0, 2, 3, 4})}}), {-6}));
  EXPECT_TRUE(has(floats_of({ir::Det{}, {f32({2, 2}, {1, 2, 2, 4})}}), {0}));
  EXPECT_EQ(refusal_of(ir::Det{}, {kMatrix}), "Det of [2,3], not of square matrices");
}

}  // namespace
}  // namespace keel::kernels
