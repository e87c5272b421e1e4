#include <array>
#include <functional>

#include "tests/compiler/kernels/contract_cases.h"

namespace keel::kernels {
namespace {

using Cases = std::vector<ContractCase>;
using Inputs = std::vector<std::optional<Tensor>>;
using Make = std::function<Tensor(const Shape&)>;

constexpr Tolerance kExact{};
// As in contract_cases.cpp: fp32 sums of a few hundred terms against sums in double.
constexpr Tolerance kSum{.of_largest = 1e-5};

void add(Cases& cases, std::string name, const OwnedCall& call, Tolerance tolerance) {
  cases.push_back({std::move(name), call, tolerance});
}

Tensor random_bytes(Rng& rng, DType dtype, const Shape& shape) {
  Tensor tensor(dtype, shape);
  for (std::uint8_t& value : tensor.fill<std::uint8_t>())
    value = static_cast<std::uint8_t>(rng.uniform() * 256);
  return tensor;
}

// With operands on a coarse grid every sum is exact, so in the narrow formats fast and reference
// kernel have to agree in each rounding.
void add_transposed_convolutions(Cases& cases, Rng& rng) {
  const auto conv = [&](const std::string& name, const ir::ConvTranspose& op, const Shape& x,
                        const Shape& w, bool bias) {
    const auto call = [&](const Make& make) {
      Inputs inputs{make(x), make(w)};
      if (bias) inputs.push_back(make({w[1] * op.group}));
      return OwnedCall(op, std::move(inputs));
    };
    add(cases, "ConvTranspose " + name,
        call([&](const Shape& shape) { return random_f32(rng, shape); }), kSum);
    const OwnedCall exact = call([&](const Shape& shape) { return quarters(rng, shape); });
    add(cases, "ConvTranspose " + name + " in f16",
        OwnedCall(exact).computing_in(FloatFormat::F16).to(DType::F16), kExact);
    add(cases, "ConvTranspose " + name + " in bf16",
        OwnedCall(exact).computing_in(FloatFormat::BF16).to(DType::BF16), kExact);
  };
  conv("1-D", {{2}, {}, {1, 1}, {1}, {}}, {2, 3, 20}, {3, 5, 3}, true);
  conv("2-D", {{2, 2}, {}, {1, 1, 1, 1}, {}, {}}, {2, 16, 9, 8}, {16, 32, 3, 3}, true);
  conv("2-D without strides", {}, {1, 3, 5, 4}, {3, 2, 3, 3}, false);
  conv("2-D uneven", {{3, 2}, {1, 2}, {0, 2, 1, 3}, {1, 1}, {}}, {1, 3, 5, 6}, {3, 8, 3, 2}, true);
  conv("grouped", {{2, 2}, {}, {}, {}, {}, 4}, {2, 8, 6, 6}, {8, 3, 3, 3}, true);
  conv("depthwise", {{2, 2}, {}, {1, 1, 1, 1}, {1, 1}, {}, 16}, {1, 16, 5, 5}, {16, 1, 3, 3}, true);
  conv("3-D", {{1, 2, 1}, {}, {1, 1, 1, 1, 1, 1}, {}, {}}, {1, 3, 4, 3, 5}, {3, 4, 3, 3, 3}, true);
  conv("of 4 spatial axes", {}, {1, 2, 2, 3, 2, 3}, {2, 2, 2, 1, 2, 1}, false);
  conv("of a given shape", {{3, 2}, {}, {}, {1, 1}, {10, 8}}, {1, 1, 3, 3}, {1, 2, 3, 3}, false);
  conv("of a larger shape", {{2, 2}, {}, {}, {}, {19, 9}}, {1, 2, 3, 3}, {2, 2, 3, 3}, true);
  for (const ir::AutoPad pad :
       {ir::AutoPad::SameUpper, ir::AutoPad::SameLower, ir::AutoPad::Valid}) {
    ir::ConvTranspose op;
    op.strides = {2, 2};
    op.auto_pad = pad;
    conv(std::string(names_of(pad)[static_cast<std::size_t>(pad)]), op, {1, 4, 5, 6}, {4, 3, 4, 3},
         false);
  }
}

struct Recurrence {
  std::string name;
  ir::Op op;
  std::int64_t gates = 1, directions = 1;
  bool batch_first = false;
  bool bias = false, lengths = false, state = false;
};

std::vector<Recurrence> recurrences() {
  using enum ir::Direction;
  using enum ir::RnnActivation;
  std::vector<Recurrence> all;
  for (const bool linear : {false, true}) {
    const std::string name = linear ? "GRU linear before reset " : "GRU ";
    all.push_back({name, ir::Gru{Forward, false, linear}, 3, 1});
    all.push_back({name + "reverse", ir::Gru{Reverse, false, linear}, 3, 1, false, true});
    all.push_back(
        {name + "batch first", ir::Gru{Bidirectional, true, linear}, 3, 2, true, true, true, true});
    all.push_back({name + "with lengths", ir::Gru{Bidirectional, false, linear}, 3, 2, false, false,
                   true, true});
    all.push_back(
        {name + "clipped", ir::Gru{Forward, false, linear, 0.75f}, 3, 1, false, true, false, true});
  }
  for (const ir::RnnActivation activation : {Tanh, Relu, Sigmoid}) {
    const std::string name =
        "RNN " + std::string(names_of(activation)[static_cast<std::size_t>(activation)]);
    all.push_back({name, ir::Rnn{Forward, activation}});
    all.push_back({name + " both ways", ir::Rnn{Bidirectional, activation, true, 0.75f}, 1, 2, true,
                   true, true, true});
  }
  return all;
}

OwnedCall call_of(const Recurrence& form, const Make& make) {
  constexpr std::int64_t kSteps = 5, kBatch = 3, kInputs = 4, kHidden = 6;
  const bool first = form.batch_first;
  const Shape state =
      first ? Shape{kBatch, form.directions, kHidden} : Shape{form.directions, kBatch, kHidden};
  const auto optional = [&](bool there, const Shape& shape) {
    return there ? std::optional(make(shape)) : std::nullopt;
  };
  Inputs inputs{make(first ? Shape{kBatch, kSteps, kInputs} : Shape{kSteps, kBatch, kInputs}),
                make({form.directions, form.gates * kHidden, kInputs}),
                make({form.directions, form.gates * kHidden, kHidden}),
                optional(form.bias, {form.directions, 2 * form.gates * kHidden}),
                std::nullopt,
                optional(form.state, state)};
  if (form.lengths) inputs[4] = i32({kBatch}, {5, 0, 3});
  return {form.op, std::move(inputs), 2};
}

void add_recurrences(Cases& cases, Rng& rng) {
  for (const Recurrence& form : recurrences()) {
    add(cases, form.name, call_of(form, [&](const Shape& shape) { return random_f32(rng, shape); }),
        kSum);
    const OwnedCall call = call_of(form, [&](const Shape& shape) { return quarters(rng, shape); });
    for (const Overflow overflow : {Overflow::InfNan, Overflow::Saturate}) {
      const auto with = [&](FloatFormat cube, DType vector) {
        add(cases, form.name + " in " + std::string(name(vector)),
            OwnedCall(call).computing_in(cube).to(vector).with(overflow), kExact);
      };
      with(FloatFormat::F16, DType::F16);
      with(FloatFormat::BF16, DType::BF16);
    }
    add(cases, form.name + " of f16 products", OwnedCall(call).computing_in(FloatFormat::F16),
        kSum);
  }
}

void add_contractions(Cases& cases, Rng& rng) {
  const auto einsum = [&](const std::string& equation, const std::vector<Shape>& shapes) {
    Inputs inputs;
    for (const Shape& shape : shapes) inputs.emplace_back(random_f32(rng, shape));
    add(cases, "Einsum " + equation, {ir::Einsum{equation}, std::move(inputs)}, kSum);
  };
  einsum("ij,jk->ik", {{5, 7}, {7, 3}});
  einsum("bhqd,bhkd->bhqk", {{2, 3, 5, 8}, {2, 3, 6, 8}});
  einsum("ij,jk", {{5, 7}, {7, 3}});
  einsum("...ij,...jk->...ki", {{2, 5, 7}, {2, 7, 3}});
  einsum("...ij,jk->...ik", {{4, 2, 5, 7}, {7, 3}});
  einsum("i,j->ji", {{4}, {3}});
  einsum("i,i", {{400}, {400}});
  einsum("ii->i", {{4, 4}});
  einsum("bii,i->b", {{3, 4, 4}, {4}});
  einsum("ij->", {{3, 4}});
  einsum("ij,ij,jk->k", {{3, 4}, {3, 4}, {4, 2}});
  einsum("ij,jk->ik", {{5, 1}, {7, 3}});
  einsum("ij,jk->ik", {{5, 0}, {0, 3}});
  add(cases, "Einsum of i64",
      {ir::Einsum{"ij,j->i"}, {i64({2, 2}, {1, 2, 3, -4}), i64({2}, {5, 6})}}, kExact);
  add(cases, "Det", {ir::Det{}, {random_f32(rng, {2, 3, 4, 4})}}, kSum);
}

void add_channel_norms(Cases& cases, Rng& rng) {
  const Tensor x = random_f32(rng, {2, 6, 5, 7}, 1, 5);
  const auto norm = [&](const std::string& name, const ir::Op& op, Inputs parameters) {
    parameters.insert(parameters.begin(), x);
    add(cases, name, {op, std::move(parameters)}, kSum);
  };
  norm("InstanceNorm", ir::InstanceNorm{}, {random_f32(rng, {6}), random_f32(rng, {6})});
  norm("GroupNorm by group", ir::GroupNorm{3}, {random_f32(rng, {3}), random_f32(rng, {3})});
  norm("GroupNorm by channel", ir::GroupNorm{2}, {random_f32(rng, {6}), random_f32(rng, {6})});
  norm("MeanVarianceNorm", ir::MeanVarianceNorm{}, {});
  norm("MeanVarianceNorm of the last axes", ir::MeanVarianceNorm{{-1, -2}}, {});
  norm("LRN", ir::Lrn{1e-2f, 0.5f, 2, 4}, {});
  for (const std::int64_t p : {1, 2}) norm("LpNorm", ir::LpNorm{1, p}, {});
}

void add_losses(Cases& cases, Rng& rng) {
  using enum ir::LossKind;
  for (const ir::LossKind kind : {NegativeLogLikelihoodLoss, SoftmaxCrossEntropyLoss})
    for (std::size_t r = 0; r < ir::kLossReductionNames.size(); ++r) {
      const ir::Loss op{kind, static_cast<ir::LossReduction>(r), true, -1};
      const Tensor labels = i64({2, 3}, {0, 4, -1, 2, 2, 3});
      add(cases, "Loss", {op, {random_f32(rng, {2, 5, 3}), labels}}, kSum);
      add(cases, "weighted Loss",
          {op,
           {random_f32(rng, {2, 5, 3}), labels, random_f32(rng, {5}, 0, 1)},
           kind == SoftmaxCrossEntropyLoss ? std::size_t{2} : std::size_t{1}},
          kSum);
    }
}

void add_pools(Cases& cases, Rng& rng) {
  ir::Pool pool;
  pool.kernel = {3, 2};
  pool.strides = {2, 2};
  pool.pads = {1, 1, 1, 0};
  for (const bool column_major : {false, true}) {
    pool.column_major = column_major;
    add(cases, "MaxPool with indices", {pool, {random_f32(rng, {2, 3, 9, 8})}, 2}, kExact);
  }
  for (const DType dtype : {DType::I8, DType::U8})
    add(cases, "MaxPool of bytes", {pool, {random_bytes(rng, dtype, {2, 3, 9, 8})}}, kExact);
  add(cases, "MaxUnpool",
      {ir::MaxUnpool{{2, 2}, {2, 2}, {}},
       {random_f32(rng, {1, 1, 2, 2}), i64({1, 1, 2, 2}, {5, 7, 13, 15})}},
      kExact);
  for (const ir::PoolKind kind : {ir::PoolKind::LpPool, ir::PoolKind::GlobalLpPool}) {
    ir::Pool norm;
    norm.kind = kind;
    if (kind == ir::PoolKind::LpPool) norm.kernel = {2, 3};
    norm.p = 3;
    add(cases, "LpPool", {norm, {random_f32(rng, {2, 3, 9, 8})}}, kSum);
  }
}

void add_quantised(Cases& cases, Rng& rng) {
  const Tensor zero = u8({}, {128});
  const Tensor scale = f32({}, {0.05f});
  const Tensor x = random_f32(rng, {2, 3, 4}, -9, 9);
  add(cases, "QuantizeLinear", {ir::QuantizeLinear{}, {x, scale, zero}}, kExact);
  add(cases, "QuantizeLinear by axis",
      {ir::QuantizeLinear{1}, {x, f32({3}, {0.1f, 0.2f, 0.3f}), i8({3}, {1, -2, 3})}}, kExact);
  add(cases, "DequantizeLinear",
      {ir::DequantizeLinear{}, {random_bytes(rng, DType::U8, {2, 3}), scale, zero}}, kExact);
  add(cases, "DynamicQuantizeLinear", {ir::DynamicQuantizeLinear{}, {x}, 3}, kExact);

  const Tensor a = random_bytes(rng, DType::U8, {2, 3, 4}),
               b = random_bytes(rng, DType::I8, {4, 5});
  const Tensor b_zero = i8({}, {-3});
  add(cases, "MatMulInteger", {ir::MatMulInteger{}, {a, b, zero, b_zero}}, kExact);
  add(cases, "QLinearMatMul",
      {ir::QLinearMatMul{}, {a, scale, zero, b, scale, b_zero, f32({}, {0.5f}), zero}}, kExact);

  const Tensor image = random_bytes(rng, DType::U8, {2, 4, 6, 5});
  const Tensor w = random_bytes(rng, DType::I8, {6, 2, 3, 3});
  add(cases, "ConvInteger",
      {ir::ConvInteger{{2, 1}, {}, {1, 1, 1, 1}, 2}, {image, w, zero, b_zero}}, kExact);
  add(cases, "QLinearConv",
      {ir::QLinearConv{{}, {1, 2}, {0, 1, 1, 1}, 2},
       {image, scale, zero, w, random_f32(rng, {6}, 0.01f, 0.1f), b_zero, f32({}, {0.5f}), zero,
        i32({6}, {1, -2, 300, -4000, 5, 6})}},
      kExact);
}

void add_signals(Cases& cases, Rng& rng) {
  for (std::size_t i = 0; i < ir::kWindowNames.size(); ++i)
    for (const bool periodic : {false, true})
      add(cases, std::string(ir::kWindowNames[i]),
          {ir::SignalWindow{static_cast<ir::WindowKind>(i), periodic}, {i64({}, {10})}}, kExact);
  add(cases, "DFT", {ir::Dft{1, false, true}, {random_f32(rng, {2, 12, 3, 1})}}, kExact);
  add(cases, "STFT",
      {ir::Stft{}, {random_f32(rng, {2, 40, 1}), i64({}, {8}), random_f32(rng, {16})}}, kExact);
  add(cases, "MelWeightMatrix",
      {ir::MelWeightMatrix{},
       {i64({}, {8}), i64({}, {64}), i64({}, {8192}), f32({}, {0}), f32({}, {4096})}},
      kExact);
}

}  // namespace

void add_compute_cases(std::vector<ContractCase>& cases, Rng& rng) {
  add_transposed_convolutions(cases, rng);
  add_recurrences(cases, rng);
  add_contractions(cases, rng);
  add_channel_norms(cases, rng);
  add_losses(cases, rng);
  add_pools(cases, rng);
  add_quantised(cases, rng);
  add_signals(cases, rng);
}

}  // namespace keel::kernels
