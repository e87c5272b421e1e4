#include <cmath>

#include "tests/compiler/kernels/owned_call.h"

namespace keel::kernels {
namespace {

void expect_near(const Tensor& y, const std::vector<float>& wanted) {
  ASSERT_EQ(y.as<float>().size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(y.as<float>()[i], wanted[i], 1e-6);
}

TEST(SignalWindow, IsPeriodicOrSymmetric) {
  const auto hann = [](bool periodic, std::int64_t size) {
    return result_of({ir::SignalWindow{ir::WindowKind::HannWindow, periodic}, {i64({}, {size})}});
  };
  expect_near(hann(true, 4), {0, 0.5f, 1, 0.5f});
  expect_near(hann(false, 5), {0, 0.5f, 1, 0.5f, 0});
  expect_near(hann(false, 1), {0});
  EXPECT_EQ(hann(true, 0).size(), 0);
  EXPECT_EQ(refusal_of(ir::SignalWindow{}, {i64({}, {-1})}), "the size of a window is -1");
  EXPECT_EQ(refusal_of(ir::SignalWindow{}, {i64({2}, {1, 2})}),
            "input 0 (size) has 2 elements, not one");
}

TEST(Dft, OfEveryLengthIsTheSumItIsDefinedAs) {
  Rng rng(5);
  for (const std::int64_t length : {1, 2, 3, 8, 12, 15}) {
    const Tensor x = random_f32(rng, {1, length, 2});
    std::vector<float> wanted;
    for (std::int64_t k = 0; k < length; ++k) {
      double real = 0;
      double imaginary = 0;
      for (std::int64_t i = 0; i < length; ++i) {
        const double angle = -2 * M_PI * static_cast<double>(i * k) / static_cast<double>(length);
        const double a = x.as<float>()[static_cast<std::size_t>(2 * i)];
        const double b = x.as<float>()[static_cast<std::size_t>(2 * i + 1)];
        real += a * std::cos(angle) - b * std::sin(angle);
        imaginary += a * std::sin(angle) + b * std::cos(angle);
      }
      wanted.push_back(static_cast<float>(real));
      wanted.push_back(static_cast<float>(imaginary));
    }
    expect_near(result_of({ir::Dft{}, {x}}), wanted);
  }
}

TEST(Dft, InverseUndoesItAlongAnyAxis) {
  Rng rng(6);
  const Tensor x = random_f32(rng, {2, 3, 5, 2});
  for (const std::int64_t axis : {0, 1, 2}) {
    const Tensor y = result_of({ir::Dft{axis}, {x}});
    const Tensor back = result_of({ir::Dft{axis, true}, {y}});
    expect_near(back, {x.as<float>().begin(), x.as<float>().end()});
  }
}

TEST(Dft, LengthCutsOrFillsWithZeros) {
  const Tensor x = f32({1, 3, 1}, {1, 2, 3});
  EXPECT_FLOAT_EQ(floats_of({ir::Dft{}, {x, i64({}, {2})}})[0], 3);
  const Tensor longer = result_of({ir::Dft{1, false, true}, {x, i64({}, {8})}});
  EXPECT_EQ(longer.shape(), (Shape{1, 5, 2}));
  EXPECT_FLOAT_EQ(longer.as<float>()[0], 6);
}

TEST(Dft, RefusesWhatIsNoSignal) {
  EXPECT_EQ(refusal_of(ir::Dft{}, {f32({1, 2, 3}, {1, 2, 3, 4, 5, 6})}),
            "a signal of shape [1,2,3], whose last axis is not 1 or 2");
  const Tensor x = f32({1, 2, 2}, {1, 2, 3, 4});
  EXPECT_EQ(refusal_of(ir::Dft{2}, {x}), "axis 2 of a signal holds real and imaginary part");
  EXPECT_EQ(refusal_of(ir::Dft{1, false, true}, {x}),
            "one side of the transform of complex numbers");
  EXPECT_EQ(refusal_of(ir::Dft{}, {x, i64({}, {0})}),
            "the length of the transform is 0, outside [1, 1099511627776]");
}

TEST(Stft, RefusesFramesThatDoNotFit) {
  const Tensor x = f32({1, 4, 1}, {1, 2, 3, 4});
  EXPECT_EQ(refusal_of(ir::Stft{}, {x, i64({}, {1}), {}, i64({}, {5})}),
            "a frame of 5 is longer than the signal, 4");
  EXPECT_EQ(refusal_of(ir::Stft{}, {x, i64({}, {0}), {}, i64({}, {2})}),
            "the step is 0, outside [1, 1099511627776]");
  EXPECT_EQ(refusal_of(ir::Stft{}, {x, i64({}, {1})}),
            "STFT has neither a window nor a frame length");
}

TEST(MelWeightMatrix, RefusesEdgesThatFall) {
  const auto with_edges = [](float low, float high) {
    return std::vector<std::optional<Tensor>>{i64({}, {2}), i64({}, {8}), i64({}, {8000}),
                                              f32({}, {low}), f32({}, {high})};
  };
  EXPECT_EQ(refusal_of(ir::MelWeightMatrix{}, with_edges(0, 4000)), "");
  EXPECT_EQ(refusal_of(ir::MelWeightMatrix{}, with_edges(100, 50)),
            "the edges of the mel bins are 100.000000 and 50.000000 Hz, not 0 or more and rising");
}

}  // namespace
}  // namespace keel::kernels
