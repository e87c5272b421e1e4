// Times of kernels of equal digests are looked up, so the digest must hold all that they depend on.

#include <gtest/gtest.h>

#include "compiler/base/error_text.h"
#include "compiler/base/random.h"
#include "profiler/simulator/kernel_times.h"
#include "tests/places/places.h"
#include "tuner/engine/target.h"

namespace keel::engine {
namespace {

TEST(VariantTimes, LookedUpAreThosePredicted) {
  ModelOptions options;
  options.model = test::source_folder() / "demo/model.onnx";
  const Result<Target> target = open_target(options, std::nullopt);
  ASSERT_TRUE(target.ok()) << to_text(target.error());
  simulator::KernelTimes times(target->soc);
  Rng rng(7);
  for (int variant = 0; variant < 60; ++variant) {
    search::Assignment x = target->owners_variant();
    for (std::size_t u = 0; u < x.size(); ++u)
      if (target->units[u].state == search::UnitState::Free)
        x[u] = static_cast<std::uint8_t>(rng.below(2));
    const Result<program::Program> program = target->prepared.compile(target->precisions(x));
    ASSERT_TRUE(program.ok());
    const simulator::Timeline predicted = simulator::predict(target->soc, *program);
    const simulator::Timeline looked_up = times.of(*program);
    EXPECT_EQ(looked_up.total_us, predicted.total_us) << variant;
    for (std::size_t k = 0; k < program->kernels.size(); ++k)
      EXPECT_EQ(looked_up.kernels[k].total_us, predicted.kernels[k].total_us)
          << variant << ": " << program->kernels[k].name;
  }
}

}  // namespace
}  // namespace keel::engine
