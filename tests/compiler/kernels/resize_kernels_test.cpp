#include <limits>

#include "tests/compiler/kernels/owned_call.h"

namespace keel::kernels {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

using ir::ResizeCoordinates;
using ir::ResizeMode;

ir::Resize resize(ResizeMode mode, ResizeCoordinates coordinates = ResizeCoordinates::HalfPixel) {
  ir::Resize op;
  op.mode = mode;
  op.coordinates = coordinates;
  return op;
}

/// What `x` becomes with `size` elements.
std::vector<float> sized(const ir::Resize& op, std::vector<float> x, std::int64_t size) {
  const auto count = static_cast<std::int64_t>(x.size());
  return floats_of({op, {f32({count}, std::move(x)), {}, {}, i64({1}, {size})}});
}

std::string refused(const ir::Op& op, const std::vector<std::optional<Tensor>>& inputs) {
  std::vector<ir::InputFact> facts;
  for (const std::optional<Tensor>& input : inputs)
    facts.push_back(input ? ir::InputFact{true, input->type(), &*input} : ir::InputFact{});
  const Result<std::vector<TensorType>> types = ir::infer_types(op, facts, 1);
  return types.ok() ? to_text((*types)[0]) : types.error().what;
}

TEST(Resize, CoordinatesSayWhereElementsLie) {
  using enum ResizeCoordinates;
  const auto doubled = [](ResizeCoordinates coordinates) {
    return sized(resize(ResizeMode::Linear, coordinates), {0, 4}, 4);
  };
  EXPECT_TRUE(has(doubled(HalfPixel), {0, 1, 3, 4}));
  EXPECT_TRUE(has(doubled(HalfPixelSymmetric), {0, 1, 3, 4}));
  EXPECT_TRUE(has(doubled(PytorchHalfPixel), {0, 1, 3, 4}));
  EXPECT_TRUE(has(doubled(Asymmetric), {0, 2, 4, 4}));
  EXPECT_TRUE(has(sized(resize(ResizeMode::Linear, AlignCorners), {0, 4}, 5), {0, 1, 2, 3, 4}));
  EXPECT_TRUE(has(sized(resize(ResizeMode::Linear, PytorchHalfPixel), {1, 2, 3}, 1), {1}));
}

TEST(Resize, RoundingDecidesWhatIsNearest) {
  using enum ir::ResizeRounding;
  const auto halved = [](ir::ResizeRounding rounding) {
    ir::Resize op = resize(ResizeMode::Nearest);
    op.rounding = rounding;
    return sized(op, {0, 1, 2, 3}, 2);  // at 0.5 and 2.5
  };
  EXPECT_TRUE(has(halved(RoundPreferFloor), {0, 2}));
  EXPECT_TRUE(has(halved(RoundPreferCeil), {1, 3}));
  EXPECT_TRUE(has(halved(Floor), {0, 2}));
  EXPECT_TRUE(has(halved(Ceil), {1, 3}));
}

// 7 / (14 / 6) is less than 3 in binary fractions.
TEST(Resize, PositionsOfGivenSizesAreExact) {
  ir::Resize op = resize(ResizeMode::Nearest, ResizeCoordinates::Asymmetric);
  op.rounding = ir::ResizeRounding::Floor;
  EXPECT_TRUE(has(sized(op, {0, 1, 2, 3, 4, 5}, 14), {0, 0, 0, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5}));
}

TEST(Resize, ScalesGiveExtentsInFp32) {
  const Tensor x = f32({10}, std::vector<float>(10, 1));
  EXPECT_EQ(refused(ir::Resize{}, {x, {}, f32({1}, {0.7f})}), "f32[7]");
  EXPECT_EQ(refused(ir::Resize{}, {x, {}, f32({1}, {0.05f})}), "f32[0]");
}

TEST(Resize, NearestKeepsEveryBitOfEveryType) {
  const Tensor x = i64({2}, {INT64_MAX, INT64_MIN + 1});
  EXPECT_TRUE(
      has(result_of({resize(ResizeMode::Nearest), {x, {}, f32({1}, {2})}}).as<std::int64_t>(),
          {INT64_MAX, INT64_MAX, INT64_MIN + 1, INT64_MIN + 1}));
  const Tensor flags = booleans({1, 2}, {0, 1});
  EXPECT_TRUE(has(
      result_of({resize(ResizeMode::Nearest), {flags, {}, f32({2}, {2, 1})}}).as<std::uint8_t>(),
      {0, 1, 0, 1}));
}

TEST(Resize, IntegersAreTruncatedAndHeldToTheirRange) {
  Tensor x(DType::U8, {4});
  std::ranges::copy(std::vector<std::uint8_t>{0, 255, 255, 0}, x.fill<std::uint8_t>().begin());
  const auto halves = [&](ResizeMode mode) {
    return result_of({resize(mode), {x, {}, {}, i64({1}, {8})}});
  };
  EXPECT_TRUE(
      has(halves(ResizeMode::Linear).as<std::uint8_t>(), {0, 63, 191, 255, 255, 191, 63, 0}));
  EXPECT_TRUE(has(halves(ResizeMode::Cubic).as<std::uint8_t>().subspan(3, 2), {255, 255}));
}

TEST(Resize, AntialiasingTakesTheMeanOfWhatItLeavesOut) {
  ir::Resize op = resize(ResizeMode::Linear);
  op.antialias = true;
  EXPECT_TRUE(has(sized(op, {0, 0, 8, 8, 0, 0, 0, 0}, 4), {1, 6, 1, 0}));
  EXPECT_TRUE(has(sized(op, {0, 4}, 4), {0, 1, 3, 4}));
}

TEST(Resize, ExtrapolatesOutsideTheRoi) {
  ir::Resize op = resize(ResizeMode::Linear, ResizeCoordinates::TfCropAndResize);
  op.extrapolation = 9;
  const Tensor x = f32({3}, {0, 1, 2});
  EXPECT_TRUE(has(floats_of({op, {x, f32({2}, {0.5f, 1.5f}), {}, i64({1}, {3})}}), {1, 2, 9}));
  EXPECT_TRUE(has(floats_of({op, {x, f32({2}, {kNan, 1}), {}, i64({1}, {2})}}), {9, 9}));
  EXPECT_EQ(refused(op, {x, {}, {}, i64({1}, {3})}),
            "roi has 0 values, not two for each of 1 axes");
}

TEST(Resize, KeepsTheAspectOfTheNamedAxes) {
  ir::Resize op;
  op.axes = {2, 1};
  const Tensor x = f32({1, 2, 4}, {1, 2, 3, 4, 5, 6, 7, 8});
  const auto shape = [&](ir::AspectPolicy policy) {
    op.aspect = policy;
    return refused(op, {x, {}, {}, i64({2}, {6, 6})});
  };
  EXPECT_EQ(shape(ir::AspectPolicy::Stretch), "f32[1,6,6]");
  EXPECT_EQ(shape(ir::AspectPolicy::NotLarger), "f32[1,3,6]");
  EXPECT_EQ(shape(ir::AspectPolicy::NotSmaller), "f32[1,6,12]");
}

TEST(Resize, ScalesAndSizesAreChecked) {
  const ir::Resize op;
  const Tensor x = f32({2}, {1, 2});
  EXPECT_EQ(refused(op, {x}), "Resize has neither scales nor sizes");
  EXPECT_EQ(refused(op, {x, {}, f32({1}, {2}), i64({1}, {2})}), "Resize has both scales and sizes");
  EXPECT_EQ(refused(op, {x, {}, f32({0}, {}), i64({1}, {3})}), "f32[3]");
  EXPECT_EQ(refused(op, {x, {}, f32({2}, {1, 1})}),
            "scales has 2 values, not one for each of 1 axes");
  EXPECT_EQ(refused(op, {x, {}, f32({1}, {kNan})}),
            "a scale of Resize is nan, not a positive number");
  EXPECT_EQ(refused(op, {x, {}, f32({1}, {kInf})}),
            "a scale of Resize is inf, not a positive number");
  EXPECT_EQ(refused(op, {x, {}, f32({1}, {-1})}),
            "a scale of Resize is -1.000000, not a positive number");
  EXPECT_EQ(refused(op, {x, {}, f32({1}, {1e30f})}).substr(0, 28), "extent 2 times the scale 100");
  EXPECT_EQ(refused(op, {x, {}, {}, i64({1}, {-1})}), "cannot resize extent 2 to -1");
  EXPECT_EQ(refused(op, {f32({0}, {}), {}, {}, i64({1}, {3})}), "cannot resize extent 0 to 3");
  EXPECT_EQ(refused(op, {f32({0}, {}), {}, f32({1}, {3})}), "f32[0]");
  ir::Resize on_axis;
  on_axis.axes = {1};
  EXPECT_EQ(refused(on_axis, {x, {}, f32({1}, {2})}), "axis 1 is outside [-1, 1) of rank 1");
}

TEST(GridSample, PadsAsAsked) {
  using enum ir::GridPadding;
  const Tensor x = f32({1, 1, 1, 4}, {1, 2, 3, 4});
  const auto sampled = [&](ir::GridPadding padding, ResizeMode mode, std::vector<float> at) {
    std::vector<float> grid;
    for (const float value : at) grid.insert(grid.end(), {value, 0});
    const auto count = static_cast<std::int64_t>(at.size());
    return floats_of({ir::GridSample{mode, padding}, {x, f32({1, 1, count, 2}, grid)}});
  };
  const std::vector<float> at = {-1, -0.75f, 0, 1.25f};  // elements -0.5, 0, 1.5 and 4
  EXPECT_TRUE(has(sampled(Zeros, ResizeMode::Linear, at), {0.5f, 1, 2.5f, 0}));
  EXPECT_TRUE(has(sampled(Border, ResizeMode::Linear, at), {1, 1, 2.5f, 4}));
  EXPECT_TRUE(has(sampled(Reflection, ResizeMode::Linear, at), {1, 1, 2.5f, 4}));
  EXPECT_TRUE(has(sampled(Reflection, ResizeMode::Nearest, {2.25f, -2.75f}), {2, 4}));
}

TEST(GridSample, SamplesVolumes) {
  const Tensor x = f32({1, 1, 2, 1, 2}, {1, 2, 3, 4});
  const Tensor grid = f32({1, 1, 1, 2, 3}, {0, 0, 0, 0.5f, 0, -0.5f});
  EXPECT_TRUE(has(floats_of({ir::GridSample{}, {x, grid}}), {2.5f, 2}));
}

TEST(GridSample, PositionsThatAreNoNumbersArePadding) {
  using enum ir::GridPadding;
  const Tensor x = f32({1, 1, 1, 2}, {1, 2});
  const Tensor grid = f32({1, 1, 3, 2}, {kNan, 0, kInf, 0, -1e30f, 0});
  for (const ResizeMode mode : {ResizeMode::Nearest, ResizeMode::Linear, ResizeMode::Cubic}) {
    EXPECT_TRUE(has(floats_of({ir::GridSample{mode, Zeros}, {x, grid}}), {0, 0, 0}));
    EXPECT_TRUE(has(floats_of({ir::GridSample{mode, Border, true}, {x, grid}}), {1, 2, 1}));
    EXPECT_TRUE(std::ranges::all_of(floats_of({ir::GridSample{mode, Reflection}, {x, grid}}),
                                    [](float y) { return y >= 0.5f && y <= 2.5f; }));
  }
}

TEST(GridSample, ChecksItsShapes) {
  const Tensor x = f32({1, 1, 1, 1}, {1});
  EXPECT_EQ(refused(ir::GridSample{}, {x, f32({1, 1, 1, 3}, {0, 0, 0})}),
            "a grid of shape [1,1,1,3] does not sample x of shape [1,1,1,1]");
  EXPECT_EQ(refused(ir::GridSample{}, {f32({1, 1, 0, 1}, {}), f32({1, 1, 1, 2}, {0, 0})}),
            "x of shape [1,1,0,1] has no pixel to sample");
}

TEST(RoiAlign, TakesTheMeanOrTheLargestOfItsSamples) {
  const Tensor x = f32({1, 1, 2, 2}, {1, 2, 3, 4});
  const Tensor box = f32({1, 4}, {0, 0, 1, 1});
  const auto aligned = [&](const ir::RoiAlign& op) {
    return floats_of({op, {x, box, i64({1}, {0})}});
  };
  EXPECT_TRUE(has(aligned({}), {2.5f}));
  EXPECT_TRUE(has(aligned({.half_pixel = true}), {1}));
  EXPECT_TRUE(has(aligned({.max = true}), {1}));
  EXPECT_TRUE(has(aligned({.height = 2, .sampling_ratio = 1}), {2, 3}));
}

TEST(RoiAlign, ChecksBoxesAndBatches) {
  const Tensor x = f32({1, 1, 2, 2}, {1, 2, 3, 4});
  const Tensor box = f32({1, 4}, {0, 0, 1, 1});
  const auto fails = [&](const Tensor& boxes, std::int64_t batch) {
    OwnedCall call(ir::RoiAlign{}, {x, boxes, i64({1}, {batch})});
    const Result<Tensors> results = call.run();
    return results.ok() ? "" : results.error().what;
  };
  EXPECT_EQ(fails(box, 1), "RoiAlign index 1 is outside [-1, 1)");
  for (const float far : {kNan, kInf, 1e30f})
    EXPECT_TRUE(fails(f32({1, 4}, {0, 0, far, 1}), 0).ends_with("too large to be sampled"));
  EXPECT_EQ(fails(f32({1, 4}, {5, 5, -5, -5}), 0), "");
  EXPECT_EQ(refused(ir::RoiAlign{}, {x, f32({1, 3}, {0, 0, 1}), i64({1}, {0})}),
            "the list of boxes has shape [1,3], not [1,4]");
  EXPECT_EQ(refused(ir::RoiAlign{.height = 0}, {x, box, i64({1}, {0})}),
            "RoiAlign to 0 x 1 bins of 0 samples");
}

}  // namespace
}  // namespace keel::kernels
