#include "tests/compiler/kernels/owned_call.h"

namespace keel::kernels {
namespace {

Tensor counting(Shape shape) {
  Tensor tensor(DType::F32, std::move(shape));
  float next = 0;
  for (float& value : tensor.fill<float>()) value = next++;
  return tensor;
}

TEST(LayoutKernels, TransposePermutesAxes) {
  EXPECT_TRUE(has(floats_of({ir::Transpose{}, {counting({2, 3})}}), {0, 3, 1, 4, 2, 5}));
  EXPECT_TRUE(
      has(floats_of({ir::Transpose{{1, 0, 2}}, {counting({2, 2, 2})}}), {0, 1, 4, 5, 2, 3, 6, 7}));
}

TEST(LayoutKernels, SliceTakesStepsInBothDirections) {
  const OwnedCall forward(ir::Slice{},
                          {counting({6}), i64({1}, {1}), i64({1}, {100}), {}, i64({1}, {2})});
  EXPECT_TRUE(has(floats_of(forward), {1, 3, 5}));
  const OwnedCall backward(ir::Slice{}, {counting({2, 3}), i64({1}, {-1}), i64({1}, {-100}),
                                         i64({1}, {1}), i64({1}, {-2})});
  EXPECT_TRUE(has(floats_of(backward), {2, 0, 5, 3}));
}

TEST(LayoutKernels, SliceMayBeEmpty) {
  EXPECT_TRUE(has(floats_of({ir::Slice{}, {counting({4}), i64({1}, {3}), i64({1}, {1})}}), {}));
}

TEST(LayoutKernels, ExpandRepeatsAlongBroadcastAxes) {
  EXPECT_TRUE(has(floats_of({ir::Expand{}, {counting({2, 1}), i64({3}, {2, 1, 2})}}),
                  {0, 0, 1, 1, 0, 0, 1, 1}));
}

TEST(LayoutKernels, SplitCutsUnequalParts) {
  const OwnedCall call(ir::Split{1}, {counting({2, 3}), i64({2}, {1, 2})}, 2);
  const Result<Tensors> parts = call.run();
  ASSERT_TRUE(parts.ok());
  EXPECT_TRUE(has((*parts)[0].as<float>(), {0, 3}));
  EXPECT_TRUE(has((*parts)[1].as<float>(), {1, 2, 4, 5}));
}

TEST(LayoutKernels, ConcatJoinsAlongTheAxis) {
  EXPECT_TRUE(
      has(floats_of({ir::Concat{-1}, {counting({2, 1}), counting({2, 2})}}), {0, 0, 1, 1, 2, 3}));
}

TEST(LayoutKernels, PadAddsAndCrops) {
  const OwnedCall call(ir::Pad{}, {counting({2, 3}), i64({4}, {1, -1, 0, 2}), f32({}, {9})});
  EXPECT_TRUE(has(floats_of(call), {9, 9, 9, 9, 1, 2, 9, 9, 4, 5, 9, 9}));
}

TEST(LayoutKernels, PadIsZeroWithoutAValue) {
  EXPECT_TRUE(has(floats_of({ir::Pad{}, {f32({1}, {5}), i64({2}, {1, 1})}}), {0, 5, 0}));
}

TEST(LayoutKernels, PadReflectsWithoutRepeatingTheEdge) {
  const auto reflected = [](Shape shape, Ints pads) {
    const auto count = static_cast<std::int64_t>(pads.size());
    return floats_of({ir::Pad{ir::PadMode::Reflect},
                      {counting(std::move(shape)), i64({count}, std::move(pads))}});
  };
  EXPECT_TRUE(has(reflected({4}, {2, 1}), {2, 1, 0, 1, 2, 3, 2}));
  EXPECT_TRUE(has(reflected({3}, {0, 5}), {0, 1, 2, 1, 0, 1, 2, 1}));
  EXPECT_TRUE(has(reflected({1}, {1, 1}), {0, 0, 0}));
  EXPECT_TRUE(has(reflected({5}, {-1, 2}), {1, 2, 3, 4, 3, 2}));
  EXPECT_TRUE(has(reflected({5}, {2, -2}), {2, 1, 0, 1, 2}));
  EXPECT_TRUE(has(reflected({2, 2}, {1, 0, 0, 1}), {2, 3, 2, 0, 1, 0, 2, 3, 2}));
}

TEST(LayoutKernels, PadRepeatsTheEdge) {
  const OwnedCall call(ir::Pad{ir::PadMode::Edge}, {counting({2, 2}), i64({4}, {0, 2, 1, -1})});
  EXPECT_TRUE(has(floats_of(call), {0, 0, 0, 2, 2, 2, 2, 2, 2}));
}

TEST(LayoutKernels, PadWrapsAround) {
  const auto wrapped = [](Ints pads) {
    return floats_of({ir::Pad{ir::PadMode::Wrap}, {counting({3}), i64({2}, std::move(pads))}});
  };
  EXPECT_TRUE(has(wrapped({2, 4}), {1, 2, 0, 1, 2, 0, 1, 2, 0}));
  EXPECT_TRUE(has(wrapped({-1, 2}), {1, 2, 1, 2}));
}

TEST(LayoutKernels, DepthAndSpaceAreInverse) {
  using enum ir::DepthSpaceKind;
  const Tensor x = counting({1, 4, 1, 2});
  const Tensor image = result_of({ir::DepthSpace{DepthToSpace, 2}, {x}});
  EXPECT_EQ(image.shape(), (Shape{1, 1, 2, 4}));
  EXPECT_TRUE(has(image.as<float>(), {0, 2, 1, 3, 4, 6, 5, 7}));
  EXPECT_TRUE(has(floats_of({ir::DepthSpace{SpaceToDepth, 2}, {image}}), {0, 1, 2, 3, 4, 5, 6, 7}));
  const Tensor two = counting({1, 8, 1, 1});
  EXPECT_TRUE(has(floats_of({ir::DepthSpace{DepthToSpace, 2}, {two}}), {0, 2, 4, 6, 1, 3, 5, 7}));
  EXPECT_TRUE(
      has(floats_of({ir::DepthSpace{DepthToSpace, 2, true}, {two}}), {0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST(LayoutKernels, ReverseSequenceLeavesWhatIsBehindALength) {
  const Tensor x = counting({2, 3});
  const OwnedCall call(ir::ReverseSequence{0, 1}, {x, i64({2}, {2, 3})});
  EXPECT_TRUE(has(floats_of(call), {1, 0, 2, 5, 4, 3}));
  EXPECT_TRUE(
      has(floats_of({ir::ReverseSequence{}, {x, i64({3}, {0, 1, 2})}}), {0, 1, 5, 3, 4, 2}));
  OwnedCall beyond = call;
  beyond.inputs[1] = i64({2}, {4, 0});
  ASSERT_FALSE(beyond.run().ok());
  EXPECT_EQ(beyond.run().error().what, "a sequence length is 4, not from 0 to 3");
}

TEST(LayoutKernels, TriluKeepsOneTriangle) {
  const Tensor x = f32({2, 3}, {1, 2, 3, 4, 5, 6});
  const auto kept = [&](bool upper, std::int64_t k) {
    return floats_of({ir::Trilu{upper}, {x, i64({}, {k})}});
  };
  EXPECT_TRUE(has(floats_of({ir::Trilu{}, {x}}), {1, 2, 3, 0, 5, 6}));
  EXPECT_TRUE(has(kept(true, 1), {0, 2, 3, 0, 0, 6}));
  EXPECT_TRUE(has(kept(false, -1), {0, 0, 0, 4, 0, 0}));
  EXPECT_TRUE(has(kept(true, INT64_MAX), {0, 0, 0, 0, 0, 0}));
  EXPECT_TRUE(has(kept(false, INT64_MAX), {1, 2, 3, 4, 5, 6}));
  EXPECT_TRUE(has(kept(true, INT64_MIN), {1, 2, 3, 4, 5, 6}));
}

TEST(LayoutKernels, CenterCropPadLeavesTheOddElementToTheEnd) {
  const auto cropped = [](const ir::CenterCropPad& op, Shape shape, Ints to) {
    const auto count = static_cast<std::int64_t>(to.size());
    return floats_of({op, {counting(std::move(shape)), i64({count}, std::move(to))}});
  };
  EXPECT_TRUE(has(cropped({}, {5}, {2}), {1, 2}));
  EXPECT_TRUE(has(cropped({}, {2}, {5}), {0, 0, 1, 0, 0}));
  EXPECT_TRUE(has(cropped({{-1}}, {2, 3}, {1}), {1, 4}));
  EXPECT_TRUE(has(cropped({}, {1, 3}, {3, 1}), {0, 1, 0}));
  EXPECT_TRUE(has(cropped({}, {2}, {0}), {}));
}

TEST(LayoutKernels, TileRepeatsWholeAxes) {
  EXPECT_TRUE(has(floats_of({ir::Tile{}, {counting({2, 2}), i64({2}, {2, 2})}}),
                  {0, 1, 0, 1, 2, 3, 2, 3, 0, 1, 0, 1, 2, 3, 2, 3}));
  EXPECT_TRUE(has(floats_of({ir::Tile{}, {counting({2, 2}), i64({2}, {0, 1})}}), {}));
  EXPECT_TRUE(
      has(result_of({ir::Tile{}, {i64({1}, {7}), i64({1}, {3})}}).as<std::int64_t>(), {7, 7, 7}));
}

TEST(LayoutKernels, GatherCountsNegativeIndicesFromTheEnd) {
  EXPECT_TRUE(has(floats_of({ir::Gather{1}, {counting({2, 3}), i64({2}, {-1, 0})}}), {2, 0, 5, 3}));
  const OwnedCall scalar(ir::Gather{0}, {counting({3, 2}), i64({}, {1})});
  EXPECT_TRUE(has(floats_of(scalar), {2, 3}));
  EXPECT_EQ(scalar.outputs[0].shape, Shape{2});
}

// Shape inference sees constant indices only, so the kernel meets others unchecked.
TEST(LayoutKernels, GatherReportsAnIndexOutOfRange) {
  OwnedCall call(ir::Gather{0}, {counting({5}), i64({1}, {4})});
  call.inputs[1] = i64({1}, {-6});
  const Result<Tensors> result = call.run();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(to_text(result.error()),
            "error: Gather index -6 is outside [-5, 5)\n  fix: feed indices in that range");
}

TEST(LayoutKernels, ReshapeSharesTheBytes) {
  const OwnedCall call(ir::Reshape{}, {counting({2, 3}), i64({2}, {3, -1})});
  const Tensor y = result_of(call);
  EXPECT_EQ(y.shape(), (Shape{3, 2}));
  EXPECT_EQ(y.bytes().data(), call.inputs[0]->bytes().data());
}

TEST(LayoutKernels, ShapeTakesAPartOfTheExtents) {
  const Tensor y = result_of({ir::ShapeOf{-2}, {counting({4, 5, 6})}});
  EXPECT_TRUE(has(y.as<std::int64_t>(), {5, 6}));
}

TEST(LayoutKernels, SizeCountsElements) {
  EXPECT_TRUE(has(result_of({ir::SizeOf{}, {counting({4, 5})}}).as<std::int64_t>(), {20}));
}

// Four terabytes, which the data asks for.
TEST(LayoutKernels, AResultThatTheDataMakesTooLargeIsAnError) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizer ends the program";
#endif
  const Tensor extent = i64({1}, {std::int64_t{1} << 40});
  const std::array<const Tensor*, 1> inputs{&extent};
  const std::array types{TensorType{DType::F32, {1}}};
  const Result<Tensors> result =
      execute({.op = ir::ConstantOfShape{1}, .inputs = inputs, .outputs = types, .varies = true});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().what, "the data makes its result too large for the memory");
}

TEST(LayoutKernels, ConstantOfShapeFills) {
  const Tensor y = result_of({ir::ConstantOfShape{-3, DType::I64}, {i64({2}, {1, 2})}});
  EXPECT_TRUE(has(y.as<std::int64_t>(), {-3, -3}));
}

TEST(LayoutKernels, MoveElementsOfEveryWidth) {
  Tensor bytes(DType::U8, {2, 2});
  std::ranges::copy(std::vector<std::uint8_t>{1, 2, 3, 4}, bytes.fill<std::uint8_t>().begin());
  EXPECT_TRUE(has(result_of({ir::Transpose{}, {bytes}}).as<std::uint8_t>(), {1, 3, 2, 4}));
  EXPECT_TRUE(has(result_of({ir::Transpose{}, {i64({2, 2}, {1, 2, 3, 4})}}).as<std::int64_t>(),
                  {1, 3, 2, 4}));
}

TEST(LayoutKernels, KeepTheDtypeOfAHalfTensor) {
  const Tensor half = result_of({ir::Cast{DType::F16}, {counting({2, 3})}});
  EXPECT_EQ(result_of({ir::Transpose{}, {half}}).dtype(), DType::F16);
  EXPECT_EQ(result_of({ir::Concat{0}, {half, half}}).dtype(), DType::F16);
}

}  // namespace
}  // namespace keel::kernels
