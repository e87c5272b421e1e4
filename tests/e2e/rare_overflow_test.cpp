#include "profiler/accuracy/split.h"
#include "tests/e2e/tune_fixture.h"
#include "tests/support/two_exponentials.h"

namespace keel::test {
namespace {

class RareOverflow : public TuneFixture {};

// The worst samples of all lowered are those in which exp_x overflows, and what stands for the rest
// lies in the middle of each quarter: none of the probing samples is the one that breaks exp_z.
TEST_F(RareOverflow, ShowsInTheProbeOfTheUnitThatHasIt) {
  constexpr std::size_t kSamples = 32;
  std::vector<std::size_t> others = accuracy::split_samples(kSamples, 0).ranking;
  const std::size_t rare = others.front();
  others.erase(others.begin());
  write_two_exponentials(folder_ / "two", kSamples, others, {rare});
  const Finished run = run_keel({"tune", "--model", folder_ / "two/model.onnx", "--data",
                                 folder_ / "two/samples", "--require", "relative_l2<=0.01",
                                 "--max_trials", "8", "--output", folder_ / "out"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.err.find("probes run on 8 samples"), std::string::npos) << run.err;
  const std::string probes = "SELECT state_name FROM trial WHERE phase_name = 'probe' AND ";
  EXPECT_EQ(query("out", probes + "assignment = '10'"), "non_finite");
  EXPECT_EQ(query("out", probes + "assignment = '01'"), "non_finite");
}

}  // namespace
}  // namespace keel::test
