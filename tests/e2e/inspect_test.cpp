#include <filesystem>

#include "tests/e2e/tune_fixture.h"
#include "tests/places/places.h"

namespace keel::test {
namespace {

class FirstTrouble : public TuneFixture {};

// The tiny model has a Log whose floor is 0 in fp16.
TEST_F(FirstTrouble, IsNamed) {
  const Finished finished =
      run_keel({"inspect", "--model", folder_ / "tiny/model.onnx", "--data",
                folder_ / "tiny/samples", "--sort", "non_finite", "--top", "1", "--format", "csv"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_NE(finished.err.find("note: the first trouble is at node 'log' (Log): Inf or NaN in"),
            std::string::npos)
      << finished.err;
  EXPECT_NE(finished.out.find("\nsquare,Mul,"), std::string::npos) << finished.out;
}

struct Trouble {
  const char* model;
  const char* node;
};

class TroubleOfRealModels : public testing::TestWithParam<Trouble> {};

TEST_P(TroubleOfRealModels, IsNamed) {
  const std::filesystem::path folder = shared_folder() / "models" / GetParam().model;
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder << "; set KEEL_SHARED";
  const Finished finished =
      run_keel({"inspect", "--model", folder / "model.onnx", "--data", folder, "--top", "1"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  const std::size_t line = finished.err.find("note: the first trouble is at node");
  ASSERT_NE(line, std::string::npos) << finished.err;
  EXPECT_NE(finished.err.find(GetParam().node, line), std::string::npos) << finished.err;
}

INSTANTIATE_TEST_SUITE_P(Models, TroubleOfRealModels,
                         testing::Values(Trouble{"kwt1_speech", "'Log_31' (Log)"},
                                         Trouble{"magika_v3_3", "LayerNorm_1/"}),
                         [](const testing::TestParamInfo<Trouble>& parameter) {
                           return std::string(parameter.param.model);
                         });

}  // namespace
}  // namespace keel::test
