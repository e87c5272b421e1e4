#include "tuner/engine/target.h"

#include <algorithm>

#include "tests/tuner/engine/opened_model.h"

namespace keel::engine {
namespace {

// The notes on a model of one Relu.
std::vector<std::string> notes_on(std::int64_t opset) {
  onnx_io::ModelBuilder model(opset);
  model.input("x", {2, 3}).node("Relu", {"x"}, {"y"}).output("y");
  const onnx_io::TemporaryFolder folder;
  ModelOptions options;
  options.model = folder / "m.onnx";
  std::ofstream(options.model, std::ios::binary) << model.bytes();
  const Result<Target> target = open_target(options, std::nullopt);
  EXPECT_TRUE(target.ok());
  return target.ok() ? target->notes : std::vector<std::string>{};
}

TEST(Target, NotesAnOpsetThatTheVendorDoesNotParse) {
  EXPECT_EQ(notes_on(18), std::vector<std::string>{});
  for (const std::int64_t opset : {19, 20, 21, 22})
    EXPECT_EQ(notes_on(opset), std::vector{"note: the model is of opset " + std::to_string(opset) +
                                           "; the vendor's parser stops at 18"});
  EXPECT_EQ(notes_on(23),
            std::vector<std::string>{"note: the model is of opset 23, keel knows operators up to "
                                     "22; the vendor's parser stops at 18"});
}

// x -> MatMul m (white) -> Exp e (gray) -> Tanh y (gray)
TEST_F(OpenedModel, HasNoChoiceForWhatFollowsAUnitThatTheOwnerKeeps) {
  onnx_io::ModelBuilder model;
  model.input("x", {2, 3}).input("w", {3, 4}).node("MatMul", {"x", "w"}, {"m"});
  model.node("Exp", {"m"}, {"e"}).node("Tanh", {"e"}, {"y"}).output("y");
  write(model);
  options_.mode = ascend::PrecisionMode::AllowMixPrecisionFp16;
  EXPECT_EQ(open().free_units(), 3U);
  options_.keep_dtype = file("keep.cfg", "n_m\n");
  const Target target = open();
  EXPECT_EQ(target.free_units(), 0U);
  for (const char* follower : {"n_e", "n_y"})
    EXPECT_EQ(target.units[index(unit_of(target, follower))].state, search::UnitState::Original)
        << follower;
}

// x -> Log l -> Transpose t -> Transpose u -> Exp y: one unit of l, t and u.
class LoneLayout : public OpenedModel {
 protected:
  LoneLayout() {
    onnx_io::ModelBuilder model;
    model.input("x", {2, 3}).node("Log", {"x"}, {"l"}).node("Transpose", {"l"}, {"t"});
    model.node("Transpose", {"t"}, {"u"}).node("Exp", {"u"}, {"y"}).output("y");
    write(model);
  }
};

TEST_F(LoneLayout, IsNotTheUnitThatMakesItsData) {
  options_.keep_dtype = file("keep.cfg", "n_y\nn_t\n");
  const Target target = open();
  EXPECT_EQ(target.units[index(unit_of(target, "n_l"))].state, search::UnitState::Free);
  EXPECT_EQ(target.units[index(unit_of(target, "n_y"))].reason,
            "kept by the owner's list (keep.cfg:1 'n_y')");
  EXPECT_EQ(target.lone_layout, std::vector<std::string>{"n_t"});
  ASSERT_EQ(target.warnings.size(), 1U);
  EXPECT_EQ(to_text(target.warnings[0]),
            "error: 'n_t' moves elements only and is kept alone: keel shows it in the dtype of "
            "'n_l', which makes its data and is not kept\n   at: keep.cfg:2\n"
            "  fix: keep 'n_l' too, or delete the line");
}

TEST_F(LoneLayout, OfATypeLineIsToldOnce) {
  const std::string type = open().op_table.primary_type("Transpose");
  options_.keep_dtype = file("keep.cfg", "OpType::" + type + "\nn_u\n");
  const Target target = open();
  EXPECT_EQ(target.lone_layout, (std::vector<std::string>{"n_t", "n_u"}));
  ASSERT_EQ(target.warnings.size(), 1U);
  EXPECT_EQ(target.warnings[0].what.substr(0, 17), "'n_t' and 1 more ");
}

TEST_F(LoneLayout, IsNoneWhereItsUnitIsKept) {
  options_.keep_dtype = file("keep.cfg", "n_t\nn_l\n");
  const Target target = open();
  EXPECT_EQ(target.units[index(unit_of(target, "n_t"))].reason,
            "kept by the owner's list (keep.cfg:2 'n_l')");
  EXPECT_TRUE(target.lone_layout.empty());
  EXPECT_TRUE(target.warnings.empty());
}

}  // namespace
}  // namespace keel::engine
