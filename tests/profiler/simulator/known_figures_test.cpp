#include "profiler/simulator/known_figures.h"

#include <gtest/gtest.h>

#include "profiler/simulator/timing.h"
#include "tests/profiler/simulator/chips.h"

namespace keel::simulator {
namespace {

ascend::Soc without(const std::string& field) {
  ascend::Soc soc = chip_910b2();
  soc.name = "Ascend310B1";
  soc.file = "configs/soc/Ascend310B1.json";
  soc.unknown = {{field, "the product page says LPDDR4X"}};
  return soc;
}

TEST(KnownFigures, SufficeWhereNoneIsUnknown) {
  EXPECT_EQ(missing_figure(chip_910b2()), nullptr);
  EXPECT_TRUE(check_predictable(chip_910b2()).ok());
}

TEST(KnownFigures, NameTheOneThatIsMissing) {
  const Status status = check_predictable(without("memory_gbs"));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::Unsupported);
  EXPECT_EQ(status.error().what,
            "times on Ascend310B1 cannot be predicted: its memory_gbs is unknown (the product page "
            "says LPDDR4X)");
  EXPECT_EQ(status.error().where, "configs/soc/Ascend310B1.json");
  EXPECT_EQ(status.error().fix,
            "add memory_gbs to configs/soc/Ascend310B1.json, or choose a chip whose times are "
            "predicted: 'keel devices' lists them");
}

TEST(KnownFigures, MayLackWhatTheModelDoesNotRead) {
  EXPECT_TRUE(check_predictable(without("ub_bytes")).ok());
  for (const char* field :
       {"l1_bytes", "l0a_bytes", "l0b_bytes", "l0c_bytes", "l2_bytes", "cube_cores",
        "cube_macs_hf32", "timing.l2_efficiency", "timing.relative_error"})
    EXPECT_FALSE(check_predictable(without(field)).ok()) << field;
  ascend::Soc both = without("ub_bytes");
  both.unknown.push_back({"l2_bytes", "nowhere"});
  ASSERT_NE(missing_figure(both), nullptr);
  EXPECT_EQ(missing_figure(both)->field, "l2_bytes");
}

TEST(KnownFiguresDeathTest, AreNotGuessedByATimeThatIsAskedForAllTheSame) {
  EXPECT_DEATH(cast_us(without("memory_gbs"), 1024, DType::F32, DType::F16), "missing_figure");
}

TEST(KnownFigures, WarnOnceThatConstantsAreThoseOfAnotherChip) {
  EXPECT_FALSE(extrapolation_warning(chip_910b2()).has_value());
  ascend::Soc soc = chip_910b2();
  soc.name = "Ascend910B4";
  soc.file = "configs/soc/Ascend910B4.json";
  soc.timing.extrapolated_from = "Ascend910B2";
  const std::optional<Error> warning = extrapolation_warning(soc);
  ASSERT_TRUE(warning.has_value());
  EXPECT_EQ(warning->what,
            "predicted times on Ascend910B4 are extrapolated from Ascend910B2: no kernel of "
            "Ascend910B4 was measured");
  EXPECT_EQ(warning->where, "configs/soc/Ascend910B4.json");
  EXPECT_EQ(warning->fix,
            "rank variants by them and trust no absolute figure, or measure the constants under "
            "'timing' and put them there");
}

}  // namespace
}  // namespace keel::simulator
