#include <gtest/gtest.h>

#include <cmath>

#include "compiler/base/error_text.h"
#include "profiler/accuracy/metrics.h"

namespace keel::accuracy {
namespace {

std::string error_of(std::string_view text) {
  const Result<Requirement> requirement = parse_requirement(text);
  return requirement.ok() ? "no error" : to_text(requirement.error());
}

double violation_of(std::string_view text, double value) {
  return violation(*parse_requirement(text), value);
}

TEST(Requirement, IsParsedAndPrinted) {
  for (const std::string text : {"max_abs<=0.05", "top1_agreement>=0.99", "relative_l2<=1e-05"})
    EXPECT_EQ(to_text(*parse_requirement(text)), text);
  EXPECT_EQ(to_text(*parse_requirement("  cosine >= 0.9990 ")), "cosine>=0.999");
}

TEST(Requirement, IsOfOneOutputWhereItNamesOne) {
  const Requirement one = *parse_requirement("boxes:relative_l2<=1e-3");
  EXPECT_EQ(one.output, "boxes");
  EXPECT_EQ(one.metric, find_metric("relative_l2"));
  EXPECT_EQ(to_text(one), "boxes:relative_l2<=0.001");
  EXPECT_EQ(figure_name(one), "boxes:relative_l2");
  EXPECT_EQ(parse_requirement("add:0:cosine>=0.9")->output, "add:0");
  EXPECT_EQ(parse_requirement("a<b : max_abs <= 1")->output, "a<b");
  EXPECT_EQ(parse_requirement("max_abs<=1")->output, "");
  EXPECT_EQ(error_of("boxes:max_aps<=1"),
            "error: 'max_aps' is no metric\n"
            "   at: --require 'boxes:max_aps<=1'\n"
            "  fix: use 'max_abs' (nearest name), or one of: relative_l2, cosine, max_abs, "
            "top1_agreement, top1_accuracy");
}

std::vector<Port> ports(const std::vector<std::string>& names, DType dtype = DType::F32) {
  std::vector<Port> list;
  for (const std::string& name : names) list.push_back({name, {dtype, {2}}});
  return list;
}

TEST(Requirement, NamesTheFiguresOfAStudyEachOnce) {
  const std::vector<Requirement> requirements = {*parse_requirement("b:max_abs<=1"),
                                                 *parse_requirement("cosine>=0.5"),
                                                 *parse_requirement("b:max_abs<=2"),
                                                 *parse_requirement("a:cosine>=0.5"),
                                                 {&check_metric(), true, 0.5}};
  std::vector<std::string> expected = figure_names({});
  EXPECT_EQ(expected.size(), metrics().size());
  expected.insert(expected.end(), {"b:max_abs", "a:cosine", "check"});
  EXPECT_EQ(figure_names(requirements), expected);
  const std::vector<OutputMetric> list = *output_metrics(requirements, ports({"a", "b"}));
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].output, 1U);
  EXPECT_EQ(list[1].metric, find_metric("cosine"));
}

TEST(Requirement, ListsTheOutputsWhereItNamesAnother) {
  const Result<std::vector<OutputMetric>> list =
      output_metrics(std::vector{*parse_requirement("box:max_abs<=1")}, ports({"boxes", "scores"}));
  ASSERT_FALSE(list.ok());
  EXPECT_EQ(to_text(list.error()),
            "error: the model has no output 'box'\n"
            "   at: --require 'box:max_abs<=1'\n"
            "  fix: use one of its outputs: boxes, scores");
}

TEST(Requirement, IsRefusedWhereThereAreNoFloatsToJudge) {
  const std::vector<Requirement> of_all = {*parse_requirement("top1_agreement>=0.9")};
  const std::vector<Requirement> of_one = {*parse_requirement("label:top1_agreement>=0.9")};
  std::vector<Port> outputs = ports({"label"}, DType::I64);
  EXPECT_EQ(to_text(output_metrics(of_all, outputs).error()),
            "error: there are no floats to judge by it\n"
            "   at: --require 'top1_agreement>=0.9'\n"
            "  fix: use a metric of any numbers (relative_l2, cosine, max_abs), or --check with a "
            "command of yours");
  outputs.push_back({"score", {DType::F64, {2}}});
  EXPECT_TRUE(output_metrics(of_all, outputs).ok());
  EXPECT_FALSE(output_metrics(of_one, outputs).ok());
  EXPECT_TRUE(output_metrics(std::vector{*parse_requirement("label:max_abs<=1")}, outputs).ok());
}

TEST(Bound, IsParsedAndPrinted) {
  for (const std::string text : {"<=0.02", ">=-3"})
    EXPECT_EQ(to_text(*parse_bound(text, "--check_bound")), text);
  for (const std::string text : {"", "0.02", "<0.02", "<=", "<=x", ">=inf"}) {
    const Result<Bound> bound = parse_bound(text, "--check_bound");
    ASSERT_FALSE(bound.ok()) << text;
    EXPECT_EQ(to_text(bound.error()),
              "error: '" + text +
                  "' is no bound\n"
                  "   at: --check_bound\n"
                  "  fix: write '<=NUMBER' or '>=NUMBER', such as '<=0.02'");
  }
}

TEST(Requirement, NeedsADirection) {
  for (const char* text : {"max_abs<0.05", "max_abs=0.05", "max_abs", ""}) {
    EXPECT_EQ(error_of(text),
              "error: a requirement without '<=' or '>='\n"
              "   at: --require '" +
                  std::string(text) +
                  "'\n"
                  "  fix: write METRIC<=NUMBER or METRIC>=NUMBER, such as relative_l2<=0.01");
  }
}

TEST(Requirement, NeedsAKnownMetric) {
  EXPECT_EQ(error_of("max_aps<=1"),
            "error: 'max_aps' is no metric\n"
            "   at: --require 'max_aps<=1'\n"
            "  fix: use 'max_abs' (nearest name), or one of: relative_l2, cosine, max_abs, "
            "top1_agreement, top1_accuracy");
  EXPECT_EQ(error_of("zzzz<=1"),
            "error: 'zzzz' is no metric\n"
            "   at: --require 'zzzz<=1'\n"
            "  fix: use one of: relative_l2, cosine, max_abs, top1_agreement, top1_accuracy");
}

TEST(Requirement, BoundsFromTheWorseSide) {
  EXPECT_EQ(error_of("top1_agreement<=0.9"),
            "error: 'top1_agreement<=' bounds a metric of which more is better\n"
            "   at: --require 'top1_agreement<=0.9'\n"
            "  fix: write 'top1_agreement>=0.9'");
  EXPECT_EQ(error_of("max_abs>=0.9"),
            "error: 'max_abs>=' bounds a metric of which less is better\n"
            "   at: --require 'max_abs>=0.9'\n"
            "  fix: write 'max_abs<=0.9'");
}

TEST(Requirement, NeedsAFiniteBound) {
  for (const std::string bound : {"", "x", "0.5x", "nan", "inf", "1e999", "0.5%"}) {
    EXPECT_EQ(error_of("max_abs<=" + bound), "error: bound '" + bound +
                                                 "' is not a finite number\n"
                                                 "   at: --require 'max_abs<=" +
                                                 bound +
                                                 "'\n"
                                                 "  fix: write a number, such as 0.01 or 1e-2");
  }
}

TEST(Requirement, RefusesABoundNothingMeets) {
  EXPECT_EQ(error_of("cosine>=1.5"),
            "error: bound 1.5 is beyond 1, the best cosine there is\n"
            "   at: --require 'cosine>=1.5'\n"
            "  fix: write a bound that can be met, such as cosine>=0.99");
  EXPECT_EQ(error_of("max_abs<=-0.1"),
            "error: bound -0.1 is beyond 0, the best max_abs there is\n"
            "   at: --require 'max_abs<=-0.1'\n"
            "  fix: write a bound that can be met, such as max_abs<=0.01");
}

TEST(Violation, IsARatioToTheBound) {
  EXPECT_DOUBLE_EQ(violation_of("max_abs<=0.5", 0.75), 0.5);
  EXPECT_DOUBLE_EQ(violation_of("max_abs<=0.5", 0.25), -0.5);
  EXPECT_EQ(violation_of("max_abs<=0.5", 0.5), 0);
}

TEST(Violation, IsARatioToTheRoomBelowOne) {
  EXPECT_DOUBLE_EQ(violation_of("top1_agreement>=0.75", 0.5), 1);
  EXPECT_DOUBLE_EQ(violation_of("top1_agreement>=0.75", 1), -1);
  EXPECT_EQ(violation_of("top1_agreement>=0.75", 0.75), 0);
  EXPECT_DOUBLE_EQ(violation_of("top1_agreement>=1", 0.75), 0.25);
}

TEST(Violation, OfAZeroBoundIsZeroOrInfinite) {
  EXPECT_EQ(violation_of("max_abs<=0", 0), 0);
  EXPECT_EQ(violation_of("max_abs<=0", 1e-30), HUGE_VAL);
}

TEST(Violation, OfNanAndInfinityIsInfinite) {
  EXPECT_EQ(violation_of("max_abs<=0.5", NAN), HUGE_VAL);
  EXPECT_EQ(violation_of("cosine>=0.5", NAN), HUGE_VAL);
  EXPECT_EQ(violation_of("max_abs<=0.5", HUGE_VAL), HUGE_VAL);
}

}  // namespace
}  // namespace keel::accuracy
