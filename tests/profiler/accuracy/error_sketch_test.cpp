#include "profiler/accuracy/error_sketch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "compiler/base/random.h"
#include "profiler/accuracy/metrics.h"

namespace keel::accuracy {
namespace {

Tensor random_tensor(std::uint64_t seed, std::int64_t size) {
  Rng rng(seed);
  std::vector<float> values(static_cast<std::size_t>(size));
  for (float& value : values) value = static_cast<float>(rng.uniform() - 0.5);
  return make_f32({size}, values);
}

Tensor sum_of(const Tensor& a, const Tensor& b, float factor) {
  std::vector<float> values;
  for (std::size_t i = 0; i < a.as<float>().size(); ++i)
    values.push_back(a.as<float>()[i] + factor * b.as<float>()[i]);
  return make_f32(a.shape(), values);
}

SampleScore score_of(const std::vector<Tensor>& outputs, const std::vector<Tensor>& reference) {
  return score({outputs, reference, {}});
}

// Of all but zeros, the least first.
std::vector<float> lengths_of(const std::vector<float>& sketch) {
  std::vector<float> lengths;
  for (const float value : sketch)
    if (value != 0) lengths.push_back(std::abs(value));
  std::ranges::sort(lengths);
  return lengths;
}

double product(const std::vector<float>& a, const std::vector<float>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

TEST(ErrorSketch, OfFewElementsHasEachError) {
  const std::vector<Tensor> reference{make_f32({2}, std::vector<float>{3, 4}),
                                      make_f32({1}, std::vector<float>{2})};
  const std::vector<Tensor> outputs{make_f32({2}, std::vector<float>{4, 4}),
                                    make_f32({1}, std::vector<float>{1})};
  const std::vector<float> sketch = score_of(outputs, reference).sketch;
  ASSERT_EQ(sketch.size(), kSketchSize);
  const auto root = static_cast<float>(std::sqrt(2.0));  // two outputs
  EXPECT_EQ(lengths_of(sketch), (std::vector<float>{1 / (5 * root), 1 / (2 * root)}));
}

TEST(ErrorSketch, HasAboutTheLengthOfTheError) {
  for (const std::int64_t size : {10, 100, 5'000}) {
    double sum = 0;
    constexpr int kTrials = 40;
    for (int i = 0; i < kTrials; ++i) {
      const auto seed = static_cast<std::uint64_t>(i);
      const Tensor reference = random_tensor(seed, size);
      const Tensor output = sum_of(reference, random_tensor(seed + 1000, size), 0.01F);
      const SampleScore score = score_of({output, output}, {reference, reference});
      const double ratio = product(score.sketch, score.sketch) / score.squared_relative_l2;
      EXPECT_NEAR(ratio, 1, 2 * size <= 128 ? 1e-4 : 0.6) << size;
      sum += ratio;
    }
    EXPECT_NEAR(sum / kTrials, 1, 0.08) << size;
  }
}

// Signs differ, so that what falls into one place does not pile up.
TEST(ErrorSketch, HasAboutTheLengthOfAnErrorOfOneSign) {
  const Tensor reference = random_tensor(1, 20'000);
  const Tensor ones = make_f32({20'000}, std::vector<float>(20'000, 1));
  const SampleScore score = score_of({sum_of(reference, ones, 0.01F)}, {reference});
  EXPECT_NEAR(product(score.sketch, score.sketch) / score.squared_relative_l2, 1, 0.6);
}

// Errors that cancel have sketches that cancel.
TEST(ErrorSketch, AddsAsErrorsDo) {
  constexpr std::int64_t kSize = 3'000;
  const Tensor reference = random_tensor(1, kSize), a = random_tensor(2, kSize),
               b = random_tensor(3, kSize);
  const auto sketch = [&](const Tensor& output) { return score_of({output}, {reference}).sketch; };
  const Tensor with_a = sum_of(reference, a, 0.25F), with_b = sum_of(reference, b, 0.25F);
  const std::vector<float> one = sketch(with_a), other = sketch(with_b);
  const std::vector<float> both = sketch(sum_of(with_a, b, 0.25F));
  for (std::size_t i = 0; i < kSketchSize; ++i) EXPECT_NEAR(both[i], one[i] + other[i], 1e-5);
  const double lengths = std::sqrt(product(one, one) * product(other, other));
  EXPECT_LT(std::abs(product(one, other)),
            0.4 * lengths);  // independent, so nearly at a right angle
}

TEST(ErrorSketch, LeavesOutWhatTheReferenceHasNoNumberFor) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Tensor reference = make_f32({3}, std::vector<float>{1, nan, 0});
  const Tensor output = make_f32({3}, std::vector<float>{1.5F, 7, 0});
  const std::vector<float> sketch = score_of({output}, {reference}).sketch;
  ASSERT_EQ(sketch.size(), kSketchSize);
  EXPECT_EQ(lengths_of(sketch), std::vector<float>{0.5F});
}

TEST(ErrorSketch, IsEmptyWhereShapesDiffer) {
  const Tensor two = make_f32({2}, std::vector<float>{1, 2});
  const Tensor three = make_f32({3}, std::vector<float>{1, 2, 3});
  EXPECT_TRUE(score_of({three}, {two}).sketch.empty());
  EXPECT_TRUE(score_of({two}, {three}).sketch.empty());
}

TEST(ErrorSketch, IsEmptyWhereAnErrorIsNotFinite) {
  const Tensor reference = make_f32({2}, std::vector<float>{1, 2});
  const Tensor zeros = make_f32({2}, std::vector<float>{0, 0});
  const Tensor infinite =
      make_f32({2}, std::vector<float>{1, std::numeric_limits<float>::infinity()});
  EXPECT_TRUE(score_of({infinite}, {reference}).sketch.empty());
  EXPECT_TRUE(score_of({reference}, {zeros}).sketch.empty());  // relative to nothing
  EXPECT_FALSE(score_of({zeros}, {zeros}).sketch.empty());
}

}  // namespace
}  // namespace keel::accuracy
