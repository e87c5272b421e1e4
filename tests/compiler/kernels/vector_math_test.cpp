#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "tests/compiler/kernels/owned_call.h"

namespace keel::kernels {
namespace {

using ir::UnaryKind;

// The bound vector_math.h promises.
// Distance in units in the last place of `expected` as a float; 0 for two NaN or two equal Inf.
double ulps_between(float actual, double expected) {
  const auto rounded = static_cast<float>(expected);
  if (std::isnan(expected)) return std::isnan(actual) ? 0 : 1e9;
  if (actual == rounded) return 0;
  if (!std::isfinite(actual) || !std::isfinite(rounded)) return 1e9;
  const float next = std::nextafter(std::fabs(rounded), std::numeric_limits<float>::infinity());
  const double ulp = static_cast<double>(next) - std::fabs(static_cast<double>(rounded));
  return std::fabs(static_cast<double>(actual) - static_cast<double>(rounded)) / ulp;
}

// Every exponent and sign, uniformly, and the neighbourhoods where functions turn.
std::vector<float> arguments() {
  Rng rng(11);
  std::vector<float> values = {
      0.0f,           -0.0f,         1,         -1,         0x1p-149f,  -0x1p-149f, 1e-40f,
      3.4e38f,        -3.4e38f,      88.72283f, 88.72284f,  -87.33655f, -103.97f,   -104.0f,
      0x1.fffffep-1f, 0x1.000002p0f, 4,         3.9999998f, 9.01f,      20,         -20};
  values.push_back(std::numeric_limits<float>::infinity());
  values.push_back(-std::numeric_limits<float>::infinity());
  values.push_back(std::numeric_limits<float>::quiet_NaN());
  for (int i = 0; i < 100000; ++i)
    values.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(rng.next())));
  for (int i = 0; i < 100000; ++i) values.push_back(static_cast<float>(rng.uniform() * 240 - 120));
  for (int i = 0; i < 100000; ++i) values.push_back(static_cast<float>(rng.uniform() * 8 - 4));
  return values;
}

template <class Exact>
void expect_close(const ir::Unary& op, Exact exact, double ulps = 1) {
  const std::vector<float> x = arguments();
  const auto count = static_cast<std::int64_t>(x.size());
  const std::vector<float> y = floats_of({op, {f32({count}, x)}});
  for (std::size_t i = 0; i < x.size(); ++i)
    ASSERT_LE(ulps_between(y[i], exact(static_cast<double>(x[i]))), ulps)
        << "of " << x[i] << " is " << y[i];
}

TEST(VectorMath, ExpIsWithinOneUlp) {
  expect_close({UnaryKind::Exp}, [](double x) { return std::exp(x); });
}
TEST(VectorMath, LogIsWithinOneUlp) {
  expect_close({UnaryKind::Log}, [](double x) { return std::log(x); });
}
TEST(VectorMath, TanhIsWithinSixUlps) {
  expect_close(
      {UnaryKind::Tanh}, [](double x) { return std::tanh(x); }, 6);
}
TEST(VectorMath, ErfIsWithinOneUlp) {
  expect_close({UnaryKind::Erf}, [](double x) { return std::erf(x); });
}
TEST(VectorMath, SigmoidIsWithinOneUlp) {
  expect_close({UnaryKind::Sigmoid}, [](double x) { return 1 / (1 + std::exp(-x)); });
}

TEST(VectorMath, SoftplusIsWithinOneUlp) {
  expect_close({UnaryKind::Softplus},
               [](double x) { return (x > 0 ? x : 0) + std::log1p(std::exp(-std::fabs(x))); });
}

// x erfc(-x / sqrt(2)) / 2: the form with 1 + erf has lost its digits at -6.
TEST(VectorMath, GeluIsWithinOneUlp) {
  expect_close({UnaryKind::Gelu},
               [](double x) { return 0.5 * x * std::erfc(-x * 0.70710678118654752); });
}
TEST(VectorMath, GeluByTanhIsWithinOneUlp) {
  expect_close({UnaryKind::Gelu, 1}, [](double x) {
    return x / (1 + std::exp(-1.5957691216057308 * (x + 0.044715 * x * x * x)));
  });
}
TEST(VectorMath, MishIsWithinOneUlp) {
  expect_close({UnaryKind::Mish}, [](double x) {
    return x * std::tanh((x > 0 ? x : 0) + std::log1p(std::exp(-std::fabs(x))));
  });
}
TEST(VectorMath, FormsOfEluAreWithinOneUlp) {
  expect_close({UnaryKind::Elu, 0.7f},
               [](double x) { return x < 0 ? double{0.7f} * std::expm1(x) : x; });
  expect_close({UnaryKind::Selu, 1.5f, 1.1f},
               [](double x) { return double{1.1f} * (x > 0 ? x : double{1.5f} * std::expm1(x)); });
  expect_close({UnaryKind::Celu, 0.3f},
               [](double x) { return x < 0 ? double{0.3f} * std::expm1(x / double{0.3f}) : x; });
}
TEST(VectorMath, SineAndCosineAreWithinOneUlpWhateverTheArgument) {
  expect_close({UnaryKind::Sin}, [](double x) { return std::sin(x); });
  expect_close({UnaryKind::Cos}, [](double x) { return std::cos(x); });
}

// Without what the library is asked for, so that all are by the vector form.
TEST(VectorMath, SineAndCosineAreWithinOneUlpUpToAMillion) {
  Rng rng(12);
  std::vector<float> x = {0.0f, -0.0f, 0x1p-149f, 0x1p20f, -0x1p20f};
  for (int quarter = -700000; quarter < 700000; quarter += 7)
    x.push_back(static_cast<float>(quarter * 1.5707963267948966));
  for (int i = 0; i < 100000; ++i)
    x.push_back(static_cast<float>((rng.uniform() - 0.5) * std::exp2(40 * rng.uniform() - 20)));
  for (float& value : x) value = std::clamp(value, -0x1p20f, 0x1p20f);
  const Tensor tensor = f32({static_cast<std::int64_t>(x.size())}, x);
  const std::vector<float> sines = floats_of({ir::Unary{UnaryKind::Sin}, {tensor}});
  const std::vector<float> cosines = floats_of({ir::Unary{UnaryKind::Cos}, {tensor}});
  for (std::size_t i = 0; i < x.size(); ++i) {
    ASSERT_LE(ulps_between(sines[i], std::sin(static_cast<double>(x[i]))), 1) << "of " << x[i];
    ASSERT_LE(ulps_between(cosines[i], std::cos(static_cast<double>(x[i]))), 1) << "of " << x[i];
  }
}

TEST(VectorMath, OddFunctionsKeepTheSignOfZero) {
  for (const UnaryKind kind : {UnaryKind::Tanh, UnaryKind::Erf, UnaryKind::Sin, UnaryKind::Gelu}) {
    const std::vector<float> y = floats_of({ir::Unary{kind}, {f32({2}, {-0.0f, 0.0f})}});
    EXPECT_TRUE(std::signbit(y[0]));
    EXPECT_FALSE(std::signbit(y[1]));
  }
}

}  // namespace
}  // namespace keel::kernels
