#include "tuner/engine/unit_facts.h"

#include <algorithm>
#include <map>

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

/// Two iterations of a loop, each a MatMul m and an Exp e, and a Tanh z behind it.
class UnitsOfALoop : public OpenedModel {
 protected:
  UnitsOfALoop() {
    using ::onnx::TensorProto;
    onnx_io::ModelBuilder body;
    body.input("i", {}, TensorProto::INT64).input("go", {}, TensorProto::BOOL);
    body.input("v", {4, 4}).node("MatMul", {"v", "w"}, {"m"}).node("Exp", {"m"}, {"e"});
    body.node("Identity", {"go"}, {"on"}).output("on").output("e");
    onnx_io::ModelBuilder model;
    model.input("x", {4, 4}).input("w", {4, 4}).ints("two", {2});
    model.node("Loop", {"two", "", "x"}, {"y"}).set("body", body);
    write(model.node("Tanh", {"y"}, {"z"}).output("z"));
  }

  // The units of each gang that hold `node`, in order.
  std::vector<std::vector<std::size_t>> gangs_with(const Target& target, const std::string& node) {
    std::map<std::size_t, std::vector<std::size_t>> gangs;
    for (std::size_t u = 0; u < target.units.size(); ++u)
      if (std::ranges::count(target.units[u].nodes, node) > 0)
        gangs[target.units[u].gang.value_or(u)].push_back(u);
    std::vector<std::vector<std::size_t>> units;
    for (const auto& [first, members] : gangs) units.push_back(members);
    return units;
  }
};

// A keep list names a node, and with it each of its iterations.
TEST_F(UnitsOfALoop, AgreeWhereTheyAreOfOneNode) {
  const Target target = open();
  for (const char* node : {"n_m", "n_e"}) {
    const auto gangs = gangs_with(target, node);
    ASSERT_EQ(gangs.size(), 1U) << node;
    EXPECT_EQ(gangs[0].size(), 2U) << node;
  }
  EXPECT_NE(gangs_with(target, "n_m"), gangs_with(target, "n_e"));
  EXPECT_EQ(gangs_with(target, "n_z"), (std::vector<std::vector<std::size_t>>{{4}}));
}

TEST_F(UnitsOfALoop, AreInTheGangThatOneOfThemIsIn) {
  options_.gang = {"n_[ez]"};
  const Target target = open();
  const auto gangs = gangs_with(target, "n_z");
  ASSERT_EQ(gangs.size(), 1U);
  EXPECT_EQ(target.units[gangs[0][0]].gang, gangs_with(target, "n_e")[0][0]);
}

TEST_F(UnitsOfALoop, AreFixedTogether) {
  options_.keep_dtype = file("keep.cfg", "n_m\n");
  const Target target = open();
  const auto alone = gangs_with(target, "n_m");
  ASSERT_EQ(alone.size(), 2U);
  for (const std::vector<std::size_t>& unit : alone)
    EXPECT_EQ(target.units[unit[0]].state, UnitState::Kept);
}

// In a mixed mode the Exp of the first iteration follows what the owner keeps, that of the second
// the MatMul of the first.
TEST_F(UnitsOfALoop, ThatAreFixedFixNoOthers) {
  using ::onnx::TensorProto;
  onnx_io::ModelBuilder body;
  body.input("i", {}, TensorProto::INT64).input("go", {}, TensorProto::BOOL);
  body.input("v", {4, 4}).node("Exp", {"v"}, {"e"}).node("MatMul", {"e", "w"}, {"m"});
  body.node("Identity", {"go"}, {"on"}).output("on").output("m");
  onnx_io::ModelBuilder model;
  model.input("x", {4, 4}).input("w", {4, 4}).ints("two", {2});
  model.node("MatMul", {"x", "w"}, {"p"}).node("Loop", {"two", "", "p"}, {"y"}).set("body", body);
  write(model.output("y"));
  options_.mode = ascend::PrecisionMode::AllowMixPrecisionFp16;
  options_.keep_dtype = file("keep.cfg", "n_p\n");
  const Target target = open();
  std::vector<std::size_t> units;
  for (std::size_t u = 0; u < target.units.size(); ++u)
    if (std::ranges::count(target.units[u].nodes, "n_e") > 0) units.push_back(u);
  ASSERT_EQ(units.size(), 2U);
  EXPECT_NE(target.units[units[0]].state, UnitState::Free);
  EXPECT_EQ(target.units[units[1]].state, UnitState::Free);
  EXPECT_FALSE(target.units[units[1]].gang.has_value());
}

TEST_F(UnitsOfALoop, AgreeInTheirFormatToo) {
  options_.format = Format::Hf32;
  const Target target = open();
  std::vector<std::optional<search::UnitIndex>> gangs;
  for (const UnitFacts& unit : target.units)
    if (unit.format_of) gangs.push_back(unit.gang);
  ASSERT_EQ(gangs.size(), 2U) << "each of the two products";
  EXPECT_FALSE(gangs[0].has_value());
  EXPECT_EQ(gangs[1], static_cast<search::UnitIndex>(target.units.size() - 2));
}

}  // namespace
}  // namespace keel::engine
