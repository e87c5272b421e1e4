#include <cmath>

#include "tests/compiler/kernels/owned_call.h"

namespace keel::kernels {
namespace {

float to_half(double value) {
  return round_to(FloatFormat::F16, Overflow::InfNan, static_cast<float>(value));
}
float sigmoid(float x) { return to_half(1 / (1 + std::exp(-static_cast<double>(x)))); }
float tanh_half(float x) { return to_half(std::tanh(static_cast<double>(x))); }

// Multiples of 1/8: products and their sums are exact, so that every rounding is one of the chip's.
Tensor eighths(Rng& rng, const Shape& shape) {
  Tensor tensor = random_f32(rng, shape, -8, 8);
  for (float& value : tensor.fill<float>()) value = std::nearbyint(value) / 8;
  return tensor;
}

struct Operands {
  Tensor x, w, r, b, h;
};
Operands operands(std::int64_t gates, std::uint64_t seed) {
  Rng rng(seed);
  return {eighths(rng, {1, 1, 2}), eighths(rng, {1, gates, 2}), eighths(rng, {1, gates, 1}),
          eighths(rng, {1, 2 * gates}), eighths(rng, {1, 1, 1})};
}

// One step of a state of one element, written out.
double product(const Operands& o, std::size_t gate, bool of_x, float h) {
  const auto at = [](const Tensor& t, std::size_t i) {
    return static_cast<double>(t.as<float>()[i]);
  };
  const std::size_t gates = static_cast<std::size_t>(o.r.size());
  if (of_x)
    return at(o.x, 0) * at(o.w, 2 * gate) + at(o.x, 1) * at(o.w, 2 * gate + 1) + at(o.b, gate);
  return static_cast<double>(h) * at(o.r, gate) + at(o.b, gates + gate);
}
float gate(const Operands& o, std::size_t which, float h) {
  return to_half(product(o, which, true, h) + product(o, which, false, h));
}

OwnedCall in_fp16(const ir::Op& op, const Operands& o) {
  return OwnedCall(op, {o.x, o.w, o.r, o.b, {}, o.h}, 2)
      .computing_in(FloatFormat::F16)
      .to(DType::F16);
}

TEST(GruRnn, AGruRoundsAsTheChipDoes) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Operands o = operands(3, seed);
    const float h = o.h.as<float>()[0];
    const float z = sigmoid(gate(o, 0, h));
    const float reset = sigmoid(gate(o, 1, h));
    const auto blend = [&](float candidate) {
      const float kept = to_half(static_cast<double>(z) * static_cast<double>(h));
      const float share = to_half(1 - static_cast<double>(z));
      return to_half(static_cast<double>(
                         to_half(static_cast<double>(share) * static_cast<double>(candidate))) +
                     static_cast<double>(kept));
    };
    const float scaled = to_half(static_cast<double>(reset) * static_cast<double>(h));
    EXPECT_TRUE(has(floats_of(in_fp16(ir::Gru{}, o)), {blend(tanh_half(gate(o, 2, scaled)))}));

    const float of_x = to_half(product(o, 2, true, h));
    const float of_h = to_half(product(o, 2, false, h));
    const float candidate = tanh_half(to_half(
        static_cast<double>(of_x) +
        static_cast<double>(to_half(static_cast<double>(reset) * static_cast<double>(of_h)))));
    ir::Gru before;
    before.linear_before_reset = true;
    EXPECT_TRUE(has(floats_of(in_fp16(before, o)), {blend(candidate)}));
  }
}

TEST(GruRnn, AnRnnRoundsAsTheChipDoes) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Operands o = operands(1, seed);
    const float value = gate(o, 0, o.h.as<float>()[0]);
    using enum ir::RnnActivation;
    const auto run = [&](ir::RnnActivation f) {
      ir::Rnn op;
      op.activation = f;
      return floats_of(in_fp16(op, o));
    };
    EXPECT_TRUE(has(run(Tanh), {tanh_half(value)}));
    EXPECT_TRUE(has(run(Sigmoid), {sigmoid(value)}));
    EXPECT_TRUE(has(run(Relu), {std::max(value, 0.0f)}));
  }
}

TEST(GruRnn, TheReverseDirectionStartsAtTheLastStepOfEachRow) {
  const Tensor x = f32({3, 1, 1}, {1, 2, 4});
  const Tensor one = f32({1, 1, 1}, {1});
  ir::Rnn op;
  op.direction = ir::Direction::Reverse;
  op.activation = ir::RnnActivation::Relu;
  Tensor length(DType::I32, {1});
  length.fill<std::int32_t>()[0] = 2;
  EXPECT_TRUE(has(floats_of({op, {x, one, one}}), {7, 6, 4}));
  EXPECT_TRUE(has(floats_of({op, {x, one, one, {}, length}}), {3, 2, 0}));
}

TEST(GruRnn, ClippingBoundsTheArgument) {
  const Tensor x = f32({1, 1, 1}, {9});
  const Tensor one = f32({1, 1, 1}, {1});
  ir::Rnn op;
  op.activation = ir::RnnActivation::Relu;
  op.clip = 2;
  EXPECT_TRUE(has(floats_of({op, {x, one, one}}), {2}));
}

}  // namespace
}  // namespace keel::kernels
