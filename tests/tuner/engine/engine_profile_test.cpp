#include <gtest/gtest.h>

#include "tests/tuner/engine/opened_model.h"
#include "tuner/engine/profile.h"

namespace keel::engine {
namespace {

using onnx_io::ModelBuilder;

// x -> MatMul m -> Relu r -> Transpose t -> Softmax s -> Reshape y
ModelBuilder chain() {
  ModelBuilder model;
  auto& weight = model.input("x", {32, 64}).initializer("w", {64, 16}, onnx::TensorProto::FLOAT);
  for (int i = 0; i < 64 * 16; ++i) weight.add_float_data(0.5f);
  model.node("MatMul", {"x", "w"}, {"m"}).node("Relu", {"m"}, {"r"});
  model.node("Transpose", {"r"}, {"t"}).node("Softmax", {"t"}, {"s"});
  model.ints("flat", {512}).node("Reshape", {"s", "flat"}, {"y"});
  return model.output("y");
}

class EngineProfile : public OpenedModel {
 protected:
  EngineProfile() { write(chain()); }

  report::Profile profiled() const {
    const Result<View<report::Profile>> view = profile(options_);
    EXPECT_TRUE(view.ok()) << (view.ok() ? "" : to_text(view.error()));
    return view.ok() ? view->content : report::Profile{};
  }

  report::ProfiledKernel kernel(const std::string& node) const {
    for (const report::ProfiledKernel& each : profiled().kernels)
      if (std::ranges::find(each.row.nodes, node) != each.row.nodes.end()) return each;
    ADD_FAILURE() << "no kernel of " << node;
    return {};
  }

  report::ProfileDifference compared(const std::filesystem::path& other) const {
    const Result<View<report::ProfileDifference>> view = compare(options_, other);
    EXPECT_TRUE(view.ok()) << (view.ok() ? "" : to_text(view.error()));
    return view.ok() ? view->content : report::ProfileDifference{};
  }
};

TEST_F(EngineProfile, KnowsTensorsBytesAndOperationsOfAKernel) {
  const report::ProfiledKernel product = kernel("n_m");
  ASSERT_EQ(product.inputs.size(), 2U);
  EXPECT_EQ(product.inputs[0].shape, (Shape{32, 64}));
  EXPECT_EQ(product.inputs[1].shape, (Shape{64, 16}));
  EXPECT_EQ(product.inputs[1].dtype, DType::F16);
  ASSERT_EQ(product.outputs.size(), 1U);
  EXPECT_EQ(product.outputs[0].shape, (Shape{32, 16}));
  EXPECT_EQ(product.bytes_read, 2 * (32 * 64 + 64 * 16));
  EXPECT_EQ(product.bytes_written, 2 * 32 * 16);
  EXPECT_EQ(product.operations, 2 * 32 * 64 * 16 + 32 * 16) << "of the product, and of Relu";
}

TEST_F(EngineProfile, LeavesExtentsOutOfTensorsAndBytesOutOfWhatIsNotLaunched) {
  const report::ProfiledKernel reshape = kernel("n_y");
  EXPECT_FALSE(reshape.is_launched());
  EXPECT_EQ(reshape.inputs.size(), 1U) << "extents are no data";
  EXPECT_EQ(reshape.bytes_read + reshape.bytes_written, 0);
}

TEST_F(EngineProfile, HasIntervalsAroundEveryTimeAndAroundTheirSum) {
  const report::Profile profile = profiled();
  double widths = 0;
  for (const report::ProfiledKernel& each : profile.kernels) {
    if (!each.is_launched()) continue;
    EXPECT_LT(each.interval.lo_us, each.row.us);
    EXPECT_GT(each.interval.hi_us, each.row.us);
    widths += each.interval.hi_us - each.interval.lo_us;
  }
  EXPECT_LT(profile.interval.lo_us, profile.latency_us);
  EXPECT_GT(profile.interval.hi_us, profile.latency_us);
  EXPECT_LT(profile.interval.hi_us - profile.interval.lo_us, widths) << "errors average out";
}

TEST_F(EngineProfile, HasTheRoofsOfWhatTheProgramComputesIn) {
  const auto names = [&] {
    std::vector<std::string> all;
    for (const report::ComputeRoof& roof : profiled().compute_roofs) all.push_back(roof.name);
    return all;
  };
  EXPECT_EQ(names(), (std::vector<std::string>{"cube f16", "vector f16"}));
  options_.keep_dtype = file("keep.cfg", "n_m\nn_s\n");
  EXPECT_EQ(names(), (std::vector<std::string>{"cube f32", "vector f32"}));
  options_.soc_version = "Ascend310P3";
  EXPECT_EQ(names().front(), "cube f16") << "its cube has no fp32";
}

TEST_F(EngineProfile, ComputesRoofsFromThePeaksOfTheChip) {
  const report::Profile profile = profiled();
  // 20 cores of 4096 multiply-accumulates at 1800 MHz; 40 cores of 256 bytes.
  EXPECT_DOUBLE_EQ(profile.compute_roofs[0].operations_per_us, 2.0 * 4096 * 20 * 1800);
  EXPECT_DOUBLE_EQ(profile.compute_roofs[1].operations_per_us, 256.0 / 2 * 40 * 1800);
  ASSERT_EQ(profile.memory_roofs.size(), 2U);
  EXPECT_DOUBLE_EQ(profile.memory_roofs[0].gbs, 1759);
  EXPECT_DOUBLE_EQ(profile.memory_roofs[1].gbs, 110 * 20 * 1.8);
}

TEST_F(EngineProfile, KnowsWhetherCubeAndVectorUnitAreCoresOfTheirOwn) {
  EXPECT_TRUE(profiled().has_split_cores);
  options_.soc_version = "Ascend310P3";
  EXPECT_FALSE(profiled().has_split_cores);
}

TEST_F(EngineProfile, ComparesTwoListsByTheKernelsThatOnlyOneHas) {
  const std::filesystem::path two = file("two.cfg", "n_s\n");
  const report::ProfileDifference difference = compared(two);
  EXPECT_EQ(difference.before.variant, "force_fp16 on Ascend910B3, 0 of 5 nodes kept");
  EXPECT_TRUE(difference.after.variant.ends_with("(" + two.string() + ")"));
  EXPECT_NEAR(difference.us, difference.after.latency_us - difference.before.latency_us, 1e-9);
  double sum = 0;
  for (const report::KernelChange& change : difference.kernels) {
    sum += report::more_us(change);
    const report::KernelRow& row = change.after ? *change.after : *change.before;
    EXPECT_EQ(std::ranges::find(row.nodes, "n_m"), row.nodes.end()) << "it is in both";
  }
  EXPECT_NEAR(difference.us, sum, 1e-9);
  EXPECT_LT(difference.interval.lo_us, difference.us);
  EXPECT_GT(difference.interval.hi_us, difference.us);
}

TEST_F(EngineProfile, HasTheOppositeDifferenceTheOtherWayRound) {
  const std::filesystem::path one = file("one.cfg", "n_m\n");
  const std::filesystem::path two = file("two.cfg", "n_s\n");
  options_.keep_dtype = one;
  const report::ProfileDifference there = compared(two);
  options_.keep_dtype = two;
  const report::ProfileDifference back = compared(one);
  EXPECT_NEAR(there.us, -back.us, 1e-9);
  EXPECT_NEAR(there.interval.lo_us, -back.interval.hi_us, 1e-9);
  EXPECT_EQ(there.kernels.size(), back.kernels.size());
}

TEST_F(EngineProfile, FindsNoDifferenceOfAListFromItself) {
  options_.keep_dtype = file("one.cfg", "n_s\n");
  const report::ProfileDifference same = compared(*options_.keep_dtype);
  EXPECT_TRUE(same.is_empty());
  EXPECT_EQ(same.us, 0);
}

TEST_F(EngineProfile, GivesTheWarningsOfBothListsOnce) {
  options_.keep_dtype = file("one.cfg", "nobody\n");
  const auto warnings = [&](const std::filesystem::path& other) {
    return compare(options_, other)->warnings.size();
  };
  EXPECT_EQ(warnings(*options_.keep_dtype), 1U);
  EXPECT_EQ(warnings(file("two.cfg", "nothing\n")), 2U);
}

}  // namespace
}  // namespace keel::engine
