#include <array>
#include <cmath>

#include "tests/compiler/kernels/owned_call.h"

namespace keel::kernels {
namespace {

using enum ir::Direction;

// One step of one unit: a gate of bias 40 is open (1), of -40 shut (0).
struct Unit {
  float x = 0, h = 0, c = 0;
  std::array<float, 4> w{}, r{}, b{40, 40, 40, 0};  // gates i, o, f, c
  std::optional<std::array<float, 3>> p{};          // of i, o, f
};

OwnedCall call_of(const Unit& unit, const ir::Lstm& op = {}) {
  std::vector<float> b(unit.b.begin(), unit.b.end());
  b.resize(8);
  std::optional<Tensor> p;
  if (unit.p) p = f32({1, 3}, {unit.p->begin(), unit.p->end()});
  return {op,
          {f32({1, 1, 1}, {unit.x}),
           f32({1, 4, 1}, {unit.w.begin(), unit.w.end()}),
           f32({1, 4, 1}, {unit.r.begin(), unit.r.end()}),
           f32({1, 8}, b),
           {},
           f32({1, 1, 1}, {unit.h}),
           f32({1, 1, 1}, {unit.c}),
           p},
          3};
}

OwnedCall half(const Unit& unit, const ir::Lstm& op = {}) {
  return call_of(unit, op).computing_in(FloatFormat::F16).to(DType::F16);
}

// Final h and c of the fast kernel, on which the reference must agree.
std::array<float, 2> states(const OwnedCall& call) {
  const Result<Tensors> fast = call.run();
  const Result<Tensors> plain = call.apply(execute_reference);
  EXPECT_TRUE(fast.ok() && plain.ok());
  for (const std::size_t i : {1, 2}) {
    const float a = (*fast)[i].as<float>()[0];
    const float b = (*plain)[i].as<float>()[0];
    EXPECT_TRUE(a == b || std::fabs(a - b) <= 1e-6f) << a << ", the reference has " << b;
  }
  return {(*fast)[1].as<float>()[0], (*fast)[2].as<float>()[0]};
}

float f16(double value) {
  return round_to(FloatFormat::F16, Overflow::InfNan, static_cast<float>(value));
}
float f16_tanh(double value) { return f16(std::tanh(value)); }

// Above halfway between 1 and its successor in fp16.
constexpr float kAboveHalf = 1 + 0x1p-11f + 0x1p-20f;
// Steps of fp16 from 1/4 on: large enough that tanh shows them.
constexpr double kStep = 0x1p-12;

TEST(Lstm, RoundsWhatTheCubeMultiplies) {
  // 1/4 + 1 step rounded, 1/4 + half a step unrounded; the bias decides which way that goes.
  Unit unit;
  unit.b[3] = -0x1p-14f;
  unit.x = kAboveHalf;
  unit.w[3] = 0.25f;
  EXPECT_EQ(states(half(unit))[1], f16_tanh(0.25 + kStep));
  std::swap(unit.x, unit.w[3]);
  EXPECT_EQ(states(half(unit))[1], f16_tanh(0.25 + kStep));
  unit = {.h = 0.25f, .r = {0, 0, 0, kAboveHalf}, .b = {40, 40, 40, -0x1p-14f}};
  EXPECT_EQ(states(half(unit))[1], f16_tanh(0.25 + kStep));
  EXPECT_NE(f16_tanh(0.25 + kStep), f16_tanh(0.25));
}

// States of fp32 between products of fp16, as cube_fp16in_fp32out has them.
TEST(Lstm, RoundsTheStateOnItsWayIntoTheCubeOnly) {
  const Unit unit{.h = kAboveHalf, .c = kAboveHalf, .r = {0, 0, 0, 1}, .b = {40, 40, 40, 0}};
  const float c = states(call_of(unit).computing_in(FloatFormat::F16))[1];
  EXPECT_FLOAT_EQ(c, kAboveHalf + std::tanh(1 + 0x1p-10f));
  EXPECT_FLOAT_EQ(states(call_of(unit))[1], kAboveHalf + std::tanh(kAboveHalf));
}

TEST(Lstm, AGateLeavesTheCubeRoundedOnceAfterItsBias) {
  // The bias lifts the sum above halfway; rounded to fp16 before, it would be a tie.
  const Unit unit{.x = 1, .w = {0, 0, 0, 0.25f}, .b = {40, 40, 40, 0x1p-13f + 0x1p-24f}};
  EXPECT_EQ(states(half(unit))[1], f16_tanh(0.25 + kStep));
  // Rounded to fp16 alone, either product would lose what makes the sum exact.
  const Unit both{
      .x = 1, .h = 1, .w = {0, 0, 0, 0.25f}, .r = {0, 0, 0, 0x1p-13f}, .b = {40, 40, 40, 0x1p-13f}};
  EXPECT_EQ(states(half(both))[1], f16_tanh(0.25 + kStep));
}

TEST(Lstm, HoldsItsStatesInTheDtypeOfTheResult) {
  EXPECT_EQ(states(half({.c = kAboveHalf, .b = {-40, 40, 40, 0}}))[1], 1 + 0x1p-10f);
  EXPECT_EQ(states(call_of({.c = kAboveHalf, .b = {-40, 40, 40, 0}}))[1], kAboveHalf);
}

// Values for which the product with an unrounded operand rounds the other way.
TEST(Lstm, RoundsTheInitialCellAndThePeepholes) {
  const float c = kAboveHalf + 0x1p-6f;
  const double gate = f16(1 / (1 + std::exp(-1.0)));
  EXPECT_EQ(states(half({.c = c, .b = {-40, 40, 1, 0}}))[1], f16(gate * f16(c)));
  EXPECT_NE(f16(gate * f16(c)), f16(gate * c));

  const Unit unit{.c = -0.203125f, .b = {0, 40, -40, 40}, .p = {{kAboveHalf, 0, 0}}};
  const auto input_gate = [](float p) { return f16(1 / (1 + std::exp(f16(0.203125 * p)))); };
  EXPECT_EQ(states(half(unit))[1], input_gate(1 + 0x1p-10f));
  EXPECT_NE(input_gate(1 + 0x1p-10f), input_gate(kAboveHalf));
}

TEST(Lstm, RoundsEachVectorStep) {
  // i, f, o = sigmoid(1), g = tanh(1); rounded only at the end, c would be a step lower.
  const Unit unit{.c = 2.5f, .b = {1, 1, 1, 1}};
  const float gate = f16(1 / (1 + std::exp(-1.0)));
  const float g = f16_tanh(1);
  const auto times = [](float a, float b) { return f16(static_cast<double>(a) * b); };
  const float c = f16(static_cast<double>(times(gate, 2.5f)) + times(gate, g));
  const auto [h_found, c_found] = states(half(unit));
  EXPECT_EQ(c_found, c);
  EXPECT_EQ(h_found, times(gate, f16_tanh(c)));
}

TEST(Lstm, PeepholesSeeTheOldCellAndTheOutputGateTheNewOne) {
  // The cell falls from 4 to 0 as the forget gate shuts.
  const auto [h, c] = states(call_of({.c = 4, .b = {0, 0, -400, 0.5f}, .p = {{10, 10, 10}}}));
  EXPECT_FLOAT_EQ(c, std::tanh(0.5f));  // i = sigmoid(40)
  EXPECT_FLOAT_EQ(h, std::tanh(c) / (1 + std::exp(-10 * c)));
}

TEST(Lstm, ClipBoundsTheArgumentsOfActivationsOnly) {
  ir::Lstm op;
  op.clip = 0.5f;
  const auto [h, c] = states(call_of({.c = 8, .b = {9, 9, -9, 9}}, op));
  const float open = 1 / (1 + std::exp(-0.5f));
  EXPECT_FLOAT_EQ(c, (1 - open) * 8 + open * std::tanh(0.5f));
  EXPECT_FLOAT_EQ(h, open * std::tanh(0.5f));
}

TEST(Lstm, CoupledGatesForgetWhatTheyLetIn) {
  ir::Lstm op;
  op.input_forget = true;
  const float i = 1 / (1 + std::exp(-1.0f));
  EXPECT_FLOAT_EQ(states(call_of({.c = 4, .b = {1, 40, 40, 2}}, op))[1],
                  (1 - i) * 4 + i * std::tanh(2.0f));
}

TEST(Lstm, OverflowsByTheRuleOfTheChip) {
  const Unit wide{.x = 60000, .c = 1e6f, .w = {0, 0, 0, 60000}};
  EXPECT_EQ(states(half(wide).with(Overflow::Saturate))[1], 65504);
  EXPECT_EQ(states(half(wide))[1], std::numeric_limits<float>::infinity());
  // The input gate is Inf - Inf, or 65504 - 65504.
  const Unit opposed{
      .x = 60000, .c = -60000, .w = {60000, 0, 0, 0}, .b = {0, 40, -40, 40}, .p = {{60000, 0, 0}}};
  EXPECT_EQ(states(half(opposed).with(Overflow::Saturate))[1], 0.5f);
  EXPECT_TRUE(std::isnan(result_of(half(opposed)).as<float>()[0]));
}

constexpr std::int64_t kSteps = 4, kBatch = 2, kInputs = 3, kHidden = 5;

struct Operands {
  Tensor x, w, r, b;
};

Operands operands(std::int64_t directions) {
  Rng rng(3);
  return {random_f32(rng, {kSteps, kBatch, kInputs}),
          random_f32(rng, {directions, 4 * kHidden, kInputs}),
          random_f32(rng, {directions, 4 * kHidden, kHidden}),
          random_f32(rng, {directions, 8 * kHidden})};
}

Tensors results(const OwnedCall& call) {
  Result<Tensors> results = call.run();
  EXPECT_TRUE(results.ok());
  return results.ok() ? *std::move(results) : Tensors(3);
}

Tensor part(const Tensor& x, std::int64_t axis, std::int64_t begin, std::int64_t end,
            std::int64_t step = 1) {
  return result_of(
      {ir::Slice{}, {x, i64({1}, {begin}), i64({1}, {end}), i64({1}, {axis}), i64({1}, {step})}});
}

bool same(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() && std::ranges::equal(a.as<float>(), b.as<float>());
}

// Where a row stands among others may decide how oneDNN rounds its sums. States are within [-1, 1].
bool close(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() &&
         std::ranges::equal(a.as<float>(), b.as<float>(),
                            [](float x, float y) { return std::fabs(x - y) <= 1e-6f; });
}

TEST(Lstm, ReverseIsForwardOverTheReversedSequence) {
  const auto [x, w, r, b] = operands(1);
  const Tensors reverse = results({ir::Lstm{Reverse}, {x, w, r, b}, 3});
  const Tensors forward = results({ir::Lstm{}, {part(x, 0, -1, -100, -1), w, r, b}, 3});
  EXPECT_TRUE(close(part(reverse[0], 0, -1, -100, -1), forward[0]));
  EXPECT_TRUE(close(reverse[1], forward[1]));
  EXPECT_TRUE(close(reverse[2], forward[2]));
  EXPECT_FALSE(close(reverse[0], forward[0]));
}

TEST(Lstm, BothDirectionsAreTheTwoSideBySide) {
  const auto [x, w, r, b] = operands(2);
  const Tensors both = results({ir::Lstm{Bidirectional}, {x, w, r, b}, 3});
  for (const std::int64_t d : {0, 1}) {
    const auto own = [&, d](const Tensor& all) { return part(all, 0, d, d + 1); };
    const Tensors one =
        results({ir::Lstm{d == 0 ? Forward : Reverse}, {x, own(w), own(r), own(b)}, 3});
    EXPECT_TRUE(same(part(both[0], 1, d, d + 1), one[0]));
    EXPECT_TRUE(same(own(both[1]), one[1]));
    EXPECT_TRUE(same(own(both[2]), one[2]));
  }
}

TEST(Lstm, BatchFirstIsATransposition) {
  const auto [x, w, r, b] = operands(2);
  const auto transposed = [](const Tensor& t, ir::Ints perm) {
    return result_of({ir::Transpose{std::move(perm)}, {t}});
  };
  const Tensors steps_first = results({ir::Lstm{Bidirectional}, {x, w, r, b}, 3});
  const Tensors batch_first =
      results({ir::Lstm{Bidirectional, true}, {transposed(x, {1, 0, 2}), w, r, b}, 3});
  EXPECT_TRUE(close(batch_first[0], transposed(steps_first[0], {2, 0, 1, 3})));
  EXPECT_TRUE(close(batch_first[1], transposed(steps_first[1], {1, 0, 2})));
  EXPECT_TRUE(close(batch_first[2], transposed(steps_first[2], {1, 0, 2})));
}

Tensor lengths(std::array<std::int32_t, kBatch> values) {
  Tensor tensor(DType::I32, {kBatch});
  std::ranges::copy(values, tensor.fill<std::int32_t>().begin());
  return tensor;
}

TEST(Lstm, AShorterRowIsAShorterSequence) {
  const auto [x, w, r, b] = operands(2);
  const Tensors all = results({ir::Lstm{Bidirectional}, {x, w, r, b, lengths({4, 2})}, 3});
  for (const auto& [row, length] : {std::pair<std::int64_t, std::int64_t>{0, 4}, {1, 2}}) {
    const Tensor own = part(part(x, 0, 0, length), 1, row, row + 1);
    const Tensors alone = results({ir::Lstm{Bidirectional}, {own, w, r, b}, 3});
    const Tensor y = part(all[0], 2, row, row + 1);
    for (std::size_t i = 0; i < 3; ++i) {
      const Tensor found = i == 0 ? part(y, 0, 0, length) : part(all[i], 1, row, row + 1);
      for (std::size_t k = 0; k < found.as<float>().size(); ++k)
        EXPECT_NEAR(found.as<float>()[k], alone[i].as<float>()[k], 1e-6);
    }
    const Tensor beyond = part(y, 0, length, kSteps);
    for (const float value : beyond.as<float>()) EXPECT_EQ(value, 0);
  }
}

TEST(Lstm, ASequenceLengthBeyondTheStepsIsAnError) {
  const auto [x, w, r, b] = operands(1);
  const Result<Tensors> result = OwnedCall(ir::Lstm{}, {x, w, r, b, lengths({4, 5})}, 3).run();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(to_text(result.error()),
            "error: sequence length 5 is outside [0, 4], the steps of x\n"
            "  fix: feed sequence lengths in that range");
}

TEST(Lstm, OfNoStepsKeepsItsInitialStates) {
  Rng rng(4);
  const Tensor h = random_f32(rng, {1, kBatch, kHidden});
  const Tensors found =
      results({ir::Lstm{},
               {Tensor(DType::F32, {0, kBatch, kInputs}), operands(1).w, operands(1).r, {}, {}, h},
               3});
  EXPECT_EQ(found[0].size(), 0);
  EXPECT_TRUE(same(found[1], h));
}

}  // namespace
}  // namespace keel::kernels
