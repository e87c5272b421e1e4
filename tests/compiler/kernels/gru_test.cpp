#include <array>
#include <cmath>

#include "tests/compiler/kernels/owned_call.h"

// GRU and RNN.

namespace keel::kernels {
namespace {

// One step of one unit: a gate of bias 40 is open (1), of -40 shut (0).
struct Unit {
  float x = 0, h = 0;
  std::array<float, 3> w{}, r{}, of_w{-40, 40, 0}, of_r{};  // gates z, r, h; both biases
};

OwnedCall call_of(const Unit& unit, const ir::Gru& op = {}) {
  std::vector<float> b(unit.of_w.begin(), unit.of_w.end());
  b.insert(b.end(), unit.of_r.begin(), unit.of_r.end());
  return {op,
          {f32({1, 1, 1}, {unit.x}),
           f32({1, 3, 1}, {unit.w.begin(), unit.w.end()}),
           f32({1, 3, 1}, {unit.r.begin(), unit.r.end()}),
           f32({1, 6}, b),
           {},
           f32({1, 1, 1}, {unit.h})},
          2};
}

OwnedCall half(OwnedCall call) {
  return std::move(call).computing_in(FloatFormat::F16).to(DType::F16);
}

ir::Gru linear() {
  ir::Gru op;
  op.linear_before_reset = true;
  return op;
}

OwnedCall rnn(float x, float w, float h, float r, float b, const ir::Rnn& op = {}) {
  return {op,
          {f32({1, 1, 1}, {x}),
           f32({1, 1, 1}, {w}),
           f32({1, 1, 1}, {r}),
           f32({1, 2}, {b, 0}),
           {},
           f32({1, 1, 1}, {h})},
          2};
}

// The final state of the fast kernel, on which the reference must agree.
float state(const OwnedCall& call) {
  const Result<Tensors> fast = call.run();
  const Result<Tensors> plain = call.apply(execute_reference);
  EXPECT_TRUE(fast.ok() && plain.ok());
  const float a = (*fast)[1].as<float>()[0];
  const float b = (*plain)[1].as<float>()[0];
  EXPECT_TRUE(a == b || std::fabs(a - b) <= 1e-6f) << a << ", the reference has " << b;
  return a;
}

float f16(double value) {
  return round_to(FloatFormat::F16, Overflow::InfNan, static_cast<float>(value));
}
float f16_tanh(double value) { return f16(std::tanh(value)); }
double sigmoid(double value) { return 1 / (1 + std::exp(-value)); }

// Above halfway between 1 and its successor in fp16.
constexpr float kAboveHalf = 1 + 0x1p-11f + 0x1p-20f;
// Steps of fp16 from 1/4 on: large enough that tanh shows them.
constexpr double kStep = 0x1p-12;
// Decides which way half a step goes.
constexpr float kBelow = -0x1p-14f;

TEST(Gru, RoundsWhatTheCubeMultiplies) {
  Unit unit{.x = kAboveHalf, .w = {0, 0, 0.25f}, .of_w = {-40, 40, kBelow}};
  EXPECT_EQ(state(half(call_of(unit))), f16_tanh(0.25 + kStep));
  std::swap(unit.x, unit.w[2]);
  EXPECT_EQ(state(half(call_of(unit))), f16_tanh(0.25 + kStep));
  unit = {.h = 0.25f, .r = {0, 0, kAboveHalf}, .of_w = {-40, 40, kBelow}};
  EXPECT_EQ(state(half(call_of(unit))), f16_tanh(0.25 + kStep));
  EXPECT_NE(f16_tanh(0.25 + kStep), f16_tanh(0.25));
}

TEST(Gru, AGateLeavesTheCubeRoundedOnceAfterItsBiases) {
  // Rounded alone, either bias would be lost.
  const Unit unit{
      .x = 1, .w = {0, 0, 0.25f}, .of_w = {-40, 40, 0x1p-14f + 0x1p-24f}, .of_r = {0, 0, 0x1p-14f}};
  EXPECT_EQ(state(half(call_of(unit))), f16_tanh(0.25 + kStep));
}

TEST(Gru, WhatTheResetGateKeepsIsRoundedBeforeItMeetsTheWeights) {
  const Unit unit{.h = 0.3f, .r = {0, 0, 1}, .of_w = {-40, 1, 0}};
  const double reset = f16(sigmoid(1));
  EXPECT_EQ(state(half(call_of(unit))), f16_tanh(f16(reset * f16(0.3f))));
}

TEST(Gru, LinearBeforeResetScalesTheProductAndItsBias) {
  const Unit unit{.x = 1,
                  .h = 0.5f,
                  .w = {0, 0, 0.25f},
                  .r = {0, 0, 0.75f},
                  .of_w = {-40, 0, 0.1f},
                  .of_r = {0, 0, 0.2f}};
  EXPECT_FLOAT_EQ(state(call_of(unit, linear())), std::tanh(0.35f + 0.5f * (0.375f + 0.2f)));
  EXPECT_FLOAT_EQ(state(call_of(unit)), std::tanh(0.35f + 0.2f + 0.5f * 0.375f));
}

TEST(Gru, LinearBeforeResetRoundsBothPartsOfTheGate) {
  const Unit unit{.x = 1,
                  .h = 1,
                  .w = {0, 0, 0.25f},
                  .r = {0, 0, 0.75f},
                  .of_w = {-40, 1, 0x1p-13f + 0x1p-24f},
                  .of_r = {0, 0, 0x1p-12f + 0x1p-24f}};
  const double reset = f16(sigmoid(1));
  const double of_inputs = f16(0.25 + 0x1p-13 + 0x1p-24);
  const double of_state = f16(0.75 + 0x1p-12 + 0x1p-24);
  const double gate = f16(of_inputs + static_cast<double>(f16(reset * of_state)));
  EXPECT_EQ(state(half(call_of(unit, linear()))), f16_tanh(gate));
}

TEST(Gru, RoundsEachVectorStep) {
  const Unit unit{.h = 0.7f, .of_w = {1, 1, 1}};
  const double z = f16(sigmoid(1));
  const double g = f16_tanh(1);
  const double fresh = f16(static_cast<double>(f16(1 - z)) * g);
  EXPECT_EQ(state(half(call_of(unit))), f16(fresh + static_cast<double>(f16(z * f16(0.7f)))));
}

TEST(Gru, HoldsItsStateInTheDtypeOfTheResult) {
  const Unit kept{.h = kAboveHalf, .of_w = {40, 40, 0}};
  EXPECT_EQ(state(half(call_of(kept))), 1 + 0x1p-10f);
  EXPECT_EQ(state(call_of(kept)), kAboveHalf);
  // States of fp32 between products of fp16: rounded on their way into the cube only.
  const Unit used{.h = kAboveHalf, .r = {0, 0, 1}};
  EXPECT_FLOAT_EQ(state(call_of(used).computing_in(FloatFormat::F16)), std::tanh(1 + 0x1p-10f));
  EXPECT_FLOAT_EQ(state(call_of(used)), std::tanh(kAboveHalf));
}

TEST(Gru, ClipBoundsTheArgumentsOfActivations) {
  ir::Gru op;
  op.clip = 0.5f;
  const float z = static_cast<float>(sigmoid(-0.5));
  EXPECT_FLOAT_EQ(state(call_of({.h = 8, .of_w = {-9, 9, 9}}, op)),
                  (1 - z) * std::tanh(0.5f) + z * 8);
}

TEST(Gru, OverflowsByTheRuleOfTheChip) {
  ir::Gru op = linear();
  // The product of 65504 and the state overflows; the reset gate is half open.
  const Unit unit{.h = 2, .r = {0, 0, 60000}, .of_w = {-40, 0, -32752}};
  EXPECT_EQ(state(half(call_of(unit, op)).with(Overflow::Saturate)), 0);
  EXPECT_EQ(state(half(call_of(unit, op))), 1);
}

TEST(Rnn, RoundsOperandsThenTheGateThenTheActivation) {
  EXPECT_EQ(state(half(rnn(kAboveHalf, 0.25f, 0, 0, kBelow))), f16_tanh(0.25 + kStep));
  EXPECT_EQ(state(half(rnn(0, 0, 0.25f, kAboveHalf, kBelow))), f16_tanh(0.25 + kStep));
  EXPECT_EQ(state(half(rnn(1, 0.25f, 1, 0x1p-13f, 0x1p-24f))), f16_tanh(0.25 + kStep));
}

TEST(Rnn, HasTheActivationsOfOnnx) {
  using enum ir::RnnActivation;
  const auto of = [](ir::RnnActivation activation, float x) {
    return state(rnn(x, 1, 0, 0, 0, ir::Rnn{ir::Direction::Forward, activation}));
  };
  EXPECT_FLOAT_EQ(of(Tanh, 2), std::tanh(2.0f));
  EXPECT_FLOAT_EQ(of(Sigmoid, 2), static_cast<float>(sigmoid(2)));
  EXPECT_EQ(of(Relu, 2), 2);
  EXPECT_EQ(of(Relu, -2), 0);
}

constexpr std::int64_t kSteps = 4, kBatch = 2, kInputs = 3, kHidden = 5;

// The same computation, written down again: element by element, step by step.
std::vector<float> scalar_gru(const Tensor& x, const Tensor& w, const Tensor& r, const Tensor& b) {
  const auto at = [](const Tensor& t, std::int64_t i) {
    return static_cast<double>(t.as<float>()[static_cast<std::size_t>(i)]);
  };
  std::vector<float> h(kBatch * kHidden, 0.0f);
  for (std::int64_t step = 0; step < kSteps; ++step)
    for (std::int64_t row = 0; row < kBatch; ++row) {
      float* own = &h[static_cast<std::size_t>(row * kHidden)];
      const auto gate = [&](std::int64_t g, std::int64_t j, const std::vector<float>& operand) {
        const std::int64_t line = g * kHidden + j;
        double sum = at(b, line) + at(b, 3 * kHidden + line);
        for (std::int64_t k = 0; k < kInputs; ++k)
          sum += at(x, (step * kBatch + row) * kInputs + k) * at(w, line * kInputs + k);
        for (std::int64_t k = 0; k < kHidden; ++k)
          sum +=
              static_cast<double>(operand[static_cast<std::size_t>(k)]) * at(r, line * kHidden + k);
        return static_cast<double>(f16(sum));
      };
      const std::vector<float> old(own, own + kHidden);
      std::vector<float> kept(old);
      for (std::int64_t j = 0; j < kHidden; ++j)
        kept[static_cast<std::size_t>(j)] =
            f16(static_cast<double>(f16(sigmoid(gate(1, j, old)))) * static_cast<double>(own[j]));
      for (std::int64_t j = 0; j < kHidden; ++j) {
        const double z = f16(sigmoid(gate(0, j, old)));
        const double g = f16_tanh(gate(2, j, kept));
        own[j] = f16(static_cast<double>(f16(static_cast<double>(f16(1 - z)) * g)) +
                     static_cast<double>(f16(z * static_cast<double>(own[j]))));
      }
    }
  return h;
}

// Operands of which every sum of products is exact.
Tensor eighths(Rng& rng, const Shape& shape) {
  Tensor tensor = random_f32(rng, shape, -8, 8);
  for (float& value : tensor.fill<float>()) value = std::nearbyint(value) / 8;
  return tensor;
}

TEST(Gru, AgreesWithAScalarReferenceInFp16) {
  Rng rng(11);
  for (int round = 0; round < 20; ++round) {
    const Tensor x = eighths(rng, {kSteps, kBatch, kInputs});
    const Tensor w = eighths(rng, {1, 3 * kHidden, kInputs});
    const Tensor r = eighths(rng, {1, 3 * kHidden, kHidden});
    const Tensor b = eighths(rng, {1, 6 * kHidden});
    const std::vector<float> expected = scalar_gru(x, w, r, b);
    const OwnedCall call = half({ir::Gru{}, {x, w, r, b}, 2});
    for (const auto& results : {call.run(), call.apply(execute_reference)}) {
      ASSERT_TRUE(results.ok());
      EXPECT_TRUE(has((*results)[1].as<float>(), expected));
    }
  }
}

TEST(Rnn, TheReverseDirectionStartsAtTheLastStepOfEachRow) {
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

TEST(Gru, ASequenceLengthBeyondTheStepsIsAnError) {
  Rng rng(3);
  const Result<Tensors> result = OwnedCall(ir::Gru{},
                                           {random_f32(rng, {kSteps, kBatch, kInputs}),
                                            random_f32(rng, {1, 3 * kHidden, kInputs}),
                                            random_f32(rng, {1, 3 * kHidden, kHidden}),
                                            {},
                                            i32({kBatch}, {4, -1})},
                                           2)
                                     .run();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(to_text(result.error()),
            "error: sequence length -1 is outside [0, 4], the steps of x\n"
            "  fix: feed sequence lengths in that range");
}

}  // namespace
}  // namespace keel::kernels
