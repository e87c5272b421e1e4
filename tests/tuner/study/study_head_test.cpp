#include "tests/tuner/study/study_fixture.h"
#include "tuner/study/head.h"

namespace keel::study {
namespace {

Head head() { return {question(), units(), metric_names()}; }

TEST(StudyHead, DiffersFromItselfInNothing) { EXPECT_EQ(difference(head(), head()), ""); }

TEST(StudyHead, ListsEveryDifferenceWithBothValues) {
  Head now = head();
  now.question = {{"model", "00c0ffee"}, {"precision_mode", "force_fp32"}, {"samples", "48"}};
  now.units[0].state = search::UnitState::Kept;
  now.metrics = {"relative_l2"};
  EXPECT_EQ(difference(head(), now),
            "precision_mode is 'force_fp16' in the study, 'force_fp32' now; "
            "seed is '1' in the study, missing now; "
            "samples is missing in the study, '48' now; "
            "unit 0 is 'conv_1' (free, 2 nodes) in the study, 'conv_1' (kept, 2 nodes) now; "
            "the list of metrics is 'relative_l2, max_abs' in the study, 'relative_l2' now");
}

TEST(StudyHead, CountsUnitsWhereTheirNumberDiffers) {
  Head now = head();
  now.units.pop_back();
  EXPECT_EQ(difference(head(), now), "the number of units is 5 in the study, 4 now");
}

TEST(StudyHead, DoesNotCompareReasons) {
  Head now = head();
  now.units[1].reason = "kept by the owner's list (moved/keep.cfg:3 'OpType::Log')";
  EXPECT_EQ(difference(head(), now), "");
}

TEST(StudyHead, HasADigestOfEveryField) {
  std::vector<Head> heads(12, head());
  heads[1].question[0].second = "other";
  heads[2].question.pop_back();
  heads[3].units[0].name = "other";
  heads[4].units[0].nodes[1] = "other";
  heads[5].units[0].state = search::UnitState::Kept;
  heads[6].units[0].positions = {0, 9};
  heads[7].metrics.pop_back();
  heads[8].units[0].ascend_types[1] = "other";
  heads[9].units[1].suspicions.pop_back();
  heads[10].units[1].poles.pop_back();
  heads[11].units[1].poles[0].floor_is_lost = false;
  for (std::size_t i = 0; i < heads.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(digest(heads[i]), digest(heads[j])) << i << j;
}

TEST(StudyHead, NamesUnitStatesBothWays) {
  using search::UnitState;
  for (const UnitState state : {UnitState::Free, UnitState::Kept, UnitState::Lowered})
    EXPECT_EQ(unit_state_named(name(state)), state);
  EXPECT_EQ(unit_state_named("Kept"), std::nullopt);
}

}  // namespace
}  // namespace keel::study
