#include "tuner/engine/mixed_variant.h"

#include <gtest/gtest.h>

#include "compiler/base/error_text.h"
#include "tests/compiler/onnx/model_builder.h"
#include "tuner/engine/question.h"
#include "tuner/engine/study_target.h"

namespace keel::engine {
namespace {

using onnx_io::ModelBuilder;
using onnx_io::TemporaryFolder;

// "16 32 -": the dtype of each node of the file.
std::string text(const std::vector<std::optional<DType>>& dtypes) {
  std::string joined;
  for (const std::optional<DType>& dtype : dtypes)
    joined += std::string(joined.empty() ? "" : " ") + (!dtype                 ? "-"
                                                        : *dtype == DType::F16 ? "16"
                                                                               : "32");
  return joined;
}

struct Opened {
  explicit Opened(const ModelBuilder& model, ascend::PrecisionMode mode,
                  const std::string& soc = "Ascend910B3") {
    options.model = folder / "m.onnx";
    options.mode = mode;
    options.soc_version = soc;
    std::ofstream(options.model, std::ios::binary) << model.bytes();
    Result<Target> opened = open_target(options, std::nullopt);
    EXPECT_TRUE(opened.ok()) << (opened.ok() ? "" : to_text(opened.error()));
    target.emplace(*std::move(opened));
  }

  // What is in fp16 where the units of these nodes are kept.
  std::string kept(const std::vector<std::string>& names) const {
    search::Assignment assignment;
    for (const UnitFacts& unit : target->units)
      assignment.push_back(std::ranges::find_first_of(unit.nodes, names) == unit.nodes.end());
    return text(node_dtypes(*target, assignment));
  }

  TemporaryFolder folder;
  ModelOptions options;
  std::optional<Target> target;
};

ModelBuilder product() {
  ModelBuilder model;
  model.input("x", {2, 2});
  auto& weight = model.initializer("w", {2, 2}, ::onnx::TensorProto::FLOAT);
  for (int i = 0; i < 4; ++i) weight.add_float_data(1);
  model.node("MatMul", {"x", "w"}, {"m"}).node("Identity", {"m"}, {"i"}).node("Exp", {"i"}, {"e"});
  model.node("Softmax", {"e"}, {"y"}).output("y");
  return model;
}

TEST(MixedVariant, LowersTheNodesOfLoweredUnits) {
  const Opened opened(product(), ascend::PrecisionMode::ForceFp16);
  EXPECT_EQ(opened.kept({}), "16 - 16 16");  // the Identity is in no unit
  EXPECT_EQ(opened.kept({"n_e"}), "16 - 32 16");
  EXPECT_EQ(opened.kept({"n_m", "n_e", "n_y"}), "32 - 32 32");
}

TEST(MixedVariant, TakesTheProductThatForceFp32LowersAsHalf) {
  EXPECT_EQ(Opened(product(), ascend::PrecisionMode::ForceFp32).kept({}), "16 - 32 32");
}

TEST(MixedVariant, TakesAKeptProductAsFloatOnACubeWithoutFp32) {
  EXPECT_EQ(Opened(product(), ascend::PrecisionMode::ForceFp16, "Ascend310P3").kept({"n_m"}),
            "32 - 16 16");
}

// A body that runs twice is two units of the same node; the Loop hands out what the second made.
TEST(MixedVariant, KeepsANodeOfWhichAnyUnitIsKept) {
  ModelBuilder body;
  body.input("i", {}, ::onnx::TensorProto::INT64).input("go", {}, ::onnx::TensorProto::BOOL);
  body.input("v", {2, 2}).node("Exp", {"v"}, {"u"}).output("go").output("u");
  ModelBuilder model;
  model.input("x", {2, 2}).ints("n", {2});
  model.node("Loop", {"n", "", "x"}, {"y"}).set("body", body).output("y");
  const Opened opened(model, ascend::PrecisionMode::ForceFp16);
  ASSERT_EQ(opened.target->units.size(), 2U);
  EXPECT_EQ(text(node_dtypes(*opened.target, {1, 1})), "16 16");
  EXPECT_EQ(text(node_dtypes(*opened.target, {1, 0})), "32 32");
  EXPECT_EQ(text(node_dtypes(*opened.target, {0, 1})), "16 32");
}

class MixedStudy : public testing::Test {
 protected:
  Result<MixedVariant> variant(const search::Assignment& assignment) {
    KEEL_TRY(const Target target, study_target(study_, command_, {}));
    return mixed_variant(target, assignment);
  }

  void make(const ModelBuilder& model, const std::string& shapes) {
    opened_.emplace(model, ascend::PrecisionMode::ForceFp16);
    TuneOptions options;
    options.model = opened_->options;
    study_.question = make_question(options, *opened_->target, {}, nullptr, {});
    for (const UnitFacts& unit : opened_->target->units)
      study_.units.push_back({unit.name, unit.nodes, unit.state, "", unit.positions});
    command_.model = opened_->options.model;
    command_.soc_version = "Ascend910B3";
    command_.input_shape = shapes;
  }

  std::string error_after(const std::string& entry, const std::string& value) {
    for (auto& [name, stored] : study_.question)
      if (name == entry) stored = value;
    const Result<MixedVariant> result = variant(search::Assignment(study_.units.size(), 1));
    return result.ok() ? "" : result.error().what + "; " + result.error().fix;
  }

  std::optional<Opened> opened_;
  study::Head study_;
  report::CompilerCommand command_;
};

TEST_F(MixedStudy, NamesNodesAndFoldsWhatTheCompilerFolds) {
  ModelBuilder model(9);
  model.input("x", {1, 1, 2, 2}).input("s", {}, ::onnx::TensorProto::FLOAT);
  model.initializer("w", {1, 1, 1, 1}, ::onnx::TensorProto::FLOAT).add_float_data(2);
  for (const char* name : {"scale", "shift", "mean", "variance"}) model.floats(name, {3});
  model.node("Conv", {"x", "w"}, {"c"});
  model.node("BatchNormalization", {"c", "scale", "shift", "mean", "variance"}, {"n"});
  model.set("epsilon", 1.0f).node("Mul", {"n", "s"}, {"y"}).output("y");
  make(model, "x:1,1,2,2;s:");  // a scalar has no extents
  const Result<MixedVariant> found = variant(search::Assignment(study_.units.size(), 1));
  ASSERT_TRUE(found.ok()) << to_text(found.error());
  EXPECT_EQ(found->nodes[1], "'n_n' (BatchNormalization)");
  EXPECT_EQ(text(found->request.dtypes), "16 16 16");
  ASSERT_EQ(found->request.folded.size(), 1U);
  // 2 * 3 / sqrt(3 + 1) and (0 - 3) * 3 / sqrt(3 + 1) + 3
  EXPECT_EQ(found->request.folded[0].weight.as<float>()[0], 3.0f);
  EXPECT_EQ(found->request.folded[0].bias.as<float>()[0], -1.5f);
}

TEST_F(MixedStudy, IsRefusedWhereItIsOfSomethingElse) {
  make(product(), "x:2,2");
  EXPECT_EQ(error_after("", ""), "");
  EXPECT_EQ(error_after("model", "another"),
            "the model is not the one the study was made with; give --model FILE, or repeat keel "
            "tune");
  EXPECT_EQ(error_after("operator_table", "another"),
            "the operator table is not the one the study was made with; repeat keel tune");
  EXPECT_EQ(error_after("soc_parameters", "another"),
            "the description of Ascend910B3 is not the one the study was made with; repeat keel "
            "tune");
  study_.question.clear();
  EXPECT_EQ(error_after("", ""),
            "the question of the study has no input_value; repeat the keel tune that made the "
            "study");
}

TEST_F(MixedStudy, IsRefusedWhereUnitsAreOthers) {
  make(product(), "x:2,2");
  study_.units[0].nodes[0] = "renamed";
  EXPECT_NE(error_after("", ""), "");
}

}  // namespace
}  // namespace keel::engine
