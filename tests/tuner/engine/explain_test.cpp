#include "tuner/engine/explain.h"

#include <gtest/gtest.h>

#include <array>

#include "compiler/base/error_text.h"
#include "tests/compiler/onnx/model_builder.h"
#include "tuner/engine/question.h"

namespace keel::engine {
namespace {

using search::UnitState;

// MatMul_0 (white) -> Softmax_1 (gray) -> Log_2 (black) -> Exp_3 (gray).
class MixedModel : public testing::Test {
 protected:
  MixedModel() {
    onnx_io::ModelBuilder model(17);
    model.input("x", {2, 3}).input("w", {3, 4});
    model.node("MatMul", {"x", "w"}, {"a"}).node("Softmax", {"a"}, {"b"});
    model.node("Log", {"b"}, {"c"}).node("Exp", {"c"}, {"y"}).output("y");
    constexpr std::array kNames = {"MatMul_0", "Softmax_1", "Log_2", "Exp_3"};
    for (int n = 0; n < 4; ++n)
      model.graph().mutable_node(n)->set_name(kNames.at(static_cast<std::size_t>(n)));
    options_.model = folder_ / "m.onnx";
    std::ofstream(options_.model, std::ios::binary) << model.bytes();
    options_.mode = ascend::PrecisionMode::AllowMixPrecisionFp16;
  }

  std::filesystem::path file(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return folder_ / name;
  }

  Target open() const {
    Result<Target> target = open_target(options_, std::nullopt);
    if (!target.ok()) ADD_FAILURE() << to_text(target.error());
    return *std::move(target);
  }

  // "f16 f32 ...": what each unit hands out.
  static std::string outputs(const Target& target, const search::Assignment& x) {
    std::string text;
    for (const ascend::Precision& precision : target.precisions(x))
      text += (text.empty() ? "" : " ") + std::string(name(precision.output));
    return text;
  }

  onnx_io::TemporaryFolder folder_;
  ModelOptions options_;
};

TEST_F(MixedModel, FreesWhatAKeepChangesAndFollowsTheRest) {
  const Target target = open();
  ASSERT_EQ(target.units.size(), 4U);
  EXPECT_EQ(target.units[0].state, UnitState::Free);
  EXPECT_EQ(target.units[1].state, UnitState::Free);
  EXPECT_EQ(target.units[1].follows, 0U);
  EXPECT_EQ(target.units[2].state, UnitState::Original);
  EXPECT_EQ(target.units[3].state, UnitState::Original);
  EXPECT_EQ(target.units[2].reason,
            "allow_mix_precision leaves Log, which is black-listed, in fp32 either way");
}

TEST_F(MixedModel, RealisesAKeepInTheFollowersToo) {
  const Target target = open();
  EXPECT_EQ(outputs(target, target.uniform(1)), "f16 f16 f32 f32");
  EXPECT_EQ(outputs(target, target.uniform(0)), "f32 f32 f32 f32");
  EXPECT_EQ(outputs(target, {1, 0, 0, 0}), "f16 f32 f32 f32");
  EXPECT_EQ(outputs(target, {0, 1, 0, 0}), "f32 f32 f32 f32") << "a follower is not lowered alone";
}

TEST_F(MixedModel, ComputesInBf16WhereTheModeSaysSo) {
  options_.mode = ascend::PrecisionMode::AllowMixPrecisionBf16;
  EXPECT_EQ(outputs(open(), open().uniform(1)), "bf16 bf16 f32 f32");
}

TEST_F(MixedModel, IsRefusedOnAChipWithoutItsDtype) {
  options_.mode = ascend::PrecisionMode::AllowMixPrecisionBf16;
  options_.soc_version = "Ascend310P3";
  const Result<Target> target = open_target(options_, std::nullopt);
  ASSERT_FALSE(target.ok());
  EXPECT_EQ(target.error().what,
            "allow_mix_precision_bf16 needs bf16, which Ascend310P3 does not have");
}

TEST_F(MixedModel, MovesTypesAsModifyMixlistSays) {
  options_.modify_mixlist =
      file("mix.json", R"({"black-list": {"to-add": ["SoftmaxV2"], "to-remove": ["Log"]}})");
  const Target target = open();
  EXPECT_EQ(outputs(target, target.uniform(1)), "f16 f32 f32 f32");
  EXPECT_EQ(target.units[1].state, UnitState::Original);
  EXPECT_TRUE(target.warnings.empty());
  options_.mode = ascend::PrecisionMode::ForceFp16;
  ASSERT_EQ(open().warnings.size(), 1U);
  EXPECT_EQ(open().warnings[0].what, "--modify_mixlist has no effect under force_fp16");
}

TEST_F(MixedModel, PutsCustomizedDtypesBeforeTheKeepList) {
  options_.keep_dtype = file("keep.cfg", "MatMul_0\n");
  EXPECT_EQ(outputs(open(), open().owners_variant()), "f32 f32 f32 f32");
  options_.customize_dtypes =
      file("c.cfg",
           "MatMul_0::InputDtype:float16,OutputDtype:float16\n"
           "OpType::BatchMatMulV2:InputDtype:float32,OutputDtype:float32\n");
  EXPECT_EQ(outputs(open(), open().owners_variant()), "f16 f16 f32 f32");
}

TEST_F(MixedModel, RefusesCustomizedDtypesWithoutAKernel) {
  options_.soc_version = "Ascend310P3";
  options_.customize_dtypes = file("c.cfg", "\nExp_3::InputDtype:bfloat16\n");
  const Result<Target> target = open_target(options_, std::nullopt);
  ASSERT_FALSE(target.ok());
  EXPECT_EQ(to_text(target.error()),
            "error: Exp of 'Exp_3' has no kernel of these dtypes on Ascend310P3\n   at: " +
                (folder_ / "c.cfg").string() +
                ":2\n  fix: give it dtypes it has, or delete the line");
}

TEST_F(MixedModel, KeepsInFp32WhatOpPrecisionModeSays) {
  options_.op_precision_mode =
      file("op.ini",
           "[ByNodeName]\nMatMul_0=enable_float_32_execution\nMatMul_9=high_precision\n"
           "Softmx_1=enable_float_32_execution\n");
  const Target target = open();
  EXPECT_EQ(outputs(target, target.uniform(1)), "f32 f32 f32 f32");
  ASSERT_EQ(target.warnings.size(), 2U);
  EXPECT_EQ(target.warnings[1].what, "'Softmx_1' names no operator of the fused model");
  EXPECT_EQ(target.warnings[1].fix, "use 'Softmax_1' (nearest name)");
}

TEST_F(MixedModel, AsksAnotherQuestionWithAnotherFile) {
  const auto question = [&] {
    TuneOptions tune;
    tune.model = options_;
    return make_question(tune, open(), {}, nullptr, {});
  };
  const study::Question plain = question();
  options_.op_precision_mode = file("op.ini", "[ByOpType]\n");
  const study::Question with_file = question();
  EXPECT_EQ(with_file.size(), plain.size() + 1);
  file("op.ini", "[ByOpType]\nExp=enable_float_32_execution\n");
  EXPECT_NE(question(), with_file);
}

TEST_F(MixedModel, ExplainsEveryRuleInOrder) {
  options_.keep_dtype = file("keep.cfg", "OpType::Log\n");
  const Result<std::string> text = explain(open(), "Softmax_1");
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(*text,
            "node 'Softmax_1': Softmax, at the vendor's SoftmaxV2, under allow_mix_precision on "
            "Ascend910B3\n"
            R"(outcome: f16 in, f16 out (D)
search:  free to keep or lower it, and lowered only with 'MatMul_0'
rules:
  1 (D) the model computes it in fp32
        source: the model
  2 (C) its type is not on the vendor's list of matrix operators: SoftmaxV2
        source: vendor source, precision selection
  3 (D) gray-listed: it goes with its predecessor: SoftmaxV2
        source: configs/ascend/op_info.json
  4 (C) its first data predecessor, Casts skipped, decides: 'MatMul_0' hands out f16
        source: vendor source, precision selection
)");
  const Result<std::string> kept = explain(open(), "Log_2");
  ASSERT_TRUE(kept.ok());
  EXPECT_NE(kept->find("kept: it has its own dtype, may be raised and not reduced: kept by the "
                       "owner's list (keep.cfg:1 'OpType::Log')"),
            std::string::npos)
      << *kept;
}

TEST_F(MixedModel, SaysWhichListTheOwnersFileMovedATypeTo) {
  options_.modify_mixlist = file("mix.json", R"({"black-list": {"to-add": ["SoftmaxV2"]}})");
  const Result<std::string> text = explain(open(), "Softmax_1");
  ASSERT_TRUE(text.ok());
  EXPECT_NE(text->find(": SoftmaxV2, moved there by --modify_mixlist\n"), std::string::npos)
      << *text;
}

TEST_F(MixedModel, NamesTheNearestOfAnUnknownNode) {
  const Result<std::string> text = explain(open(), "Softmax_2");
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().what, "the model has no node 'Softmax_2'");
  EXPECT_NE(text.error().fix.find("'Softmax_1'"), std::string::npos) << text.error().fix;
}

}  // namespace
}  // namespace keel::engine
