#include "tuner/engine/presets.h"

#include <gtest/gtest.h>

namespace keel::engine {
namespace {

TEST(Presets, StateTheirTrials) {
  EXPECT_EQ(find_preset("default")->trials(29), 187U);
  EXPECT_EQ(find_preset("quick")->trials(29), 44U);
  EXPECT_EQ(find_preset("thorough")->trials(29), 632U);
  EXPECT_EQ(presets().front().name, "default");
}

TEST(Presets, ListTheirNamesWhenOneIsUnknown) {
  const Result<Preset> preset = find_preset("fast");
  ASSERT_FALSE(preset.ok());
  EXPECT_EQ(preset.error().what, "no preset is named 'fast'");
  EXPECT_EQ(preset.error().where, "--preset");
  EXPECT_EQ(preset.error().fix, "use one of 'default', 'quick', 'thorough'");
}

TEST(Estimate, MultipliesOneEvaluation) {
  EXPECT_EQ(estimate(100, 0.31),
            "at most 100 trials; one full evaluation takes 0.31 s, so at most about 31 s, and less "
            "as trials share results");
  EXPECT_NE(estimate(200, 0.55).find("about 110 s,"), std::string::npos) << estimate(200, 0.55);
  EXPECT_NE(estimate(100, 6).find("about 10 min,"), std::string::npos) << estimate(100, 6);
  EXPECT_NE(estimate(400, 90).find("takes 90 s, so at most about 10.0 h,"), std::string::npos)
      << estimate(400, 90);
}

}  // namespace
}  // namespace keel::engine
