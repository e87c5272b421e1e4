#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

class TuneFrom : public TuneFixture {
 protected:
  int probes(const std::string& output) const {
    return std::stoi(query(output, "SELECT count(*) FROM trial WHERE phase_name = 'probe'"));
  }
};

// All units of the tiny model are among those that are probed again: what changes is that the
// study knows where it came from.
TEST_F(TuneFrom, AnEarlierStudyIsPartOfTheQuestion) {
  ASSERT_EQ(tune("first").exit_code, 0);
  const Finished again = tune("second", {"--seed", "2", "--from", folder_ / "first"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_NE(again.err.find("the earlier study knows"), std::string::npos) << again.err;
  EXPECT_LE(probes("second"), probes("first"));
  const Finished without = tune("second", {"--seed", "2"});
  EXPECT_EQ(without.exit_code, 2);
  EXPECT_NE(without.err.find("from"), std::string::npos) << without.err;
}

TEST_F(TuneFrom, AFolderWithoutAStudyIsAnError) {
  const Finished run = tune("out", {"--from", folder_ / "nothing"});
  EXPECT_EQ(run.exit_code, 2) << run.err;
  EXPECT_NE(run.err.find("nothing"), std::string::npos) << run.err;
}

}  // namespace
}  // namespace keel::test
