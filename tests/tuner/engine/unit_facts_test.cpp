#include "tuner/engine/unit_facts.h"

#include "tests/tuner/engine/opened_model.h"

namespace keel::engine {
namespace {

using search::UnitState;

// x -> MatMul m -> Exp e -> Tanh t -> Sigmoid y
class DemandedUnits : public OpenedModel {
 protected:
  DemandedUnits() {
    onnx_io::ModelBuilder model;
    model.input("x", {2, 3}).input("w", {3, 4}).node("MatMul", {"x", "w"}, {"m"});
    model.node("Exp", {"m"}, {"e"}).node("Tanh", {"e"}, {"t"}).node("Sigmoid", {"t"}, {"y"});
    write(model.output("y"));
  }

  const UnitFacts& facts(const Target& target, const std::string& node) const {
    return target.units[index(unit_of(target, node))];
  }

  std::string error() const {
    const Result<Target> target = open_target(options_, std::nullopt);
    return target.ok() ? "no error" : to_text(target.error());
  }
};

TEST_F(DemandedUnits, AreLoweredByTheirWholeName) {
  options_.lower = {"n_[et]"};
  const Target target = open();
  EXPECT_EQ(target.free_units(), 2U);
  for (const char* node : {"n_e", "n_t"}) {
    EXPECT_EQ(facts(target, node).state, UnitState::Lowered);
    EXPECT_EQ(facts(target, node).reason, "lowered by --lower 'n_[et]'");
  }
  options_.lower = {"n_"};
  EXPECT_EQ(error(),
            "error: the name of no node that has a precision to choose matches 'n_'\n"
            "   at: --lower 'n_'\n"
            "  fix: the whole name must match, '.*' stands for any part; the nearest name is "
            "'n_m'");
}

TEST_F(DemandedUnits, NeedARegularExpression) {
  options_.gang = {"n_(e"};
  const std::string text = error();
  EXPECT_EQ(text.rfind("error: 'n_(e' is no regular expression: ", 0), 0U) << text;
  EXPECT_TRUE(
      text.ends_with("   at: --gang 'n_(e'\n"
                     "  fix: write one of ECMAScript, such as 'layer1/.*'"))
      << text;
}

TEST_F(DemandedUnits, AreNotLoweredAgainstTheKeepList) {
  options_.keep_dtype = file("keep.cfg", "n_m\nn_e\n");
  options_.lower = {".*_e"};
  EXPECT_EQ(error(),
            "error: 'n_e' is lowered by --lower '.*_e' and kept by keep.cfg:2 'n_e'\n"
            "   at: keep.cfg:2\n"
            "  fix: delete the line, or let the expression not match 'n_e'");
}

TEST_F(DemandedUnits, AgreeWithTheFirstOfTheirGang) {
  options_.gang = {"n_[ey]"};
  const Target target = open();
  const ir::UnitId first = unit_of(target, "n_e");
  EXPECT_FALSE(facts(target, "n_e").gang.has_value());
  EXPECT_EQ(facts(target, "n_y").gang, static_cast<search::UnitIndex>(index(first)));
  EXPECT_FALSE(facts(target, "n_t").gang.has_value());
}

TEST_F(DemandedUnits, OfGangsThatShareAUnitAllAgree) {
  options_.gang = {"n_[ty]", "n_[et]"};
  const Target target = open();
  const auto first = static_cast<search::UnitIndex>(index(unit_of(target, "n_e")));
  EXPECT_EQ(facts(target, "n_t").gang, first);
  EXPECT_EQ(facts(target, "n_y").gang, first);
}

TEST_F(DemandedUnits, AreFixedWithAFixedOneOfTheirGang) {
  options_.keep_dtype = file("keep.cfg", "n_y\n");
  options_.gang = {"n_[ey]"};
  const Target kept = open();
  EXPECT_EQ(facts(kept, "n_e").state, UnitState::Kept);
  EXPECT_EQ(facts(kept, "n_e").reason,
            "must agree with 'n_y' (--gang 'n_[ey]'), which is kept: kept by the owner's list "
            "(keep.cfg:1 'n_y')");
  EXPECT_FALSE(facts(kept, "n_e").owner_keeps);
  options_.keep_dtype.reset();
  options_.lower = {"n_e"};
  const Target lowered = open();
  EXPECT_EQ(facts(lowered, "n_y").state, UnitState::Lowered);
}

TEST_F(DemandedUnits, OfAGangAreNotFixedApart) {
  options_.keep_dtype = file("keep.cfg", "n_y\n");
  options_.lower = {"n_e"};
  options_.gang = {"n_[ey]"};
  EXPECT_EQ(error(),
            "error: 'n_e' is lowered (lowered by --lower 'n_e') and 'n_y' is kept (kept by the "
            "owner's list (keep.cfg:1 'n_y')), but must agree\n"
            "   at: --gang 'n_[ey]'\n"
            "  fix: let the expression match only one of them");
}

TEST_F(DemandedUnits, WarnWhereAGangHasOneUnit) {
  options_.gang = {"n_e"};
  const Target target = open();
  ASSERT_EQ(target.warnings.size(), 1U);
  EXPECT_EQ(to_text(target.warnings[0]),
            "error: only the unit of 'n_e' matches: it agrees with itself\n"
            "   at: --gang 'n_e'\n"
            "  fix: let the expression match nodes of several units");
}

// In a mixed mode Exp goes with the product, and Tanh with Exp.
TEST_F(DemandedUnits, AreLoweredWithWhatTheyFollow) {
  options_.mode = ascend::PrecisionMode::AllowMixPrecisionFp16;
  options_.lower = {"n_e"};
  const Target target = open();
  EXPECT_EQ(facts(target, "n_m").state, UnitState::Lowered);
  EXPECT_EQ(facts(target, "n_m").reason, "'n_e' is lowered with it, and lowered by --lower 'n_e'");
  EXPECT_EQ(facts(target, "n_t").state, UnitState::Free);
  options_.keep_dtype = file("keep.cfg", "n_m\n");
  EXPECT_NE(error().find("'n_e' is lowered by --lower 'n_e' and kept by keep.cfg:1 'n_m', which "
                         "keeps what it is lowered with"),
            std::string::npos)
      << error();
}

}  // namespace
}  // namespace keel::engine
