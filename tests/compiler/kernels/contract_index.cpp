#include "tests/compiler/kernels/contract_cases.h"

namespace keel::kernels {
namespace {

using Cases = std::vector<ContractCase>;
using Inputs = std::vector<std::optional<Tensor>>;
using ir::ResizeCoordinates;
using ir::ResizeMode;

constexpr Tolerance kExact{};
// Passes in fp32 against one sum in double, of up to a few hundred taps.
constexpr Tolerance kInterpolated{.of_largest = 1e-6};

void add(Cases& cases, std::string name, const OwnedCall& call, Tolerance tolerance = kExact) {
  cases.push_back({std::move(name), call, tolerance});
}

void resize(Cases& cases, const ir::Resize& op, const Tensor& x, std::optional<Tensor> scales,
            std::optional<Tensor> sizes) {
  const bool crops = op.coordinates == ResizeCoordinates::TfCropAndResize;
  std::optional<Tensor> roi;
  if (crops) roi = f32({8}, {0, 0, 0.2f, -0.3f, 1, 1, 0.9f, 0.8f});
  add(cases,
      "Resize " + std::string(names_of(op.mode)[static_cast<std::size_t>(op.mode)]) + " " +
          std::string(names_of(op.coordinates)[static_cast<std::size_t>(op.coordinates)]) +
          (scales ? " by scales" : " to sizes") + (op.antialias ? ", antialiased" : "") +
          (op.exclude_outside ? ", outside excluded" : ""),
      {op, Inputs{x, std::move(roi), std::move(scales), std::move(sizes)}},
      op.mode == ResizeMode::Nearest ? kExact : kInterpolated);
}

void add_resizes(Cases& cases, Rng& rng) {
  const Tensor x = random_f32(rng, {2, 3, 7, 10});
  for (const ResizeMode mode : {ResizeMode::Nearest, ResizeMode::Linear, ResizeMode::Cubic})
    for (std::size_t i = 0; i < ir::kResizeCoordinatesNames.size(); ++i)
      for (const bool special : {false, true}) {
        ir::Resize op;
        op.mode = mode;
        op.coordinates = static_cast<ResizeCoordinates>(i);
        op.exclude_outside = special && mode == ResizeMode::Cubic;
        op.antialias = special;
        resize(cases, op, x, f32({4}, {1, 1, 2.6f, 1.7f}), {});
        resize(cases, op, x, f32({4}, {1, 1, 0.6f, 0.31f}), {});
        resize(cases, op, x, {}, i64({4}, {2, 3, 14, 4}));
        resize(cases, op, x, {}, i64({4}, {3, 2, 7, 11}));
        resize(cases, op, x, {}, i64({4}, {2, 3, 0, 11}));
      }
  for (std::size_t i = 0; i < ir::kResizeRoundingNames.size(); ++i) {
    ir::Resize op;
    op.rounding = static_cast<ir::ResizeRounding>(i);
    resize(cases, op, x, {}, i64({4}, {2, 3, 14, 5}));
    resize(cases, op, random_f32(rng, {2, 5}), {}, i64({2}, {4, 5}));
  }
  for (const ResizeMode mode : {ResizeMode::Nearest, ResizeMode::Linear}) {
    ir::Resize op;
    op.mode = mode;
    resize(cases, op, x, f32({4}, {1, 1, 1, 1}), {});
    resize(cases, op, random_f32(rng, {1, 2, 3, 4, 5}), f32({5}, {1, 1, 2, 0.5f, 3}), {});
    op.axes = {-1, 2};
    op.aspect = ir::AspectPolicy::NotSmaller;
    resize(cases, op, x, {}, i64({2}, {20, 20}));
  }
}

void add_samples(Cases& cases, Rng& rng) {
  const Tensor x = random_f32(rng, {2, 3, 5, 6});
  add(cases, "GridSample", {ir::GridSample{}, {x, random_f32(rng, {2, 4, 4, 2}, -1.3f, 1.3f)}});
  add(cases, "RoiAlign",
      {ir::RoiAlign{.height = 2, .width = 3}, {x, f32({1, 4}, {0.5f, 0.5f, 4, 3}), i64({1}, {1})}});
}

void add_selections(Cases& cases, Rng& rng) {
  const Tensor x = random_f32(rng, {3, 4, 5});
  add(cases, "ArgMax", {ir::ArgReduce{ir::ArgReduceKind::ArgMax, 1}, {x}});
  add(cases, "Hardmax", {ir::Hardmax{}, {x}});
  add(cases, "TopK", {ir::TopK{1}, {x, i64({1}, {2})}, 2});
  add(cases, "CumSum", {ir::CumSum{}, {x, i64({}, {1})}});
}

void add_indexed(Cases& cases, Rng& rng) {
  const Tensor x = random_f32(rng, {3, 4});
  const Tensor rows = i64({2, 1}, {2, -3});
  add(cases, "GatherElements", {ir::GatherElements{}, {x, i64({1, 2}, {2, -1})}});
  add(cases, "GatherND", {ir::GatherNd{}, {x, rows}});
  add(cases, "ScatterElements",
      {ir::ScatterElements{}, {x, i64({1, 2}, {2, -1}), random_f32(rng, {1, 2})}});
  add(cases, "ScatterND", {ir::ScatterNd{}, {x, rows, random_f32(rng, {2, 4})}});
  add(cases, "OneHot", {ir::OneHot{}, {i64({2}, {1, -1}), i64({}, {3}), f32({2}, {0, 1})}});
  add(cases, "EyeLike", {ir::EyeLike{}, {x}});
  add(cases, "Range", {ir::Range{}, {f32({}, {1}), f32({}, {2}), f32({}, {0.25f})}});
  add(cases, "Compress", {ir::Compress{}, {x, booleans({3}, {1, 0, 1})}});
  add(cases, "NonZero", {ir::NonZero{}, {x}});
  add(cases, "Unique", {ir::Unique{}, {x}, 4});
  add(cases, "NonMaxSuppression",
      {ir::NonMaxSuppression{},
       {random_f32(rng, {1, 6, 4}, 0, 1), random_f32(rng, {1, 2, 6}, 0, 1), i64({1}, {3})}});
}

}  // namespace

std::vector<ContractCase> index_cases(Rng& rng) {
  Cases cases;
  add_resizes(cases, rng);
  add_samples(cases, rng);
  add_selections(cases, rng);
  add_indexed(cases, rng);
  return cases;
}

}  // namespace keel::kernels
