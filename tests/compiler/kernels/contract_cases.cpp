#include "tests/compiler/kernels/contract_cases.h"

#include <array>
#include <cmath>
#include <functional>
#include <iterator>

namespace keel::kernels {
namespace {

using Cases = std::vector<ContractCase>;
using Inputs = std::vector<std::optional<Tensor>>;

constexpr Tolerance kExact{};
// What vector_math.h promises: a unit of its own, and half a one by which the reference is off.
constexpr Tolerance kTranscendental{.ulps = 1.0};
// fp32 sums of a few hundred terms against sums in double: some tens of roundings of 2^-24.
constexpr Tolerance kSum{.of_largest = 1e-5};

// A state that two orders of summing bring to either side of a rounding to fp16, where the cube
// takes it: 2^-11 of it, less what the gates make of it.
constexpr Tolerance kFlippedState{.of_largest = 2e-4};

void add(Cases& cases, std::string name, const OwnedCall& call, Tolerance tolerance) {
  cases.push_back({std::move(name), call, tolerance});
}

Tolerance tolerance_of(ir::UnaryKind kind) {
  using enum ir::UnaryKind;
  if (kind == Tanh) return {6, 0};
  if (kind >= Tan) return {};  // one implementation each
  if (kind == Sigmoid || kind == Exp || kind == Log || kind == Erf || kind == Sin || kind == Cos ||
      kind == Softplus)
    return kTranscendental;
  return kExact;
}

Tensor operand_of(ir::UnaryKind kind, Rng& rng) {
  if (kind == ir::UnaryKind::Not) return booleans({3}, {0, 1, 1});
  if (kind == ir::UnaryKind::BitwiseNot) return i64({3}, {0, 1, -9});
  return random_f32(rng, {3, 7, 11}, -5, 5);
}

void add_unary(Cases& cases, Rng& rng) {
  for (std::size_t i = 0; i < ir::kUnaryNames.size(); ++i) {
    const auto kind = static_cast<ir::UnaryKind>(i);
    const Tensor x = operand_of(kind, rng);
    add(cases, std::string(ir::kUnaryNames[i]), {ir::Unary{kind, 0.2f, 0.5f}, {x}},
        tolerance_of(kind));
  }
}

void add_binary(Cases& cases, Rng& rng) {
  const std::array<std::pair<Shape, Shape>, 8> shapes = {{{{2, 3, 5, 7}, {2, 3, 5, 7}},
                                                          {{2, 3, 5, 7}, {}},
                                                          {{1}, {2, 3, 5, 7}},
                                                          {{2, 3, 5, 7}, {7}},
                                                          {{2, 3, 5, 7}, {3, 1, 1}},
                                                          {{2, 1, 5, 1}, {1, 3, 1, 7}},
                                                          {{40, 1}, {1, 40}},
                                                          {{3, 0}, {1}}}};
  for (std::size_t i = 0; i < ir::kBinaryNames.size(); ++i) {
    const auto kind = static_cast<ir::BinaryKind>(i);
    for (const auto& [a, b] : shapes) {
      if (kind == ir::BinaryKind::PRelu && broadcast(a, b) != a) continue;
      const auto operand = [&](const Shape& shape) {
        if (ir::is_logic(kind))
          return result_of(
              {ir::Binary{ir::BinaryKind::Greater}, {random_f32(rng, shape), f32({}, {0})}});
        // Multiples of 1/2, so that some are equal.
        const Tensor x = random_f32(rng, shape, kind == ir::BinaryKind::PRelu ? -9 : 1, 9);
        if (ir::is_bitwise(kind)) return result_of({ir::Cast{DType::I32}, {x}});
        return result_of({ir::Binary{ir::BinaryKind::Mul},
                          {result_of({ir::Unary{ir::UnaryKind::Round}, {x}}), f32({}, {0.5f})}});
      };
      add(cases, std::string(ir::kBinaryNames[i]) + to_text(a) + to_text(b),
          {ir::Binary{kind}, {operand(a), operand(b)}}, kExact);
    }
  }
  for (const DType dtype : {DType::I64, DType::I32})
    for (std::size_t i = 0; i < ir::kBinaryNames.size(); ++i) {
      const auto kind = static_cast<ir::BinaryKind>(i);
      if (ir::is_logic(kind) || kind == ir::BinaryKind::PRelu || kind == ir::BinaryKind::Pow)
        continue;
      const auto operand = [&](const Shape& shape) {
        return result_of({ir::Cast{dtype}, {random_f32(rng, shape, 1, 9)}});
      };
      add(cases, std::string(ir::kBinaryNames[i]) + " of " + std::string(name(dtype)),
          {ir::Binary{kind}, {operand({2, 1, 70}), operand({3, 70})}}, kExact);
    }
  for (const float exponent : {2.0f, 0.5f, 3.0f})
    add(cases, "Pow of " + std::to_string(exponent),
        {ir::Binary{ir::BinaryKind::Pow}, {random_f32(rng, {100}, -9, 9), f32({}, {exponent})}},
        kExact);
}

void add_select(Cases& cases, Rng& rng) {
  const Tensor x = random_f32(rng, {5, 33}, -9, 9);
  add(cases, "Clip", {ir::Clip{}, {x, f32({}, {-2}), f32({}, {6})}}, kExact);
  add(cases, "Clip of planes",
      {ir::Clip{}, {random_f32(rng, {2, 5, 3, 4}, -9, 9), f32({}, {-2}), f32({}, {6})}}, kExact);
  add(cases, "Clip without low", {ir::Clip{}, {x, {}, f32({}, {6})}}, kExact);
  add(cases, "Clip without high", {ir::Clip{}, {x, f32({}, {-2})}}, kExact);
  const Tensor condition =
      result_of({ir::Binary{ir::BinaryKind::Less}, {random_f32(rng, {5, 1}), f32({}, {0})}});
  add(cases, "Where", {ir::Where{}, {condition, x, random_f32(rng, {33})}}, kExact);
  add(cases, "Where of a scalar", {ir::Where{}, {condition, x, f32({}, {-1})}}, kExact);
  for (const float sign : {1.0f, -1.0f})
    add(cases, "If",
        {ir::Choose{},
         {result_of({ir::Binary{ir::BinaryKind::Less}, {f32({}, {sign}), f32({}, {0})}}), x,
          random_f32(rng, {2, 3})}},
        kExact);
  add(cases, "Loop",
      {ir::LoopEnd{3},
       {result_of({ir::Binary{ir::BinaryKind::Less}, {f32({}, {1}), f32({}, {0})}}), x}},
      kExact);
  add(cases, "Cast", {ir::Cast{DType::F16}, {x}}, kExact);
}

void add_convolutions(Cases& cases, Rng& rng) {
  const auto conv = [&](const std::string& name, const ir::Conv& op, const Shape& x, const Shape& w,
                        bool bias) {
    Inputs inputs{random_f32(rng, x), random_f32(rng, w)};
    if (bias) inputs.push_back(random_f32(rng, {w[0]}));
    add(cases, "Conv " + name, {op, std::move(inputs)}, kSum);
  };
  conv("1-D", {{2}, {}, {1, 1}}, {2, 3, 20}, {5, 3, 3}, true);
  conv("1-D dilated", {{}, {3}, {2, 4}}, {1, 4, 30}, {6, 4, 3}, false);
  conv("2-D", {{}, {}, {1, 1, 1, 1}}, {2, 16, 9, 8}, {32, 16, 3, 3}, true);
  conv("2-D 1x1", {}, {1, 32, 7, 5}, {16, 32, 1, 1}, false);
  conv("2-D uneven", {{2, 1}, {1, 2}, {0, 2, 1, 3}}, {1, 3, 11, 13}, {8, 3, 3, 2}, true);
  conv("grouped", {{}, {}, {1, 1, 1, 1}, 4}, {2, 8, 6, 6}, {12, 2, 3, 3}, true);
  conv("depthwise", {{2, 2}, {}, {1, 1, 1, 1}, 16}, {1, 16, 9, 9}, {16, 1, 3, 3}, true);
  conv("3-D", {{1, 2, 1}, {}, {1, 1, 1, 1, 1, 1}}, {1, 3, 5, 6, 7}, {4, 3, 3, 3, 3}, true);
  ir::Conv same;
  same.auto_pad = ir::AutoPad::SameLower;
  same.strides = {2, 2};
  conv("SAME_LOWER", same, {1, 4, 10, 9}, {4, 4, 4, 3}, false);
  conv("of 4 spatial axes", {}, {1, 2, 3, 3, 2, 3}, {2, 2, 2, 1, 2, 1}, false);
  conv("whole input", {}, {2, 40, 6, 6}, {10, 40, 6, 6}, true);
}

void add_products(Cases& cases, Rng& rng) {
  const std::array<std::pair<Shape, Shape>, 11> shapes = {{{{5, 7}, {7, 3}},
                                                           {{1, 300}, {300, 1}},
                                                           {{2, 3, 5, 7}, {7, 4}},
                                                           {{2, 3, 5, 7}, {2, 3, 7, 4}},
                                                           {{3, 5, 7}, {2, 1, 7, 4}},
                                                           {{5, 7}, {3, 7, 4}},
                                                           {{7}, {7, 4}},
                                                           {{5, 7}, {7}},
                                                           {{7}, {7}},
                                                           {{7}, {2, 7, 4}},
                                                           {{2, 3, 0}, {0, 4}}}};
  for (const auto& [a, b] : shapes)
    add(cases, "MatMul" + to_text(a) + to_text(b),
        {ir::MatMul{}, {random_f32(rng, a), random_f32(rng, b)}}, kSum);
  add(cases, "MatMul with bias",
      {ir::MatMul{}, {random_f32(rng, {2, 5, 7}), random_f32(rng, {7, 4}), random_f32(rng, {4})}},
      kSum);
  for (const bool trans_a : {false, true})
    for (const bool trans_b : {false, true})
      for (const Shape& c : {Shape{4}, Shape{1, 4}, Shape{5, 1}, Shape{5, 4}, Shape{}}) {
        const auto gemm = [&](float alpha, float beta) {
          const Tensor a = random_f32(rng, trans_a ? Shape{7, 5} : Shape{5, 7});
          const Tensor b = random_f32(rng, trans_b ? Shape{4, 7} : Shape{7, 4});
          add(cases, "Gemm" + to_text(c),
              {ir::Gemm{alpha, beta, trans_a, trans_b}, {a, b, random_f32(rng, c)}}, kSum);
        };
        gemm(1, 1);
        gemm(0.5f, -2);
      }
  add(cases, "Gemm without c", {ir::Gemm{2}, {random_f32(rng, {5, 7}), random_f32(rng, {7, 4})}},
      kSum);
}

void add_pools(Cases& cases, Rng& rng) {
  const auto pool = [&](const std::string& name, const ir::Pool& op, const Shape& shape) {
    const bool selects = op.kind == ir::PoolKind::MaxPool || op.kind == ir::PoolKind::GlobalMaxPool;
    add(cases, std::string(ir::kPoolNames[static_cast<std::size_t>(op.kind)]) + " " + name,
        {op, {random_f32(rng, shape)}}, selects ? kExact : kSum);
  };
  for (const ir::PoolKind kind : {ir::PoolKind::MaxPool, ir::PoolKind::AveragePool}) {
    for (const bool ceil : {false, true})
      for (const bool include : {false, true}) {
        const auto with = [&](ir::Ints kernel, ir::Ints strides, ir::Ints pads,
                              ir::Ints dilations = {}) {
          return ir::Pool{kind,
                          std::move(kernel),
                          std::move(strides),
                          std::move(dilations),
                          std::move(pads),
                          ir::AutoPad::NotSet,
                          ceil,
                          include};
        };
        pool("1-D", with({3}, {2}, {1, 0}), {2, 3, 10});
        pool("2-D", with({3, 2}, {2, 2}, {1, 1, 1, 0}), {2, 17, 10, 11});
        pool("2-D without strides", with({2, 2}, {}, {}), {1, 2, 5, 6});
        pool("2-D dilated", with({2, 2}, {1, 1}, {}, {2, 2}), {1, 2, 7, 6});
        pool("2-D leaving a rest", with({2, 2}, {3, 3}, {}), {1, 2, 10, 10});
        pool("3-D", with({2, 2, 2}, {2, 2, 2}, {}), {1, 3, 5, 6, 7});
      }
    ir::Pool same;
    same.kind = kind;
    same.kernel = {3, 3};
    same.strides = {2, 2};
    same.auto_pad = ir::AutoPad::SameUpper;
    pool("SAME_UPPER", same, {1, 4, 9, 8});
  }
  for (const ir::PoolKind kind : {ir::PoolKind::GlobalMaxPool, ir::PoolKind::GlobalAveragePool}) {
    ir::Pool op;
    op.kind = kind;
    pool("2-D", op, {2, 5, 13, 17});
    pool("1-D", op, {2, 5, 130});
  }
}

void add_reductions(Cases& cases, Rng& rng) {
  const std::array<ir::Ints, 8> axes = {
      {{0}, {1}, {3}, {-1, -2}, {0, 2}, {1, 3}, {0, 1, 2, 3}, {0, 2, 3}}};
  for (std::size_t i = 0; i < ir::kReduceNames.size(); ++i) {
    const auto kind = static_cast<ir::ReduceKind>(i);
    const bool selects = kind == ir::ReduceKind::ReduceMax || kind == ir::ReduceKind::ReduceMin;
    const auto reduce = [&](const ir::Reduce& op, Inputs inputs, const std::string& name) {
      add(cases, std::string(ir::kReduceNames[i]) + " " + name, {op, std::move(inputs)},
          selects ? kExact : kSum);
    };
    // Near 1, so that products neither vanish nor overflow.
    const Tensor x = random_f32(rng, {5, 3, 4, 37}, 0.8f, 1.2f);
    for (const ir::Ints& list : axes)
      for (const bool keepdims : {false, true})
        reduce({kind, keepdims}, {x, i64({static_cast<std::int64_t>(list.size())}, list)},
               to_text(list));
    reduce({kind, false}, {x}, "all");
    reduce({kind, true, true}, {x}, "none");
    reduce({kind, false}, {random_f32(rng, {2, 5000}, 0.999f, 1.001f), i64({1}, {1})}, "long rows");
    reduce({kind, false}, {random_f32(rng, {5000, 2}, 0.999f, 1.001f), i64({1}, {0})},
           "long columns");
  }
}

void add_normalisations(Cases& cases, Rng& rng) {
  for (const bool log : {false, true})
    for (const std::int64_t axis : {-1, 0, 1}) {
      const ir::Softmax op{axis, log, false};
      add(cases, "Softmax " + std::to_string(axis), {op, {random_f32(rng, {3, 5, 70}, -9, 9)}},
          kSum);
      add(cases, "Softmax flattened",
          {{ir::Softmax{axis, log, true}}, {random_f32(rng, {3, 5, 7})}}, kSum);
    }
  for (const bool log : {false, true})
    for (const std::int64_t length : {1, 2, 7, 16, 17})
      add(cases, "Softmax of " + std::to_string(length),
          {ir::Softmax{-1, log, false}, {random_f32(rng, {33, length}, -9, 9)}}, kSum);
  add(cases, "Softmax flattened after the last axis",
      {ir::Softmax{2, false, true}, {random_f32(rng, {3, 5})}}, kSum);

  const auto layer_norm = [&](std::int64_t axis, const Shape& scale, bool bias) {
    Inputs inputs{random_f32(rng, {4, 6, 50}, 1, 5), random_f32(rng, scale)};
    if (bias) inputs.push_back(random_f32(rng, scale));
    add(cases, "LayerNorm " + to_text(scale), {ir::LayerNorm{axis, 1e-5f}, std::move(inputs)},
        kSum);
  };
  layer_norm(-1, {50}, true);
  layer_norm(-1, {50}, false);
  layer_norm(1, {6, 50}, true);
  layer_norm(1, {50}, true);
  layer_norm(-1, {1}, true);
  add(cases, "LayerNorm with statistics",
      {ir::LayerNorm{1, 1e-5f}, {random_f32(rng, {4, 6, 50}, 1, 5), random_f32(rng, {6, 50})}, 3},
      kSum);

  for (const Shape& shape : {Shape{3, 5, 4, 6}, Shape{7, 5}}) {
    Inputs inputs{random_f32(rng, shape)};
    for (int i = 0; i < 3; ++i) inputs.push_back(random_f32(rng, {5}));
    inputs.push_back(random_f32(rng, {5}, 0.1f, 2));
    add(cases, "BatchNorm " + to_text(shape), {ir::BatchNorm{}, std::move(inputs)}, kSum);
  }
}

struct LstmForm {
  std::string name;
  ir::Lstm op;
  bool bias = false, lengths = false, states = false, peepholes = false;
};

std::vector<LstmForm> lstm_forms() {
  using enum ir::Direction;
  return {{"forward", {}},
          {"reverse", {Reverse}, true},
          {"bidirectional", {Bidirectional}, true, false, true},
          {"batch first", {Bidirectional, true}, true, true, true},
          {"with lengths", {Bidirectional}, false, true, true},
          {"with peepholes", {Forward}, true, true, true, true},
          {"clipped", {Bidirectional, false, false, 0.75f}, true, false, true, true},
          {"with coupled gates", {Forward, false, true}, true, false, true, true}};
}

OwnedCall lstm_call(const LstmForm& form, const std::function<Tensor(const Shape&)>& make) {
  constexpr std::int64_t kSteps = 5, kBatch = 3, kInputs = 4, kHidden = 6;
  const std::int64_t directions = form.op.directions();
  const bool first = form.op.batch_first;
  const Shape state =
      first ? Shape{kBatch, directions, kHidden} : Shape{directions, kBatch, kHidden};
  const auto optional = [&](bool there, const Shape& shape) {
    return there ? std::optional(make(shape)) : std::nullopt;
  };
  Inputs inputs{make(first ? Shape{kBatch, kSteps, kInputs} : Shape{kSteps, kBatch, kInputs}),
                make({directions, 4 * kHidden, kInputs}),
                make({directions, 4 * kHidden, kHidden}),
                optional(form.bias, {directions, 8 * kHidden}),
                std::nullopt,
                optional(form.states, state),
                optional(form.states, state),
                optional(form.peepholes, {directions, 3 * kHidden})};
  if (form.lengths) {
    Tensor lengths(DType::I32, {kBatch});
    std::ranges::copy(std::array{5, 0, 3}, lengths.fill<std::int32_t>().begin());
    inputs[4] = lengths;
  }
  return {form.op, std::move(inputs), 3};
}

// With operands on a coarse grid every sum is exact in any order, so fast and reference kernel have
// to agree in each rounding.
void add_recurrent(Cases& cases, Rng& rng) {
  for (const LstmForm& form : lstm_forms()) {
    add(cases, "LSTM " + form.name,
        lstm_call(form, [&](const Shape& shape) { return random_f32(rng, shape); }), kSum);
    const OwnedCall call =
        lstm_call(form, [&](const Shape& shape) { return quarters(rng, shape); });
    for (const Overflow overflow : {Overflow::InfNan, Overflow::Saturate}) {
      const auto with = [&](FloatFormat cube, DType vector) {
        add(cases, "LSTM " + form.name + " in " + std::string(name(vector)),
            OwnedCall(call).computing_in(cube).to(vector).with(overflow), kExact);
      };
      with(FloatFormat::F16, DType::F16);
      with(FloatFormat::BF16, DType::BF16);
    }
    add(cases, "LSTM " + form.name + " of f16 products",
        OwnedCall(call).computing_in(FloatFormat::F16), kFlippedState);
  }
  // Gates beyond the largest fp16 number, and a cell state that grows beyond it.
  for (const Overflow overflow : {Overflow::InfNan, Overflow::Saturate}) {
    const OwnedCall call = lstm_call({"", {}, true, false, true, true}, [&](const Shape& shape) {
      return result_of({ir::Binary{ir::BinaryKind::Mul}, {quarters(rng, shape), f32({}, {65280})}});
    });
    add(cases, "LSTM beyond fp16",
        OwnedCall(call).computing_in(FloatFormat::F16).to(DType::F16).with(overflow), kExact);
  }
}

// One implementation each, whose results tests/compiler/kernels/layout_kernels_test.cpp gives.
void add_layouts(Cases& cases, Rng& rng) {
  const Tensor x = random_f32(rng, {2, 3, 4});
  const auto one = [&](const ir::Op& op, Inputs inputs) {
    inputs.insert(inputs.begin(), x);
    add(cases, std::string(ir::name(op)), {op, std::move(inputs)}, kExact);
  };
  one(ir::Identity{}, {});
  one(ir::Transpose{{2, 0, 1}}, {});
  one(ir::Reshape{}, {i64({2}, {6, 4})});
  one(ir::Slice{}, {i64({1}, {1}), i64({1}, {3}), i64({1}, {1})});
  one(ir::Expand{}, {i64({4}, {2, 2, 3, 4})});
  one(ir::Split{1}, {});
  one(ir::Concat{2}, {x});
  one(ir::Tile{}, {i64({3}, {2, 1, 3})});
  one(ir::Pad{}, {i64({6}, {0, 1, 0, 0, 0, 2})});
  one(ir::Pad{ir::PadMode::Reflect}, {i64({6}, {0, 1, 0, 0, 0, 2})});
  one(ir::Gather{1}, {i64({2}, {2, 0})});
  one(ir::Pad{ir::PadMode::Wrap}, {i64({6}, {0, 1, 0, 0, 0, 2})});
  one(ir::ReverseSequence{0, 1}, {i64({2}, {3, 2})});
  one(ir::Trilu{}, {});
  one(ir::CenterCropPad{{1, 2}}, {i64({2}, {5, 1})});
  one(ir::SizeOf{}, {});
  one(ir::ShapeOf{}, {});
  one(ir::CastLike{}, {i64({}, {0})});
  const Tensor image = random_f32(rng, {1, 4, 2, 6});
  for (const ir::DepthSpaceKind kind :
       {ir::DepthSpaceKind::DepthToSpace, ir::DepthSpaceKind::SpaceToDepth})
    add(cases, "DepthSpace", {ir::DepthSpace{kind, 2}, {image}}, kExact);
  add(cases, "ConstantOfShape", {ir::ConstantOfShape{2}, {i64({1}, {5})}}, kExact);
}

}  // namespace

Tensor quarters(Rng& rng, const Shape& shape) {
  Tensor tensor = random_f32(rng, shape, -4.5f, 4.5f);
  for (float& value : tensor.fill<float>()) value = std::nearbyint(value) / 4;
  return tensor;
}

std::vector<ContractCase> contract_cases() {
  Cases cases;
  Rng rng(5);
  add_unary(cases, rng);
  add_binary(cases, rng);
  add_select(cases, rng);
  add_convolutions(cases, rng);
  add_products(cases, rng);
  add_pools(cases, rng);
  add_reductions(cases, rng);
  add_normalisations(cases, rng);
  add_layouts(cases, rng);
  add_recurrent(cases, rng);
  add_compute_cases(cases, rng);
  std::ranges::move(index_cases(rng), std::back_inserter(cases));
  return cases;
}

}  // namespace keel::kernels
