#include "tuner/search/model_state.h"

#include <gtest/gtest.h>

#include <array>

#include "compiler/base/random.h"
#include "tests/tuner/search/synthetic_model.h"

namespace keel::search {
namespace {

TEST(ModelState, AgreesWithTheWholeModelAfterEveryFlip) {
  Rng rng(4);
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const Space space = random_space(seed, 20);
    const ErrorModel model = random_error_model(space, seed);
    ModelState state(space, model);
    for (int i = 0; i < 200; ++i) {
      state.flip(static_cast<UnitIndex>(rng.below(20)));
      const ModelPoint point = model_point(space, model, state.assignment());
      EXPECT_NEAR(state.latency_us(), point.latency_us, 1e-9);
      EXPECT_NEAR(state.squared_error(), point.squared_error, 1e-15);
      EXPECT_EQ(state.casts(), point.casts);
      if (i % 50 == 49) {  // on from another assignment
        Assignment x(20);
        for (std::uint8_t& bit : x) bit = static_cast<std::uint8_t>(rng.below(2));
        state.reset(x);
      }
    }
  }
}

TEST(ModelState, TakesFlipsBackExactly) {
  const Space space = random_space(9, 12);
  const ErrorModel model = random_error_model(space, 9);
  ModelState state(space, model);
  const Assignment before = state.assignment();
  const double latency_us = state.latency_us();
  bool has_looked = false;
  state.with_flips(std::array<UnitIndex, 2>{3, 4}, [&] {
    has_looked = true;
    EXPECT_NE(state.assignment(), before);
  });
  EXPECT_TRUE(has_looked);
  EXPECT_EQ(state.assignment(), before);
  EXPECT_EQ(state.latency_us(), latency_us);
  EXPECT_EQ(state.squared_error(), 0.0);
}

}  // namespace
}  // namespace keel::search
