#include <cmath>
#include <limits>

#include "tests/compiler/kernels/contract_cases.h"

namespace keel::kernels {
namespace {

// Every vector and layout kernel in fp16 and bf16, under both overflow rules, over operands that
// try the edges of the format: bit for bit what the plain reference gives, rounded as the chip
// rounds. Where a kernel forms sums in another order or has its own exp, the difference is bounded.

constexpr float kInf = std::numeric_limits<float>::infinity();

// Zeros, subnormals of fp16 and of fp32, numbers about the largest of fp16 and of bf16, Inf, NaN.
constexpr std::array kEdges = {0.0f,           -0.0f,       5.9604645e-8f, -3.0e-8f,  6.1035156e-5f,
                               1e-40f,         65504.0f,    65519.9f,      -65520.0f, 1e30f,
                               -3.3961775e38f, kInf,        -kInf,         NAN,       1.0f,
                               -1.0f,          0.33333334f, 2049.0f};

Tensor edges(const Tensor& like, FloatFormat format, Rng& rng) {
  Tensor tensor(DType::F32, like.shape());
  const Tensor plain = random_f32(rng, like.shape(), -9, 9);
  const Tensor choice = random_f32(rng, like.shape(), 0, 2 * static_cast<float>(kEdges.size()));
  const std::span<float> values = tensor.fill<float>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto edge = static_cast<std::size_t>(choice.as<float>()[i]);
    values[i] = edge < kEdges.size() ? kEdges[edge] : plain.as<float>()[i];
  }
  round_in_place(format, Overflow::InfNan, values);
  return tensor;
}

// The operands of sums: no Inf and nothing huge, whose differences depend on the order.
Tensor moderate(const Tensor& like, FloatFormat format, Rng& rng) {
  Tensor tensor = random_f32(rng, like.shape(), 0.5f, 2);
  round_in_place(format, Overflow::InfNan, tensor.fill<float>());
  return tensor;
}

bool is_sum(const ContractCase& test) { return test.tolerance.of_largest > 0; }

OwnedCall with_edges(const ContractCase& test, DType dtype, Overflow overflow, Rng& rng) {
  OwnedCall call = OwnedCall(test.call).to(dtype).with(overflow);
  for (std::optional<Tensor>& input : call.inputs) {
    if (!input || input->dtype() != DType::F32) continue;
    const Tensor values = is_sum(test) ? moderate(*input, format_of(dtype), rng)
                                       : edges(*input, format_of(dtype), rng);
    input = values.relabelled(dtype);
  }
  return call;
}

// Steps of the format between two numbers on its grid; Inf is one step beyond the largest.
double steps_between(float a, float b, FloatFormat format) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return 0;
  if (std::isnan(a) || std::isnan(b)) return kInf;
  const double largest = format == FloatFormat::F16 ? 65504 : 3.3895314e38;
  const double smallest = format == FloatFormat::F16 ? 0x1p-24 : 0x1p-133;
  const double precision = format == FloatFormat::F16 ? 0x1p-10 : 0x1p-7;
  const double x = std::clamp(static_cast<double>(a), -largest, largest);
  const double y = std::clamp(static_cast<double>(b), -largest, largest);
  const double magnitude = std::max(std::fabs(x), std::fabs(y));
  const double step = std::max(std::exp2(std::floor(std::log2(magnitude))) * precision, smallest);
  return std::max(std::fabs(x - y) / step, 1.0);
}

double largest_difference(const Tensors& actual, const Tensors& expected, FloatFormat format) {
  double most = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    if (!is_tunable_float(expected[i].dtype())) {
      if (!std::ranges::equal(actual[i].bytes(), expected[i].bytes())) return kInf;
      continue;
    }
    for (std::size_t k = 0; k < expected[i].as<float>().size(); ++k)
      most = std::max(most,
                      steps_between(actual[i].as<float>()[k], expected[i].as<float>()[k], format));
  }
  return most;
}

// Families whose float inputs are data and not numbers of the operator, which edges would break.
bool takes_edges(const ContractCase& test) {
  const ir::Op& op = test.call.op;
  return std::holds_alternative<ir::Unary>(op) || std::holds_alternative<ir::Binary>(op) ||
         std::holds_alternative<ir::Clip>(op) || std::holds_alternative<ir::Where>(op) ||
         std::holds_alternative<ir::Pool>(op) || std::holds_alternative<ir::Reduce>(op) ||
         std::holds_alternative<ir::Softmax>(op) || std::holds_alternative<ir::LayerNorm>(op) ||
         std::holds_alternative<ir::BatchNorm>(op) ||
         std::holds_alternative<ir::InstanceNorm>(op) ||
         std::holds_alternative<ir::GroupNorm>(op) || std::holds_alternative<ir::Cast>(op) ||
         ir::is_layout(op);
}

// At most this many steps of the narrow format: sums in another order, or exp of our own, differ by
// some roundings of fp32 and so fall on the other side of one rounding at most.
double allowed_steps(const ContractCase& test) {
  return test.tolerance.ulps > 0 || is_sum(test) ? 1 : 0;
}

class Exactness : public testing::TestWithParam<std::tuple<DType, Overflow>> {};

TEST_P(Exactness, FastKernelsRoundAsTheReference) {
  const auto [dtype, overflow] = GetParam();
  Rng rng(71);
  std::size_t compared = 0;
  for (const ContractCase& test : contract_cases()) {
    if (!takes_edges(test)) continue;
    const OwnedCall call = with_edges(test, dtype, overflow, rng);
    const auto expected = call.apply([](const Call& c) { return execute_reference(c); });
    if (!expected.ok()) continue;  // integer operands that no longer fit
    for (const Kernel& kernel : kernel_table()) {
      if (!call.apply(kernel.supports) || kernel.name.starts_with("reference-")) continue;
      const auto actual = call.apply([&](const Call& c) { return execute_with(kernel, c); });
      ASSERT_TRUE(actual.ok()) << test.name << ": " << to_text(actual.error());
      EXPECT_LE(largest_difference(*actual, *expected, format_of(dtype)), allowed_steps(test))
          << kernel.name << ": " << test.name;
      ++compared;
    }
  }
  EXPECT_GT(compared, 250u);
}

std::string form_name(const testing::TestParamInfo<std::tuple<DType, Overflow>>& form) {
  return std::string(name(std::get<0>(form.param))) +
         (std::get<1>(form.param) == Overflow::InfNan ? "_inf" : "_saturate");
}

INSTANTIATE_TEST_SUITE_P(Formats, Exactness,
                         testing::Combine(testing::Values(DType::F16, DType::BF16),
                                          testing::Values(Overflow::InfNan, Overflow::Saturate)),
                         form_name);

}  // namespace
}  // namespace keel::kernels
