#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "compiler/kernels/index.h"
#include "tests/compiler/kernels/owned_call.h"
#include "tests/compiler/kernels/scalar_products.h"

namespace keel::kernels {
namespace {

// Products of the cube in each format it has, over operands that try the edges of fp32, HF32 and
// fp16: every kernel, fast or plain, against sums of scalar_products.h, which knows nothing of
// either.

constexpr float kInf = std::numeric_limits<float>::infinity();

/// What operands are drawn from.
enum class Numbers { Moderate, Wide, Subnormal, Huge, Special };
constexpr std::array kNumbers = {Numbers::Moderate, Numbers::Wide, Numbers::Subnormal,
                                 Numbers::Huge, Numbers::Special};
constexpr std::array kNumberNames = {"moderate", "wide", "subnormal", "huge", "special"};

float with_exponent(Rng& rng, int least, int most) {
  const auto range = static_cast<std::uint64_t>(most - least + 1);
  const int exponent = least + static_cast<int>(rng.below(range));
  return static_cast<float>(std::ldexp(1 + rng.uniform(), exponent));
}

float special(Rng& rng) {
  // Numbers that each format rounds by a tie, to Inf, or not at all.
  constexpr std::array kSpecial = {kInf,       -kInf,      NAN,      0.0f,
                                   -0.0f,      65520.0f,   65519.9f, 0x1.fffffep127f,
                                   0x1.001p0f, 0x1.003p0f, 0x1p-149f};
  return kSpecial[rng.below(kSpecial.size())];
}

float draw(Rng& rng, Numbers numbers) {
  const float sign = rng.below(2) == 0 ? 1.0f : -1.0f;
  switch (numbers) {
    case Numbers::Moderate:
      return sign * with_exponent(rng, -3, 0);
    case Numbers::Wide:
      return sign * with_exponent(rng, -30, 20);
    case Numbers::Subnormal:
      return sign * with_exponent(rng, -149, -120);
    case Numbers::Huge:
      return with_exponent(rng, 110, 127);
    case Numbers::Special:
      return rng.below(24) == 0 ? special(rng) : sign * with_exponent(rng, -8, 8);
  }
  return 0;
}

Tensor drawn(Rng& rng, const Shape& shape, Numbers numbers) {
  Tensor tensor(DType::F32, shape);
  for (float& value : tensor.fill<float>()) value = draw(rng, numbers);
  return tensor;
}

/// A product of the cube: the operator, the shapes of its operands, and what it sums.
struct Product {
  std::string name;
  ir::Op op;
  std::vector<Shape> shapes;  ///< of a, b and, where there is one, the bias
  ScalarProducts sums;
  bool has_padding = false;  ///< where a cube may multiply zeros instead of leaving terms out
};

std::size_t at(const Shape& shape, const Shape& index) {
  return offset_of(index, row_major_strides(shape));
}

// [batch, m, k] x [k, n], or [batch, k, n], + bias [n].
Product matmul(std::int64_t batch, std::int64_t m, std::int64_t k, std::int64_t n, bool own_b,
               bool bias) {
  Product product{
      "MatMul k=" + std::to_string(k), ir::MatMul{}, {{batch, m, k}, {k, n}}, {}, false};
  if (own_b) product.shapes[1] = {batch, k, n};
  if (bias) product.shapes.push_back({n});
  for_each_index({batch, m, n}, [&](const Shape& y) {
    ScalarProducts::Pairs& pairs = product.sums.of_output.emplace_back();
    for (std::int64_t i = 0; i < k; ++i)
      pairs.emplace_back(at(product.shapes[0], {y[0], y[1], i}),
                         static_cast<std::size_t>(((own_b ? y[0] * k : 0) + i) * n + y[2]));
    if (bias) product.sums.c_of_output.push_back(static_cast<std::size_t>(y[2]));
  });
  return product;
}

Product gemm(const ir::Gemm& op, std::int64_t m, std::int64_t k, std::int64_t n, const Shape& c) {
  Product product{"Gemm k=" + std::to_string(k), op, {{m, k}, {k, n}, c}, {}, false};
  if (op.trans_a) product.shapes[0] = {k, m};
  if (op.trans_b) product.shapes[1] = {n, k};
  product.sums.alpha = op.alpha;
  product.sums.beta = op.beta;
  const Shape strides = broadcast_strides(c, {m, n});
  for_each_index({m, n}, [&](const Shape& y) {
    ScalarProducts::Pairs& pairs = product.sums.of_output.emplace_back();
    for (std::int64_t i = 0; i < k; ++i)
      pairs.emplace_back(at(product.shapes[0], op.trans_a ? Shape{i, y[0]} : Shape{y[0], i}),
                         at(product.shapes[1], op.trans_b ? Shape{y[1], i} : Shape{i, y[1]}));
    product.sums.c_of_output.push_back(offset_of(y, strides));
  });
  return product;
}

/// The two spatial axes of a convolution.
struct Windows {
  std::int64_t stride = 1, dilation = 1, pad = 0, group = 1;
};

template <class Family>
Family windowed(const Windows& windows) {
  Family op;
  op.strides = {windows.stride, windows.stride};
  op.dilations = {windows.dilation, windows.dilation};
  op.pads = Shape(4, windows.pad);
  op.group = windows.group;
  return op;
}

// x [n, c, h, w], w [m, c/group, kh, kw], bias [m].
Product conv(const Shape& x, const Shape& w, const Windows& s) {
  Product product{"Conv w=" + to_text(w), windowed<ir::Conv>(s), {x, w, {w[0]}}, {}, s.pad > 0};
  const auto extent = [&](std::size_t i) {
    return (x[i] + 2 * s.pad - s.dilation * (w[i] - 1) - 1) / s.stride + 1;
  };
  for_each_index({x[0], w[0], extent(2), extent(3)}, [&](const Shape& y) {
    ScalarProducts::Pairs& pairs = product.sums.of_output.emplace_back();
    for_each_index({w[1], w[2], w[3]}, [&](const Shape& tap) {
      const std::int64_t row = y[2] * s.stride - s.pad + tap[1] * s.dilation;
      const std::int64_t column = y[3] * s.stride - s.pad + tap[2] * s.dilation;
      if (row < 0 || row >= x[2] || column < 0 || column >= x[3]) return;
      const std::int64_t channel = y[1] / (w[0] / s.group) * w[1] + tap[0];
      pairs.emplace_back(at(x, {y[0], channel, row, column}),
                         at(w, {y[1], tap[0], tap[1], tap[2]}));
    });
    product.sums.c_of_output.push_back(static_cast<std::size_t>(y[1]));
  });
  return product;
}

// x [n, c, h, w], w [c, m/group, kh, kw], bias [m].
Product conv_transpose(const Shape& x, const Shape& w, const Windows& s) {
  const std::int64_t maps = w[1] * s.group;
  Product product{
      "ConvTranspose w=" + to_text(w), windowed<ir::ConvTranspose>(s), {x, w, {maps}}, {}, true};
  const auto extent = [&](std::size_t i) {
    return (x[i] - 1) * s.stride + s.dilation * (w[i] - 1) + 1 - 2 * s.pad;
  };
  const Shape y_shape{x[0], maps, extent(2), extent(3)};
  product.sums.of_output.resize(static_cast<std::size_t>(element_count(y_shape)));
  for_each_index(x, [&](const Shape& from) {
    for_each_index({w[1], w[2], w[3]}, [&](const Shape& tap) {
      const std::int64_t row = from[2] * s.stride - s.pad + tap[1] * s.dilation;
      const std::int64_t column = from[3] * s.stride - s.pad + tap[2] * s.dilation;
      if (row < 0 || row >= y_shape[2] || column < 0 || column >= y_shape[3]) return;
      const std::int64_t map = from[1] / (x[1] / s.group) * w[1] + tap[0];
      product.sums.of_output[at(y_shape, {from[0], map, row, column})].emplace_back(
          at(x, from), at(w, {from[1], tap[0], tap[1], tap[2]}));
    });
  });
  for_each_index(y_shape, [&](const Shape& y) {
    product.sums.c_of_output.push_back(static_cast<std::size_t>(y[1]));
  });
  return product;
}

// Few and many terms, and each layout and shape that a fast kernel treats by itself.
std::vector<Product> products() {
  const ir::Gemm scaled{.alpha = 0.5f, .beta = -1.5f, .trans_a = true};
  const ir::Gemm turned{.trans_b = true};
  return {
      matmul(1, 1, 1, 1, false, false),
      matmul(2, 5, 67, 17, false, true),
      matmul(3, 4, 32, 9, true, false),
      matmul(1, 3, 600, 33, false, false),
      gemm(turned, 6, 48, 19, {19}),
      gemm(scaled, 5, 31, 8, {5, 1}),
      conv({2, 3, 9, 8}, {5, 3, 3, 3}, {.stride = 2, .pad = 1}),
      conv({1, 32, 6, 7}, {32, 32, 3, 3}, {.pad = 1}),
      conv({1, 16, 9, 9}, {16, 1, 3, 3}, {.dilation = 2, .group = 16}),
      conv({1, 8, 5, 5}, {6, 4, 1, 1}, {.group = 2}),
      conv({1, 24, 4, 4}, {20, 24, 1, 1}, {}),
      conv_transpose({1, 4, 5, 6}, {4, 3, 3, 3}, {.stride = 2, .pad = 1}),
      conv_transpose({2, 6, 4, 4}, {6, 2, 2, 2}, {.dilation = 2, .group = 3}),
  };
}

/// A format of the cube and what it does beyond its range.
struct Form {
  FloatFormat format = FloatFormat::F32;
  Overflow overflow = Overflow::InfNan;
  std::string name;
};

const std::array kForms = {
    Form{FloatFormat::F32, Overflow::InfNan, "fp32"},
    Form{FloatFormat::HF32, Overflow::InfNan, "hf32"},
    Form{FloatFormat::F16, Overflow::InfNan, "half_inf"},
    Form{FloatFormat::F16, Overflow::Saturate, "half_saturate"},
};

std::vector<float> operand_of(const Tensor& tensor, const Form& form) {
  std::vector<float> values;
  for (const float value : tensor.as<float>())
    values.push_back(as_operand(form.format, form.overflow, value));
  return values;
}

std::vector<ScalarSum> sums_of(const Product& product,
                               const std::vector<std::optional<Tensor>>& inputs, const Form& form) {
  const std::vector<float> a = operand_of(*inputs[0], form), b = operand_of(*inputs[1], form);
  const auto c = inputs.size() > 2 ? inputs[2]->as<float>() : std::span<const float>();
  std::vector<ScalarSum> sums;
  for (std::size_t i = 0; i < product.sums.of_output.size(); ++i)
    sums.push_back(sum_of(product.sums, i, a, b, c));
  return sums;
}

OwnedCall call_of(const Product& product, const Form& form, Numbers numbers, Rng& rng) {
  std::vector<std::optional<Tensor>> inputs{drawn(rng, product.shapes[0], numbers)};
  // Huge and tiny numbers meet others, so that sums are sometimes within fp32; those of huge ones
  // have one sign, so that no order of summing keeps them finite.
  // A weight that is infinite and meets padding gives NaN or nothing, as the kernel likes.
  const bool is_extreme = numbers == Numbers::Huge || numbers == Numbers::Subnormal;
  const Numbers second = product.has_padding ? Numbers::Moderate
                         : is_extreme        ? Numbers::Wide
                                             : numbers;
  inputs.emplace_back(drawn(rng, product.shapes[1], second));
  if (numbers == Numbers::Huge)
    for (float& value : inputs[1]->fill<float>()) value = std::fabs(value);
  if (product.shapes.size() > 2)
    inputs.emplace_back(drawn(rng, product.shapes[2], Numbers::Moderate));
  return OwnedCall(product.op, std::move(inputs)).computing_in(form.format).with(form.overflow);
}

class CubeExactness : public testing::TestWithParam<std::tuple<std::size_t, std::size_t>> {};

// The first element that no order of summing gives, or nothing.
std::string wrong_element(std::span<const float> actual, const std::vector<ScalarSum>& sums) {
  if (actual.size() != sums.size()) return "another number of elements";
  for (std::size_t i = 0; i < sums.size(); ++i)
    if (const std::string what = complaint(actual[i], sums[i]); !what.empty())
      return "element " + std::to_string(i) + " is " + what;
  return "";
}

TEST_P(CubeExactness, EveryKernelMultipliesRoundedOperands) {
  const Form& form = kForms[std::get<0>(GetParam())];
  Rng rng(29);
  std::size_t fast = 0;
  for (const Product& product : products()) {
    const OwnedCall call = call_of(product, form, kNumbers[std::get<1>(GetParam())], rng);
    const std::vector<ScalarSum> sums = sums_of(product, call.inputs, form);
    for (const Kernel& kernel : kernel_table()) {
      if (!call.apply(kernel.supports)) continue;
      const auto result = call.apply([&](const Call& c) { return execute_with(kernel, c); });
      ASSERT_TRUE(result.ok()) << to_text(result.error());
      EXPECT_EQ(wrong_element((*result)[0].as<float>(), sums), "")
          << kernel.name << ": " << product.name;
      fast += kernel.name.starts_with("onednn-");
    }
  }
  EXPECT_EQ(fast, products().size());
}

INSTANTIATE_TEST_SUITE_P(Formats, CubeExactness,
                         testing::Combine(testing::Range<std::size_t>(0, kForms.size()),
                                          testing::Range<std::size_t>(0, kNumbers.size())),
                         [](const testing::TestParamInfo<std::tuple<std::size_t, std::size_t>>& p) {
                           return kForms[std::get<0>(p.param)].name + "_" +
                                  kNumberNames[std::get<1>(p.param)];
                         });

// The bound is no wider than it must be: sums of operands in another format break it.
TEST(CubeExactnessBound, TellsTheFormatsApart) {
  Rng rng(31);
  for (const Product& product : products()) {
    if (product.sums.of_output.size() == 1) continue;  // one product may be on several grids
    const OwnedCall call = call_of(product, kForms[0], Numbers::Wide, rng);
    for (const Form& one : kForms)
      for (const Form& other : kForms) {
        if (one.format == other.format) continue;
        std::vector<float> results;
        for (const ScalarSum& sum : sums_of(product, call.inputs, one))
          results.push_back(static_cast<float>(sum.value));
        EXPECT_NE(wrong_element(results, sums_of(product, call.inputs, other)), "")
            << product.name << " in " << one.name << ", not " << other.name;
      }
  }
}

TEST(ScalarProducts, RoundAsTheFormatsAreDefined) {
  EXPECT_EQ(in_hf32(0x1.001p0f), 1.0f);        // a tie, to even
  EXPECT_EQ(in_hf32(0x1.003p0f), 0x1.004p0f);  // a tie, to even
  EXPECT_EQ(in_hf32(0x1.001002p0f), 0x1.002p0f);
  EXPECT_EQ(in_hf32(-0x1.fffffep127f), -kInf);
  EXPECT_EQ(in_hf32(0x1p-126f), 0x1p-126f);
  EXPECT_EQ(in_half(65519.9f, Overflow::InfNan), 65504.0f);
  EXPECT_EQ(in_half(-65520.0f, Overflow::InfNan), -kInf);
  EXPECT_EQ(in_half(-kInf, Overflow::Saturate), -65504.0f);
  EXPECT_EQ(in_half(NAN, Overflow::Saturate), 0.0f);
  EXPECT_EQ(in_half(0x1p-25f, Overflow::InfNan), 0.0f);  // a tie, to even
  EXPECT_EQ(in_half(0x1.8p-24f, Overflow::InfNan), 0x1p-23f);
  EXPECT_EQ(in_half(0x1.004p-14f, Overflow::InfNan), 0x1.004p-14f);
  EXPECT_EQ(in_half(0x1p-149f, Overflow::InfNan), 0.0f);
}

}  // namespace
}  // namespace keel::kernels
