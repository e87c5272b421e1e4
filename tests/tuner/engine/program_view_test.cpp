#include "tuner/engine/program_view.h"

#include <map>

#include "tests/tuner/engine/opened_model.h"

namespace keel::engine {
namespace {

using onnx_io::ModelBuilder;

// x -> MatMul m -> Relu r -> Log l -> Transpose t -> Exp e -> Reshape y
ModelBuilder chain() {
  ModelBuilder model;
  auto& weight = model.input("x", {32, 64}).initializer("w", {64, 16}, onnx::TensorProto::FLOAT);
  for (int i = 0; i < 64 * 16; ++i) weight.add_float_data(0.5f);
  model.node("MatMul", {"x", "w"}, {"m"}).node("Relu", {"m"}, {"r"}).node("Log", {"r"}, {"l"});
  model.node("Transpose", {"l"}, {"t"}).node("Exp", {"t"}, {"e"});
  model.ints("flat", {512}).node("Reshape", {"e", "flat"}, {"y"});
  return model.output("y");
}

class ProgramViewOf : public OpenedModel {
 protected:
  ProgramViewOf() { write(chain()); }

  report::ProgramListing listed() const {
    Result<View<report::ProgramListing>> view = view_program(options_);
    EXPECT_TRUE(view.ok()) << (view.ok() ? "" : to_text(view.error()));
    return std::move(view->content);
  }

  const report::ProgramKernel& kernel(const std::string& node) {
    listing_ = listed();
    for (const report::ProgramKernel& each : listing_.kernels)
      if (std::ranges::find(each.row.nodes, node) != each.row.nodes.end()) return each;
    ADD_FAILURE() << "no kernel of " << node;
    return listing_.kernels.front();
  }

  std::vector<std::string> reasons() {
    std::vector<std::string> found;
    listing_ = listed();
    for (const report::ProgramKernel& each : listing_.kernels)
      for (const report::ProgramCast& cast : each.casts) found.push_back(reason(cast));
    return found;
  }

  report::ProgramListing listing_;
};

TEST_F(ProgramViewOf, ShowsNodesDtypesBytesAndTheTileOfAProduct) {
  const report::ProgramKernel& product = kernel("n_m");
  EXPECT_EQ(product.row.kernel_class, "cube");
  EXPECT_EQ(product.row.nodes, (std::vector<std::string>{"n_m", "n_r", "n_l"}));
  EXPECT_EQ(product.row.ascend_types, (std::vector<std::string>{"BatchMatMulV2", "Relu", "Log"}));
  EXPECT_EQ(product.row.compute, "f16");
  EXPECT_EQ(product.row.tile, (std::vector<std::int64_t>{16, 16}));
  EXPECT_EQ(product.row.dtypes_in, std::vector<std::string>{"f16"});
  EXPECT_EQ(product.row.dtypes_out, std::vector<std::string>{"f16"});
  EXPECT_EQ(product.bytes_read, 2 * (32 * 64 + 64 * 16));
  EXPECT_EQ(product.bytes_written, 2 * 32 * 16);
  ASSERT_EQ(product.members.size(), 3U);
  EXPECT_EQ(product.members[1].node, "n_r");
  EXPECT_EQ(product.members[1].ascend_type, "Relu");
  EXPECT_EQ(product.members[1].dtype, "f16");
  EXPECT_EQ(product.members[1].rule, "force_fp16");
  EXPECT_GT(product.row.us, 0);
}

TEST_F(ProgramViewOf, ShowsTheFormatTheChipMultipliesIn) {
  options_.keep_dtype = file("keep.cfg", "n_m\n");
  EXPECT_EQ(kernel("n_m").row.compute, "f32");
  options_.soc_version = "Ascend310P3";
  EXPECT_EQ(kernel("n_m").row.compute, "f16");
  EXPECT_EQ(kernel("n_m").members[0].dtype, "f32, multiplied in f16");
  EXPECT_TRUE(kernel("n_l").row.tile.empty());
}

// The mode decides nothing of a product that is fp16 in the file.
TEST_F(ProgramViewOf, ShowsAFormatTheChipHasOfAProductInTheModelsOwnDtype) {
  constexpr auto kHalf = onnx::TensorProto::FLOAT16;
  ModelBuilder model;
  model.input("x", {2, 3}, kHalf).input("w", {3, 4}, kHalf).node("MatMul", {"x", "w"}, {"m"});
  model.node("Cast", {"m"}, {"c"}).set("to", std::int64_t{onnx::TensorProto::FLOAT});
  write(model.node("Exp", {"c"}, {"y"}).output("y"));
  options_.soc_version = "Ascend310P3";
  EXPECT_EQ(kernel("n_m").row.compute, "f16");
}

TEST_F(ProgramViewOf, NamesWhatMovesElementsAndNotWhatRenamesExtents) {
  EXPECT_EQ(kernel("n_t").moved_by, std::vector<std::string>{"n_t"});
  const report::ProgramKernel& reshape = kernel("n_y");
  EXPECT_TRUE(reshape.moved_by.empty());
  EXPECT_EQ(reshape.row.kernel_class, "none");
  EXPECT_EQ(reshape.row.dtypes_in, std::vector<std::string>{"f16"}) << "extents are no data";
  EXPECT_EQ(reshape.bytes_read, 0);
  EXPECT_EQ(reshape.bytes_written, 0);
  EXPECT_TRUE(kernel("n_l").moved_by.empty());
}

TEST_F(ProgramViewOf, NamesTensorsThatAreNoWholeBlocksAroundAProductOnUnifiedCores) {
  ModelBuilder model;
  model.input("x", {1, 70, 64}).input("k", {1, 64, 70}).node("MatMul", {"x", "k"}, {"s"});
  write(model.node("Sin", {"s"}, {"y"}).output("y"));
  EXPECT_TRUE(kernel("n_s").relayouts.empty());
  options_.soc_version = "Ascend310P3";
  const std::vector<report::ProgramRelayout> found = kernel("n_s").relayouts;
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].extents, (std::array<std::int64_t, 2>{70, 64}));
  EXPECT_EQ(found[0].blocks, (std::array<std::int64_t, 2>{80, 64}));
  EXPECT_FALSE(found[0].is_result);
  EXPECT_EQ(found[0].tensor, "'x'") << "behind the cast to fp16";
  EXPECT_EQ(found[2].tensor, "result of 'n_s'");
  EXPECT_EQ(found[2].blocks, (std::array<std::int64_t, 2>{80, 80}));
  EXPECT_TRUE(found[2].is_result);
}

// A body that runs twice is two operators of one node, which one kernel computes.
TEST_F(ProgramViewOf, NamesANodeOnceThatAKernelComputesTwice) {
  ModelBuilder body;
  body.input("i", {}, ::onnx::TensorProto::INT64).input("go", {}, ::onnx::TensorProto::BOOL);
  body.input("v", {2, 2}).node("Exp", {"v"}, {"u"}).output("go").output("u");
  ModelBuilder model;
  model.input("x", {2, 2}).ints("n", {2});
  model.node("Loop", {"n", "", "x"}, {"y"}).set("body", body).output("y");
  write(model);
  const report::ProgramKernel& twice = kernel("n_u");
  EXPECT_EQ(report::count(listing_).launches, 3U) << "the kernel between two casts";
  ASSERT_EQ(twice.members.size(), 1U);
  EXPECT_EQ(twice.members[0].node, "n_u");
}

TEST_F(ProgramViewOf, SaysAtEachCastWhoHasWhichDtype) {
  options_.keep_dtype = file("keep.cfg", "n_l\nn_t\n");
  EXPECT_EQ(reasons(), (std::vector<std::string>{
                           "cast f32 -> f16: 'x' is an input in f32, 'n_m' is lowered (force_fp16)",
                           "cast f16 -> f32: 'n_r' is lowered (force_fp16), 'n_l' is kept "
                           "(keep.cfg:1)",
                           "cast f32 -> f16: 'n_t' is kept (keep.cfg:1), 'n_e' is lowered "
                           "(force_fp16)",
                           "cast f16 -> f32: 'n_y' is lowered (force_fp16), 'y' is an output in "
                           "f32"}));
}

TEST_F(ProgramViewOf, AddsUpTheTimesOfItsKernels) {
  double sum = 0;
  const report::ProgramListing program = listed();
  for (const report::ProgramKernel& each : program.kernels) sum += each.row.us;
  ASSERT_TRUE(program.latency_us.has_value());
  EXPECT_NEAR(*program.latency_us, sum, 1e-9 * sum);
}

TEST_F(ProgramViewOf, HasNoTimesWhereAFigureOfTheChipIsUnknown) {
  options_.soc_version = "Ascend310B1";
  const Result<View<report::ProgramListing>> view = view_program(options_);
  ASSERT_TRUE(view.ok());
  EXPECT_FALSE(view->content.latency_us.has_value());
  for (const Error& warning : view->warnings)
    EXPECT_EQ(warning.what.find("predicted"), std::string::npos) << warning.what;
}

TEST_F(ProgramViewOf, WarnsWhereTimesAreThoseOfAnotherChip) {
  const auto warnings = [&] {
    const Result<View<report::ProgramListing>> view = view_program(options_);
    return view.ok() ? view->warnings.size() : 99;
  };
  EXPECT_EQ(warnings(), 0U);
  options_.soc_version = "Ascend910B1";
  EXPECT_EQ(warnings(), 1U);
}

TEST_F(ProgramViewOf, ComparesTwoListsAndNamesBoth) {
  options_.keep_dtype = file("one.cfg", "n_l\n");
  const std::filesystem::path two = file("two.cfg", "n_l\nn_e\nnobody\n");
  const Result<View<report::ProgramDiff>> view = view_difference(options_, two);
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->content.before,
            "force_fp16 on Ascend910B3, 2 of 6 nodes kept (" + options_.keep_dtype->string() + ")");
  EXPECT_EQ(view->content.after,
            "force_fp16 on Ascend910B3, 4 of 6 nodes kept (" + two.string() + ")");
  ASSERT_EQ(view->content.nodes.size(), 2U);
  EXPECT_EQ(view->content.nodes[0].before.rule, "force_fp16");
  EXPECT_EQ(view->content.nodes[0].after.rule, "two.cfg:2");
  ASSERT_EQ(view->warnings.size(), 1U);
  EXPECT_EQ(view->warnings[0].where, two.string() + ":3");
}

TEST_F(ProgramViewOf, ComparesWithNoList) {
  const std::filesystem::path two = file("two.cfg", "n_e\n");
  const Result<View<report::ProgramDiff>> view = view_difference(options_, two);
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->content.before, "force_fp16 on Ascend910B3, 0 of 6 nodes kept");
  EXPECT_FALSE(view->content.is_empty());
}

}  // namespace
}  // namespace keel::engine
