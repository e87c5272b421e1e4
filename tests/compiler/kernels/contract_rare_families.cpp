#include "tests/compiler/kernels/contract_cases.h"

namespace keel::kernels {
namespace {

using Inputs = std::vector<std::optional<Tensor>>;

constexpr Tolerance kExact{};
constexpr Tolerance kSum{.of_largest = 1e-5};

class Cases {
 public:
  explicit Cases(std::vector<ContractCase>& cases) : cases_(cases) {}

  void add(const ir::Op& op, Inputs inputs, std::size_t outputs = 1) {
    add(std::string(ir::name(op)), OwnedCall(op, std::move(inputs), outputs), kExact);
  }
  void add(std::string name, const OwnedCall& call, Tolerance tolerance) {
    cases_.push_back({std::move(name), call, tolerance});
  }

  Tensor random(const Shape& shape, float low = -1, float high = 1) {
    return random_f32(rng_, shape, low, high);
  }
  Tensor bytes(const Shape& shape) {
    return result_of({ir::Cast{DType::U8}, {random(shape, 0, 255)}});
  }

 private:
  std::vector<ContractCase>& cases_;
  Rng rng_{17};
};

Tensor i32(const Shape& shape, std::vector<std::int64_t> values) {
  return result_of({ir::Cast{DType::I32}, {i64(shape, std::move(values))}});
}
Tensor u8(std::int64_t value) { return result_of({ir::Cast{DType::U8}, {i64({}, {value})}}); }

void add_transposed_convolutions(Cases& cases) {
  const auto form = [&](const char* name, const ir::ConvTranspose& op, const Shape& x,
                        const Shape& w, bool bias) {
    Inputs inputs{cases.random(x), cases.random(w)};
    if (bias) inputs.push_back(cases.random({w[1] * op.group}));
    const OwnedCall call(op, std::move(inputs));
    cases.add(std::string("ConvTranspose ") + name, call, kSum);
    cases.add(std::string("ConvTranspose in fp16 ") + name,
              OwnedCall(call).computing_in(FloatFormat::F16), kSum);
  };
  ir::ConvTranspose op;
  form("2-D", op, {2, 3, 5, 7}, {3, 4, 3, 3}, true);
  op.strides = {2, 2};
  op.pads = {1, 1, 1, 1};
  op.output_padding = {1, 1};
  form("strided", op, {1, 8, 6, 6}, {8, 16, 3, 3}, false);
  op = {};
  op.dilations = {2, 2};
  form("dilated", op, {1, 2, 4, 4}, {2, 3, 2, 2}, false);
  op = {};
  op.strides = {2, 2};
  op.group = 2;
  form("grouped", op, {1, 4, 5, 5}, {4, 3, 2, 2}, true);
  op = {};
  op.strides = {3};
  form("1-D", op, {2, 4, 9}, {4, 2, 5}, true);
  op.strides = {2, 1, 2};
  form("3-D", op, {1, 2, 3, 4, 5}, {2, 3, 2, 2, 2}, false);
  op.strides = {2, 2};
  op.output_shape = {13, 13};
  form("to a shape", op, {1, 1, 5, 5}, {1, 1, 3, 3}, false);
  op.output_shape = {};
  op.auto_pad = ir::AutoPad::SameUpper;
  form("same", op, {1, 2, 5, 5}, {2, 2, 3, 3}, false);
}

void add_pools(Cases& cases) {
  const Tensor image = cases.random({1, 4, 4, 6});
  ir::Pool pool;
  pool.kernel = {2, 2};
  cases.add(pool, {image}, 2);
  pool.kind = ir::PoolKind::LpPool;
  cases.add(pool, {image});
  cases.add(ir::MaxUnpool{{2, 2}, {2, 2}, {}},
            {cases.random({1, 1, 1, 2}), i64({1, 1, 1, 2}, {1, 3})});
  for (const ir::DepthSpaceKind kind :
       {ir::DepthSpaceKind::DepthToSpace, ir::DepthSpaceKind::SpaceToDepth})
    cases.add(ir::DepthSpace{kind, 2}, {image});
}

void add_along_axes(Cases& cases) {
  const Tensor image = cases.random({2, 4, 3, 5});
  cases.add(ir::InstanceNorm{}, {image, cases.random({4}), cases.random({4})});
  cases.add(ir::GroupNorm{2}, {image, cases.random({4}), cases.random({4})});
  cases.add(ir::MeanVarianceNorm{}, {image});
  ir::Lrn lrn;
  lrn.size = 3;
  cases.add(lrn, {image});
  cases.add(ir::LpNorm{1}, {image});
  cases.add(ir::LayerNorm{}, {image, cases.random({5})}, 3);
  cases.add(ir::Loss{}, {cases.random({3, 4}), i64({3}, {0, 3, 1})});
  cases.add(ir::Einsum{"bij,bkj->bik"}, {cases.random({2, 3, 4}), cases.random({2, 5, 4})});
  cases.add(ir::Det{}, {cases.random({2, 3, 3})});
  ir::Gru gru;
  for (const bool before : {false, true}) {
    gru.linear_before_reset = before;
    cases.add(gru, {cases.random({3, 2, 4}), cases.random({1, 9, 4}), cases.random({1, 9, 3})}, 2);
  }
  cases.add(ir::Rnn{}, {cases.random({3, 2, 4}), cases.random({1, 3, 4}), cases.random({1, 3, 3})},
            2);
}

void add_quantised(Cases& cases) {
  const Tensor scale = f32({}, {0.5f});
  const Tensor a = cases.bytes({3, 4}), b = cases.bytes({4, 2});
  const Tensor image = cases.bytes({1, 2, 4, 4}), weights = cases.bytes({3, 2, 2, 2});
  cases.add(ir::QuantizeLinear{}, {cases.random({3, 4}, -9, 9), scale, u8(7)});
  cases.add(ir::DequantizeLinear{}, {a, scale, u8(7)});
  cases.add(ir::DynamicQuantizeLinear{}, {cases.random({3, 4}, -9, 9)}, 3);
  cases.add(ir::MatMulInteger{}, {a, b, u8(3)});
  cases.add(ir::ConvInteger{}, {image, weights});
  cases.add(ir::QLinearMatMul{}, {a, scale, u8(3), b, scale, u8(4), scale, u8(5)});
  cases.add(ir::QLinearConv{},
            {image, scale, u8(3), weights, scale, u8(4), scale, u8(5), i32({3}, {1, -2, 3})});
}

void add_signals(Cases& cases) {
  cases.add(ir::SignalWindow{}, {i64({}, {8})});
  cases.add(ir::Dft{}, {cases.random({1, 8, 1})});
  cases.add(ir::Stft{}, {cases.random({1, 32, 1}), i64({}, {4}), cases.random({8})});
  cases.add(ir::MelWeightMatrix{},
            {i64({}, {4}), i64({}, {16}), i64({}, {8000}), f32({}, {0}), f32({}, {4000})});
}

}  // namespace

void add_rare_families(std::vector<ContractCase>& list) {
  Cases cases(list);
  add_transposed_convolutions(cases);
  add_pools(cases);
  add_along_axes(cases);
  add_quantised(cases);
  add_signals(cases);
}

}  // namespace keel::kernels
